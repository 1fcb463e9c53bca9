/** The files by which a journal hears of a logout, run as integrators will run them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { servePhp } from '../support/php.js'
import { has } from '../support/require.js'
import { kitSettings, liesOf, messageOf } from '../support/server-messages.js'

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
  const leaving = kit.createLeaving({ ...kitSettings, signOut: (sid: string) => ended.push(sid) })
  const server = createServer((request, response) => void leaving(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sso-logout`
  return {
    ...{ address, ended: sid => Promise.resolve(ended.includes(sid) && leaving.isOver(sid)) },
    close: () => server.close().closeAllConnections(),
  }
}

async function openPhp(): Promise<Journal> {
  const php = await servePhp(['logout.php'], kitSettings, {
    pages: {
      'ended.php': "<?php require 'logout.php'; echo bridge_session_ended($_GET['sid']) ? 'yes' : 'no';",
    },
  })
  return {
    address: `${php.origin}/logout.php`,
    ended: async sid => (await (await fetch(`${php.origin}/ended.php?sid=${sid}`)).text()) === 'yes',
    close: () => php.close(),
  }
}

const said = { sub: 'x', sid: 'sid-1', events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }
const token = messageOf('logout+jwt', said, 120)

const send = async ({ address }: Journal, text: string): Promise<number> =>
  (await fetch(address, { method: 'POST', body: new URLSearchParams({ logout_token: text }) })).status

const lies = [
  ...liesOf(token, ['JWT', 'login-check+jwt']),
  ['no event', () => token({ events: {} })],
  ['a nonce', () => token({ nonce: 'x' })],
  ['no sid', () => token({ sid: 1 })],
] as const

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
