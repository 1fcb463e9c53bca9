/** Records for the contracts. The person's values occur nowhere else, so that a search for them proves something. */
import type { Instant } from '../../src/base/clock.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { RosterRecord } from '../../src/identity/roster.js'
import type { LogoutOrder, Notice, PendingLogout } from '../../src/login/logout-ports.js'
import type { Claim, Started } from '../../src/login/ports.js'
import type { Entered, Session, SessionKey } from '../../src/sessions/sessions.js'
import type { Person } from '../../src/words/person.js'
import type { Snils } from '../../src/words/snils.js'
import type { Store } from '../../src/store/open.js'

/** Opens an empty store; the contract closes it. */
export type Open = () => Promise<Store>

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const T0: Instant = Date.UTC(2026, 8, 1, 8)
export const limits = { idle: 15 * MINUTE, absolute: 8 * HOUR }

export const IDP = 'https://idp.gosuslugi.example/metadata'
export const NUMBER = 'D7FW-2NQ9' as RequestNumber
export const SNILS = '90000000182' as Snils
export const OTHER_SNILS = '11223344595' as Snils
export const THIRD_SNILS = '90000000384' as Snils

export const person: Person = {
  idp: IDP,
  userId: '1000777333',
  snils: SNILS,
  lastName: 'Ъюникова',
  firstName: 'Ёжика',
  middleName: 'Щукинична',
  birthDate: '1987-02-28',
  email: 'yunikova@pochta.example',
  mobile: '+7(900)7773331',
  level: 'confirmed',
  authnMethod: 'PWD',
  globalRole: 'P',
  authenticatedAt: T0 - 1_000,
}

export const key = (name: string): SessionKey => name as SessionKey

export const started = (id = 'login-1', change: Partial<Started> = {}): Started => ({
  id,
  requestId: `_${id}`,
  browser: 'browser-hash',
  idp: IDP,
  target: { kind: 'journal', journal: 'sgo', returnTo: 'https://sgo.example/diary/?who=Ъюникова', state: 'opaque-Ъ' },
  forced: false,
  number: NUMBER,
  startedAt: T0,
  expiresAt: T0 + 10 * MINUTE,
  ...change,
})

export const session = (name = 'session-1', change: Partial<Session> = {}): Session => ({
  key: key(name),
  person,
  nameId: { value: '_name-id-Ъюникова', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
  sessionIndex: '_index-777333',
  openedAt: T0,
  idleEndsAt: T0 + limits.idle,
  endsAt: T0 + limits.absolute,
  traceUntil: T0 + 24 * HOUR,
  number: NUMBER,
  entered: [],
  ...change,
})

export const claim = (change: Partial<Claim> = {}): Claim => ({
  login: 'login-1',
  now: T0 + MINUTE,
  assertion: { idp: IDP, id: '_assertion-1', rememberUntil: T0 + 10 * MINUTE },
  session: session(),
  events: [{ at: T0 + MINUTE, what: 'login.verified', result: 'ok', number: NUMBER }],
  ...change,
})

/** Signs somebody in; sessions are opened in no other way. */
export async function signIn(store: Store, opened: Session): Promise<void> {
  const login = `login-of-${opened.key}`
  await store.logins.start(started(login))
  const assertion = { idp: IDP, id: `_assertion-of-${opened.key}`, rememberUntil: T0 + 10 * MINUTE }
  await store.logins.claim(claim({ login, assertion, session: opened }))
}

export const entered = (accountId: string, change: Partial<Entered> = {}): Entered => ({
  journal: 'sgo',
  accountId,
  school: 'school-1',
  login: 'yunikova@pochta.example',
  role: 'parent',
  subject: 'subject-in-sgo',
  at: T0 + MINUTE,
  ...change,
})

export const pendingLogout = (change: Partial<PendingLogout> = {}): PendingLogout => ({
  id: 'logout-1',
  requestId: '_logout-1',
  browser: 'browser-hash',
  idp: IDP,
  number: NUMBER,
  then: { kind: 'journal', journal: 'sgo', returnTo: 'https://sgo.example/diary/?who=Ъюникова' },
  journals: [
    { journal: 'sgo', state: 'told' },
    { journal: 'other', state: 'never' },
  ],
  expiresAt: T0 + 10 * MINUTE,
  ...change,
})

export const logoutOrder = (change: Partial<LogoutOrder> = {}): LogoutOrder => ({
  idp: IDP,
  id: '_request-1',
  name: '_name-id-Ъюникова',
  sessionIndexes: [],
  issuedAt: T0 + 2 * MINUTE,
  rememberUntil: T0 + 20 * MINUTE,
  ...change,
})

export const notice = (id = 'notice-1', change: Partial<Notice> = {}): Notice => ({
  id,
  journal: 'sgo',
  subject: 'subject-in-sgo',
  sid: 'sid-in-sgo',
  number: NUMBER,
  since: T0,
  attempts: 0,
  ...change,
})

export const record = (login = 'yunikova', change: Partial<RosterRecord> = {}): RosterRecord => ({
  login,
  role: 'parent',
  person: { lastName: 'Ъюникова', firstName: 'Ёжика', middleName: 'Щукинична', birthDate: '1987-02-28' },
  snils: SNILS,
  email: 'yunikova@pochta.example',
  children: [
    { id: '501', name: 'Ъюников Яков', className: '5А' },
    { id: '502', name: 'Ъюникова Юлия' },
  ],
  ...change,
})

/** Fifty who come at the same moment. */
export const together = <T>(ask: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)))

/** Opens a store, hands it over, and closes it whatever happens. */
export const using = (open: Open, use: (store: Store) => Promise<void>) => async (): Promise<void> => {
  const store = await open()
  try {
    await use(store)
  } finally {
    await store.close()
  }
}

/** @returns what the promise was refused with; fails when it was not */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It should have failed.')
}

/** @returns a copy without some of its optional fields */
export function without<T extends object, K extends keyof T>(whole: T, ...names: readonly K[]): Omit<T, K> {
  const copy = { ...whole }
  for (const name of names) Reflect.deleteProperty(copy, name)
  return copy
}
