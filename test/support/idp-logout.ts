/** The IdP's side of a logout, for tests that speak to a running bridge. */
import { createPrivateKey } from 'node:crypto'
import { systemChance } from '../../src/base/chance.js'
import type { LogoutFault } from '../../src/mock-idp/logout-faults.js'
import { makeLogout, type LogoutOrder, type MadeLogout, type Way } from '../../src/mock-idp/logout-request.js'
import { path } from '../../src/mock-idp/metadata.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { modernForm } from '../../src/mock-idp/sign.js'
import { sessionKey } from '../../src/sessions/session-key.js'
import type { Session } from '../../src/sessions/sessions.js'
import { Browser, Page } from './browser.js'
import type { TestTown } from './town.js'

/** The open session behind a browser's cookie. */
export async function sessionOf(town: TestTown, browser: Browser): Promise<Session> {
  const cookie = decodeURIComponent(browser.cookie(town.town.bridge, 'vhod-session') ?? '')
  const secret = /^s:([^.]+)\./.exec(cookie)?.[1] ?? ''
  const { sessions, clock } = town.bridge.web.ports
  const found = await sessions.find(sessionKey(secret), clock.now())
  if (!found) throw new Error('the browser has no open session')
  return found
}

export type Change = Partial<LogoutOrder> & { readonly fault?: LogoutFault }

export function logoutOf(town: TestTown, session: Session, by: Way, change: Change = {}): MadeLogout {
  const { privateKeyPem, certificatePem } = town.prepared.idp
  return makeLogout({
    entityId: town.town.idp + path.metadata,
    signer: { key: createPrivateKey(privateKeyPem), certificatePem },
    form: modernForm,
    provider: readServiceProvider(town.bridge.web.metadata()),
    by,
    nameId: session.nameId!.value,
    sessionIndexes: session.sessionIndex === undefined ? [] : [session.sessionIndex],
    relayState: 'back',
    now: town.clock.now(),
    chance: systemChance,
    ...change,
  })
}

/** Not a lie of the table: an honest request, but under an ID of the caller's choice. */
export const withId = (id: string): LogoutFault => ({
  name: 'same-id',
  title: 'another request under the ID of the first',
  refused: 'logout.replayed',
  draft: draft => ({ ...draft, id }),
})

/** Brings a message to the bridge: with the cookies of this browser, or by the IdP's own server. */
export async function bring(message: MadeLogout, browser = new Browser()): Promise<Page> {
  if (message.by === 'redirect') return browser.request('GET', new URL(message.to))
  if (message.by === 'post')
    return browser.request(
      'POST',
      new URL(message.to),
      new URLSearchParams(message.fields),
      new URL('http://idp.test/'),
    )
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  const answer = await fetch(message.to, { method: 'POST', headers, body: message.body })
  return new Page(new URL(message.to), answer.status, answer.headers, await answer.text())
}
