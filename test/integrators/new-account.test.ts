/** The files that make an account for the bridge, run as integrators will run them. */
import { spawn } from 'node:child_process'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { servePhp } from '../support/php.js'
import { environment, listening, startPython } from '../support/receivers.js'
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
  return { address: `${origin}/sso-create`, close }
}

async function openPython(): Promise<Journal> {
  const { origin, close } = await startPython(settings)
  return { address: `${origin}/sso-create`, close }
}

/** The example of the kit, over a file instead of a database. */
const account = `<?php
function journal_new_account($key, $sub, $school, $role, $person) {
    $file = __DIR__ . '/made.json';
    $made = is_file($file) ? json_decode(file_get_contents($file), true) : array();
    if (isset($made[$key])) return array('created' => true, 'login' => $made[$key]['login']);
    foreach ($made as $each) if ($each['who'] === "$school $sub") return array('created' => false, 'why' => 'exists');
    $made[$key] = array('who' => "$school $sub", 'login' => 'g-' . bin2hex(openssl_random_pseudo_bytes(5)));
    file_put_contents($file, json_encode($made));
    return array('created' => true, 'login' => $made[$key]['login']);
}`

async function openPhp(): Promise<Journal> {
  const php = await servePhp(['logout.php', 'message.php', 'new-account.php'], settings, {
    pages: {
      'account.php': account,
    },
  })
  return { address: `${php.origin}/new-account.php`, close: () => php.close() }
}

const wish = { key: 'key-1', sub: 'sub-1', school: 'school-1', role: 'parent', person: { lastName: 'Ёлкина' } }
const message = messageOf('new-account+jwt', wish)

async function ask(
  { address }: Journal,
  text: string,
): Promise<readonly [number, { created?: boolean; login?: string; why?: string } | undefined]> {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ new_account: text }) })
  const said = await answer.text()
  return [answer.status, answer.status === 200 ? (JSON.parse(said) as object) : undefined]
}

const lies = [
  ...liesOf(message, ['JWT', 'logout+jwt', 'login-check+jwt']),
  ['no key', () => message({ key: undefined })],
  ['a key that is no text', () => message({ key: ['key-1'] })],
  ['nobody', () => message({ sub: undefined })],
  ['no person', () => message({ person: 'Ёлкина' })],
  ['no school', () => message({ school: undefined })],
  ['no role', () => message({ role: undefined })],
] as const

function suite(name: string, open: () => Promise<Journal>): void {
  describe(`a journal that makes accounts: ${name}`, () => {
    let journal: Journal
    before(async () => (journal = await open()))
    after(() => journal.close())

    for (const [lie, make] of lies)
      it(`${lie}: 400, and no account`, async () => {
        expect((await ask(journal, await make()))[0]).to.equal(400)
      })

    it('control: one key is one account, each message counts once, and nobody gets a second one', async () => {
      const text = await message()
      const [status, first] = await ask(journal, text)
      expect([status, first?.created]).to.deep.equal([200, true])
      expect(first?.login).to.match(/^g-[0-9a-f]{10}$/)
      expect((await ask(journal, text))[0], 'the same message').to.equal(400)
      expect(await ask(journal, await message()), 'the same key again').to.deep.equal([200, first])
      const second = await ask(journal, await message({ key: 'key-2' }))
      expect(second, 'the same person under another key').to.deep.equal([200, { created: false, why: 'exists' }])
      const [, other] = await ask(journal, await message({ key: 'key-3', sub: 'sub-2' }))
      expect(other?.created).to.equal(true)
      expect(other?.login).not.to.equal(first?.login)
    })
  })
}

suite('Node.js', openNode)
if (has('php', 'php-cli')) suite('PHP', openPhp)
if (has('python3', 'python3')) suite('Python', openPython)
