/** The files that say for a journal whether a password fits, run as integrators will run them. */
import { spawn } from 'node:child_process'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { servePhp } from '../support/php.js'
import { environment, listening, MONO, startCsharp, startJava, startPython } from '../support/receivers.js'
import { has } from '../support/require.js'
import { kitSettings, liesOf, messageOf } from '../support/server-messages.js'

const settings = { ...kitSettings, home: 'http://localhost/diary/', requireState: true }

interface Journal {
  readonly address: string
  close(): void
}

async function openNode(): Promise<Journal> {
  const demo = projectFile('docs/integrators/node/demo.mjs')
  const { origin, close } = await listening(spawn(process.execPath, [demo, '0'], { env: environment(settings) }))
  return { address: `${origin}/sso-check`, close }
}

async function openPython(): Promise<Journal> {
  const { origin, close } = await startPython(settings)
  return { address: `${origin}/sso-check`, close }
}

async function openJava(): Promise<Journal> {
  const { origin, close } = await startJava(settings)
  return { address: `${origin}/sso-check`, close }
}

async function openCsharp(): Promise<Journal> {
  const { origin, close } = await startCsharp(settings)
  return { address: `${origin}/sso-check`, close }
}

async function openPhp(): Promise<Journal> {
  const php = await servePhp(['logout.php', 'message.php', 'old-login.php'], settings, {
    pages: {
      'password.php':
        "<?php function journal_login($login, $password, $school) { return $password === 'journal-' . $login ? $login : null; }",
    },
  })
  return { address: `${php.origin}/old-login.php`, close: () => php.close() }
}

const asked = { login: 'p-1001', password: 'journal-p-1001', school: 'school-1' }
const message = messageOf('login-check+jwt', asked)

async function ask({ address }: Journal, text: string): Promise<readonly [number, unknown]> {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ login_check: text }) })
  const said = await answer.text()
  return [answer.status, answer.status === 200 ? (JSON.parse(said) as unknown) : undefined]
}

const lies = [
  ...liesOf(message, ['JWT', 'logout+jwt', 'new-account+jwt']),
  ['a password that is no text', () => message({ password: ['journal-p-1001'] })],
  ['no school', () => message({ school: undefined })],
] as const

function suite(name: string, open: () => Promise<Journal>): void {
  describe(`a journal that checks old logins: ${name}`, () => {
    let journal: Journal
    before(async () => (journal = await open()))
    after(() => journal.close())

    for (const [lie, make] of lies)
      it(`${lie}: 400, neither yes nor no`, async () => {
        expect((await ask(journal, await make()))[0]).to.equal(400)
      })

    it('control: yes to the right password, no to others, and each message once', async () => {
      const text = await message()
      expect(await ask(journal, text)).to.deep.equal([200, { valid: true, login: 'p-1001' }])
      expect((await ask(journal, text))[0], 'the same again').to.equal(400)
      for (const wrong of [{ password: 'other' }, { login: 'nobody' }, { password: '' }])
        expect(await ask(journal, await message(wrong))).to.deep.equal([200, { valid: false }])
    })
  })
}

suite('Node.js', openNode)
if (has('php', 'php-cli')) suite('PHP', openPhp)
if (has('python3', 'python3')) suite('Python', openPython)
if (has('javac', 'default-jdk-headless')) suite('Java', openJava)
if (has('mcs', MONO) && has('mono', MONO)) suite('C#', openCsharp)
