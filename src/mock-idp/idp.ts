/** What the mock IdP remembers while it runs, and how it answers a service provider. All of it is lost with the process. */
import { createPrivateKey } from 'node:crypto'
import { randomId, randomXmlId, type Chance } from '../base/chance.js'
import type { Clock, Instant } from '../base/clock.js'
import type { Account, Accounts } from './accounts/account.js'
import type { Challenge } from './accounts/factors.js'
import type { Inbox } from './accounts/inbox.js'
import type { Locks } from './accounts/locks.js'
import type { PasswordCost } from './accounts/passwords.js'
import type { AuthnMethod, Capacity } from './attributes.js'
import type { People } from './people.js'
import { makeResponse, newNameId, type IdpKey } from './respond.js'
import type { ServiceProvider, ServiceProviders } from './service-provider.js'
import { legacyForm, modernForm, type SignatureForm, type Signer } from './sign.js'

const MINUTE = 60_000
/** From the request to the last page of the sign-in. */
export const LOGIN_LIFETIME = 30 * MINUTE
export const SESSION_LIFETIME = 8 * 60 * MINUTE
/** With «Запомнить меня». */
export const REMEMBERED_LIFETIME = 30 * 24 * 60 * MINUTE

/** The person is signed in at the IdP: a second service needs no password. */
export interface IdpSession {
  readonly account: Account
  readonly capacity: Capacity
  readonly authnMethod: AuthnMethod
  readonly authnInstant: Instant
  readonly sessionIndex: string
  /** The browser that signed in. */
  readonly device: string
  /** The transient NameID that each service provider got, by entityID. */
  readonly nameIds: Map<string, string>
  readonly endsAt: Instant
}

/** To whom the answer goes. */
export interface Asked {
  readonly provider: ServiceProvider
  readonly acsUrl: string
  readonly inResponseTo: string | undefined
  readonly relayState: string | undefined
}

/** What the auto-submitted form posts. */
export interface Answer {
  readonly to: string
  readonly response: string
  readonly relayState: string | undefined
}

/** One sign-in on its way. `step` names the page that the person sees; a step is never skipped. */
export interface Login {
  readonly id: string
  /** Undefined: only into the cabinet of the IdP itself. */
  readonly asked: Asked | undefined
  readonly expiresAt: Instant
  /** The browser that began it. */
  readonly device: string
  step: 'password' | 'method' | 'code' | 'capacity' | 'unsubscribed' | 'answer'
  account?: Account
  capacity?: Capacity
  authnMethod: AuthnMethod
  remember: boolean
  /** No code in this browser for a while, once the sign-in is done. */
  trust?: boolean
  fault?: string
  challenge?: Challenge
  /** Codes that a newer one has replaced. */
  readonly replaced: string[]
  /** Made once: the page may be loaded again, and posts the same answer. */
  answer?: Answer
}

export interface Idp {
  readonly entityId: string
  readonly baseUrl: string
  readonly keys: readonly [IdpKey, ...IdpKey[]]
  readonly people: People
  readonly accounts: Accounts
  readonly inbox: Inbox
  readonly locks: Locks
  readonly passwordCost: PasswordCost
  readonly providers: ServiceProviders
  readonly legacy: boolean
  readonly clock: Clock
  readonly chance: Chance
  /** Address of the bridge's `/login?journal=…` for a tile of the catalogue. */
  readonly journalLogin: string | undefined
  readonly logins: Map<string, Login>
  /** By the value of the cookie. */
  readonly sessions: Map<string, IdpSession>
}

export const signerOf = (idp: Idp): Signer => ({
  key: createPrivateKey(idp.keys[0].privateKeyPem),
  certificatePem: idp.keys[0].certificatePem,
})

export const formOf = (idp: Idp): SignatureForm => (idp.legacy ? legacyForm : modernForm)

function forget(map: Map<string, Login> | Map<string, IdpSession>, now: Instant): void {
  for (const [key, value] of map) {
    if (('endsAt' in value ? value.endsAt : value.expiresAt) <= now) map.delete(key)
  }
}

export function beginLogin(idp: Idp, asked: Asked | undefined, device: string): Login {
  const now = idp.clock.now()
  forget(idp.logins, now)
  const login: Login = {
    id: randomId(idp.chance),
    asked,
    expiresAt: now + LOGIN_LIFETIME,
    device,
    step: 'password',
    authnMethod: 'PWD',
    remember: false,
    replaced: [],
  }
  idp.logins.set(login.id, login)
  return login
}

export function findLogin(idp: Idp, id: string): Login | undefined {
  const login = idp.logins.get(id)
  return login && login.expiresAt > idp.clock.now() ? login : undefined
}

export function findSession(idp: Idp, key: string | undefined): IdpSession | undefined {
  const session = key === undefined ? undefined : idp.sessions.get(key)
  return session && session.endsAt > idp.clock.now() ? session : undefined
}

type SignedIn = Pick<IdpSession, 'account' | 'capacity' | 'authnMethod' | 'device'>

/** @returns the cookie's value */
export function openSession(idp: Idp, who: SignedIn, remembered: boolean): string {
  const now = idp.clock.now()
  forget(idp.sessions, now)
  const key = randomId(idp.chance)
  idp.sessions.set(key, {
    ...who,
    authnInstant: now,
    sessionIndex: randomXmlId(idp.chance),
    nameIds: new Map(),
    endsAt: now + (remembered ? REMEMBERED_LIFETIME : SESSION_LIFETIME),
  })
  return key
}

/** @param but the key of a session that stays open */
export function endSessionsOf(idp: Idp, account: Account, but?: string): void {
  for (const [key, session] of idp.sessions) {
    if (session.account === account && key !== but) idp.sessions.delete(key)
  }
}

function nameIdFor(idp: Idp, session: IdpSession, provider: string): string {
  const nameId = session.nameIds.get(provider) ?? newNameId(idp.chance)
  session.nameIds.set(provider, nameId)
  return nameId
}

/** @param session undefined answers with the error status `declined` */
export function answer(
  idp: Idp,
  asked: Asked,
  session: IdpSession | undefined,
  more: { readonly address: string; readonly fault?: string; readonly declined?: readonly string[] },
): Answer {
  const made = makeResponse({
    entityId: idp.entityId,
    key: idp.keys[0],
    serviceProvider: asked.provider,
    acsUrl: asked.acsUrl,
    inResponseTo: asked.inResponseTo,
    person: session?.account.person,
    ...(session && {
      capacity: session.capacity,
      authnMethod: session.authnMethod,
      nameId: nameIdFor(idp, session, asked.provider.entityId),
      sessionIndex: session.sessionIndex,
      authnInstant: session.authnInstant,
    }),
    ...more,
    now: idp.clock.now(),
    chance: idp.chance,
    legacy: idp.legacy,
  })
  return { to: asked.acsUrl, response: made.base64, relayState: asked.relayState }
}
