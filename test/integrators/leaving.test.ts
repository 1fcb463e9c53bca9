/** The files by which a journal hears of a logout, run as integrators will run them. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import { projectFile } from '../../src/base/project-file.js'
import { has } from '../support/require.js'

const BRIDGE = 'https://vhod.school.example'
const SHARED = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
const settings = { bridge: BRIDGE, journal: 'sgo', audience: 'sgo', alg: 'HS256', key: SHARED }
const seconds = (): number => Math.floor(Date.now() / 1000)

interface Journal {
  readonly address: string
  /** Whether the session of this sid has ended. */
  ended(sid: string): Promise<boolean>
  close(): void
}

async function openNode(): Promise<Journal> {
  interface Leaving {
    (request: IncomingMessage, response: ServerResponse): Promise<void>
    isOver(sid: string): boolean
  }
  const kit = (await import(pathToFileURL(projectFile('docs/integrators/node/logout.mjs')).href)) as {
    readonly createLeaving: (settings: object) => Leaving
  }
  const ended: string[] = []
  const leaving = kit.createLeaving({ ...settings, signOut: (sid: string) => ended.push(sid) })
  const server = createServer((request, response) => void leaving(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sso-logout`
  return {
    ...{ address, ended: sid => Promise.resolve(ended.includes(sid) && leaving.isOver(sid)) },
    close: () => server.close().closeAllConnections(),
  }
}

async function openPhp(): Promise<Journal> {
  const folder = mkdtempSync(join(tmpdir(), 'leaving-'))
  copyFileSync(projectFile('docs/integrators/php/logout.php'), join(folder, 'logout.php'))
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...settings, usedFile: join(folder, 'used.txt') }))
  writeFileSync(
    join(folder, 'settings.php'),
    "<?php return json_decode(file_get_contents(__DIR__ . '/settings.json'), true);",
  )
  writeFileSync(
    join(folder, 'ended.php'),
    "<?php require 'logout.php'; echo bridge_session_ended($_GET['sid']) ? 'yes' : 'no';",
  )
  const php = spawn('php', ['-S', '127.0.0.1:0', '-t', folder])
  const port = await new Promise<string>((resolve, reject) => {
    php.once('exit', code => reject(new Error(`php ended with ${String(code)}`)))
    php.stderr.on('data', (chunk: Buffer) => {
      const [, found] = /127\.0\.0\.1:([0-9]+)\) started/.exec(chunk.toString()) ?? []
      if (found) resolve(found)
    })
  })
  const origin = `http://127.0.0.1:${port}`
  return {
    address: `${origin}/logout.php`,
    ended: async sid => (await (await fetch(`${origin}/ended.php?sid=${sid}`)).text()) === 'yes',
    close() {
      php.kill()
      rmSync(folder, { recursive: true })
    },
  }
}

const token = (claims: object = {}, header: object = {}, key = SHARED): Promise<string> =>
  new SignJWT({
    ...{ iss: BRIDGE, aud: 'sgo', iat: seconds(), exp: seconds() + 120, jti: randomUUID(), sub: 'x', sid: 'sid-1' },
    ...{ events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...claims },
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt', ...header })
    .sign(Buffer.from(key))

const send = async ({ address }: Journal, text: string): Promise<number> =>
  (await fetch(address, { method: 'POST', body: new URLSearchParams({ logout_token: text }) })).status

const lies: readonly [string, () => Promise<string>][] = [
  ['nothing', () => Promise.resolve('')],
  ['a key of their own', () => token({}, {}, 'x'.repeat(32))],
  ['a hand-off token', () => token({}, { typ: 'JWT' })],
  ['another audience', () => token({ aud: 'eljur' })],
  ['another issuer', () => token({ iss: 'https://evil.example' })],
  ['expired', () => token({ iat: seconds() - 300, exp: seconds() - 180 })],
  ['from the future', () => token({ iat: seconds() + 90 })],
  ['no event', () => token({ events: {} })],
  ['a nonce', () => token({ nonce: 'x' })],
  ['no sid', () => token({ sid: 1 })],
]

function suite(name: string, open: () => Promise<Journal>): void {
  describe(`a journal that hears of a logout: ${name}`, () => {
    let journal: Journal
    before(async () => (journal = await open()))
    after(() => journal.close())

    for (const [lie, make] of lies)
      it(`${lie}: 400, and nobody is signed out`, async () => {
        expect(await send(journal, await make())).to.equal(400)
        expect(await journal.ended('sid-1')).to.equal(false)
      })

    it('control: ends the session that is named, once', async () => {
      const text = await token()
      expect(await send(journal, text)).to.equal(200)
      expect([await journal.ended('sid-1'), await journal.ended('sid-2')]).to.deep.equal([true, false])
      expect(await send(journal, text), 'the same again').to.equal(400)
    })
  })
}

suite('Node.js', openNode)
if (has('php', 'php-cli')) suite('PHP', openPhp)
