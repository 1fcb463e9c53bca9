/**
 * The steps of a sign-in, without HTTP: password, one-time code, capacity, answer.
 *
 *   password --right--> code --right--> capacity --chosen--> answer
 *            \__ without second factor, or a trusted browser __/  \__ person without organisations
 *
 * Before the first code an account chooses how to get it (`method`). A sign-in that began at a tile of the catalogue ends
 * at a question when that service is off (`unsubscribed`).
 */
import { isTrusted, remember, seeDevice, type Account, type Method } from './accounts/account.js'
import { provesKey } from './accounts/carrier.js'
import { challenge, judge, methodsOf, type Verdict } from './accounts/factors.js'
import { hashPassword, isOutdated, isPassword } from './accounts/passwords.js'
import type { Capacity } from './attributes.js'
import { isTrick } from './faults.js'
import { answer, openSession, type Idp, type Login } from './idp.js'
import type { TestPerson } from './people.js'
import { clockText, CODE_DENIED, CODE_EXPIRED, CODE_REPLACED, CODE_SPENT, CODE_WAITING, lockedText, WrongInput, WRONG_CODE, WRONG_PASSWORD, WRONG_PIN } from './wrong-input.js' // prettier-ignore

/** Milliseconds for which a browser is trusted. */
export const TRUSTED_FOR = 30 * 24 * 60 * 60_000
/** Codes that one sign-in may ask for. */
const MOST_CODES = 8

export interface Credentials {
  readonly login: string
  readonly password: string
  readonly remember: boolean
  readonly fault: string
}

/** Whoever is known has one door, however the login is written; what is not known has one by its letters. */
export const doorOf = (account: Account | undefined, typed: string): string =>
  account ? `account ${account.person.key}` : `typed ${typed.trim().toLowerCase()}`

/** A try is counted before it is looked at: a hundred at once are no more than five. @throws WrongInput */
function takeTry(idp: Idp, door: string): number {
  const until = idp.locks.until(door)
  if (until !== undefined) throw new WrongInput(lockedText(until, idp.clock.now()))
  return idp.locks.wrong(door)
}

/** @throws WrongInput always: the text says how many tries are left, and not whether login or password was wrong */
function refusePassword(idp: Idp, account: Account | undefined, left: number, device: string): never {
  const now = idp.clock.now()
  if (account) {
    remember(account, now, 'Неверный пароль', device)
    if (left === 0) remember(account, now, 'Вход закрыт: слишком много неверных паролей', device)
  }
  if (left === 0) throw new WrongInput(lockedText(idp.locks.until(doorOf(account, '')) ?? now + 15 * 60_000, now))
  throw new WrongInput(left <= 2 ? `${WRONG_PASSWORD} Осталось попыток: ${left}.` : WRONG_PASSWORD)
}

/** @param device name of the browser, for the history @throws WrongInput */
export async function enterPassword(idp: Idp, login: Login, given: Credentials, device: string): Promise<void> {
  const account = idp.accounts.find(given.login)
  const door = doorOf(account, given.login)
  const left = takeTry(idp, door)
  const hash = await (account?.password ?? idp.accounts.common)
  const right = await isPassword(given.password, hash)
  if (!account || !right) refusePassword(idp, account, left, device)
  idp.locks.open(door)
  if (isOutdated(hash, idp.passwordCost))
    account.password = await hashPassword(given.password, idp.passwordCost, idp.chance)
  enterAs(idp, login, account, given)
}

function enterAs(idp: Idp, login: Login, account: Account, given: Pick<Credentials, 'remember' | 'fault'>): void {
  login.account = account
  login.remember = given.remember
  if (isTrick(given.fault)) login.fault = given.fault
  const trusted = isTrusted(account, login.device, idp.clock.now())
  if (!account.settled) login.step = 'method'
  else if (account.method === 'none' || trusted || methodsOf(account).length === 0) passSecondFactor(login)
  else sendCode(idp, login, account.method)
}

/** Key and PIN are two factors: no code is asked for. @throws WrongInput */
export function enterBySignature(idp: Idp, login: Login, given: Credentials, device: string): void {
  const account = idp.accounts.find(given.login)
  const carrier = account?.carrier
  if (!account || !carrier || carrier.triesLeft <= 0 || !provesKey(carrier, given.password, idp.chance)) {
    if (account) remember(account, idp.clock.now(), 'Неверный PIN электронной подписи', device)
    throw new WrongInput(WRONG_PIN)
  }
  login.account = account
  login.remember = given.remember
  login.authnMethod = 'DS'
  passSecondFactor(login)
}

/** A code by this way, for this time; the one before it stops being right. @throws WrongInput */
export function sendCode(idp: Idp, login: Login, method?: Method): void {
  const { account, challenge: before } = login
  const way = method ?? before?.method
  if (!account || way === undefined || !methodsOf(account).includes(way)) throw new WrongInput('Выберите способ.')
  if (before?.digits !== undefined) login.replaced.push(before.digits)
  if (login.replaced.length >= MOST_CODES) {
    idp.locks.close(doorOf(account, ''))
    idp.logins.delete(login.id)
    throw new WrongInput('Слишком много кодов за один вход. Начните вход заново через 15 минут.')
  }
  login.challenge = challenge(idp, account, way, login.device)
  login.step = 'code'
}

/** At the first sign-in: by which way codes come from now on. @throws WrongInput */
export function chooseMethod(idp: Idp, login: Login, method: Method): void {
  sendCode(idp, login, method)
  if (login.account) login.account.method = method
}

const wrongCode: Readonly<Partial<Record<Verdict, string>>> = {
  wrong: WRONG_CODE,
  expired: CODE_EXPIRED,
  replaced: CODE_REPLACED,
  waiting: CODE_WAITING,
}

export interface CodeGiven {
  readonly code: string
  /** No code here for the next thirty days. */
  readonly trust: boolean
}

/** @throws WrongInput when the code is wrong, old or used up; old and used up ones are replaced at once */
export async function enterCode(idp: Idp, login: Login, given: CodeGiven, device: string): Promise<void> {
  const { account, challenge: asked } = login
  if (!account || !asked) throw new Error('a code is asked for only after it was sent')
  const replaced = login.replaced.includes(given.code.replace(/\s/g, '')) && given.code !== asked.digits
  const verdict = replaced ? 'replaced' : await judge(idp, account, asked, given.code)
  if (verdict === 'right') {
    account.settled = true
    login.trust = given.trust
    passSecondFactor(login)
    return
  }
  if (verdict === 'denied') throw refuseLogin(idp, login, account, device)
  const spent = verdict === 'wrong' && asked.triesLeft <= 0
  if (spent) remember(account, idp.clock.now(), 'Слишком много неверных кодов', device)
  if (spent || verdict === 'expired') sendCode(idp, login)
  throw new WrongInput(spent ? CODE_SPENT : (wrongCode[verdict] ?? WRONG_CODE))
}

/** «Это не я»: the sign-in is over, and so is the password. */
function refuseLogin(idp: Idp, login: Login, account: Account, device: string): WrongInput {
  remember(account, idp.clock.now(), 'Вход отклонён в приложении: «Это не я»', device)
  login.step = 'password'
  delete login.account
  delete login.challenge
  return new WrongInput(CODE_DENIED)
}

/** The service provider's metadata may admit private persons only, or employees only. */
const admits = (login: Login, role: 'P' | 'E'): boolean => {
  const globalRoles = login.asked?.provider.globalRoles ?? ['P']
  return globalRoles.length === 0 || globalRoles.includes(role)
}

function passSecondFactor(login: Login): void {
  const { account } = login
  if (!account) throw new Error('nobody has signed in')
  delete login.challenge
  const choices = capacities(login, account.person)
  if (choices.length > 1) login.step = 'capacity'
  else enterIn(login, choices[0]?.capacity ?? { role: 'P' })
}

/** The last question is whether the service that was chosen in the catalogue is on. */
function enterIn(login: Login, capacity: Capacity): void {
  login.capacity = capacity
  const fromCatalogue = login.asked !== undefined && login.asked.inResponseTo === undefined
  login.step = fromCatalogue && login.account?.subscribed === false ? 'unsubscribed' : 'answer'
}

export function subscribe(login: Login): void {
  if (login.account) login.account.subscribed = true
  login.step = 'answer'
}

export interface CapacityChoice {
  /** `person`, or the ОГРН of the organisation, or the ОГРНИП. */
  readonly value: string
  readonly capacity: Capacity
}

export function capacities(login: Login, person: TestPerson): readonly CapacityChoice[] {
  const { ogrnip } = person
  const employee: readonly CapacityChoice[] = [
    ...(ogrnip === undefined ? [] : [{ value: ogrnip, capacity: { role: 'E', ogrnip } as const }]),
    ...person.organisations.map(organisation => ({
      value: organisation.ogrn,
      capacity: { role: 'E', organisation } as const,
    })),
  ]
  return [
    ...(admits(login, 'P') ? [{ value: 'person', capacity: { role: 'P' } as const }] : []),
    ...(admits(login, 'E') ? employee : []),
  ]
}

export function chooseCapacity(login: Login, value: string): void {
  const { account } = login
  const chosen = account && capacities(login, account.person).find(one => one.value === value)
  if (!chosen) throw new WrongInput('Выберите, как войти.')
  enterIn(login, chosen.capacity)
}

/** Opens the IdP's own session and makes the answer. @returns the session cookie's value */
export function finish(idp: Idp, login: Login, address: string, device: string): string {
  const { account, capacity, asked, authnMethod } = login
  if (!account || !capacity) throw new Error('a sign-in is finished only by a person in some capacity')
  const now = idp.clock.now()
  const isNew = seeDevice(account, login.device, device, now)
  if (login.trust) account.devices.find(one => one.id === login.device)!.trustedUntil = now + TRUSTED_FOR
  const where = asked ? new URL(asked.acsUrl).host : 'личный кабинет'
  remember(account, now, `Вход: ${where}${authnMethod === 'DS' ? ', электронная подпись' : ''}`, device)
  if (isNew) idp.inbox.put(login.device, { at: now, by: 'Приложение', to: account.person.firstName, text: `Вход с нового устройства: ${device}, ${clockText(now)}.` }) // prettier-ignore
  const key = openSession(idp, { account, capacity, authnMethod, device: login.device }, login.remember)
  if (asked) {
    const fault = login.fault === undefined ? {} : { fault: login.fault }
    login.answer = answer(idp, asked, idp.sessions.get(key), { address, ...fault })
  }
  return key
}
