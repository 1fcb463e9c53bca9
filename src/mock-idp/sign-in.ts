/**
 * The steps of a sign-in, without HTTP: password, one-time code, capacity, answer.
 *
 *   password --right--> code --right--> capacity --chosen--> answer
 *            \__ person without second factor __/  \__ person without organisations
 */
import type { Capacity } from './attributes.js'
import { isTrick } from './faults.js'
import { answer, openSession, type Idp, type Login } from './idp.js'
import { personOfLogin, type TestPerson } from './people.js'

const CODE_LIFETIME = 3 * 60_000
const TRIES = 5

/** What the person did wrong, as the page says it. */
export class WrongInput extends Error {
  override readonly name = 'WrongInput'
}

export const WRONG_PASSWORD =
  'Неверный логин или пароль. Проверьте, что набираете их на той же раскладке, и попробуйте ещё раз.'
export const WRONG_CODE = 'Код неверный. Проверьте цифры и попробуйте ещё раз.'
export const CODE_EXPIRED = 'Код устарел. Мы сделали новый, введите его.'
export const CODE_SPENT = 'Слишком много неверных кодов. Мы сделали новый, введите его.'

export function sendCode(idp: Idp, login: Login): void {
  const digits = String(idp.chance.bytes(4).readUInt32BE() % 1_000_000).padStart(6, '0')
  login.code = { digits, expiresAt: idp.clock.now() + CODE_LIFETIME, triesLeft: TRIES }
}

export interface Credentials {
  readonly login: string
  readonly password: string
  readonly remember: boolean
  readonly fault: string
}

/** @throws WrongInput when the login is unknown or the password wrong: the page does not tell which */
export function enterPassword(idp: Idp, login: Login, given: Credentials): void {
  const person = personOfLogin(idp.people, given.login)
  if (!person || given.password !== idp.people.password) throw new WrongInput(WRONG_PASSWORD)
  login.person = person
  login.remember = given.remember
  if (isTrick(given.fault)) login.fault = given.fault
  if (person.secondFactor) {
    sendCode(idp, login)
    login.step = 'code'
  } else passSecondFactor(login, person)
}

/** @throws WrongInput when the code is wrong or old; old ones are replaced at once */
export function enterCode(idp: Idp, login: Login, typed: string): void {
  const { code, person } = login
  if (!code || !person) throw new Error('a code is asked for only after it was sent')
  if (code.expiresAt <= idp.clock.now()) {
    sendCode(idp, login)
    throw new WrongInput(CODE_EXPIRED)
  }
  if (typed.replace(/\s/g, '') === code.digits) {
    passSecondFactor(login, person)
    return
  }
  code.triesLeft -= 1
  if (code.triesLeft > 0) throw new WrongInput(WRONG_CODE)
  sendCode(idp, login)
  throw new WrongInput(CODE_SPENT)
}

/** The service provider's metadata may admit private persons only, or employees only. */
const admits = (login: Login, role: 'P' | 'E'): boolean => {
  const { globalRoles } = login.asked.provider
  return globalRoles.length === 0 || globalRoles.includes(role)
}

function passSecondFactor(login: Login, person: TestPerson): void {
  delete login.code
  const choices = capacities(login, person)
  if (choices.length <= 1) login.capacity = choices[0]?.capacity ?? { role: 'P' }
  login.step = choices.length > 1 ? 'capacity' : 'answer'
}

export interface CapacityChoice {
  /** `person`, or the organisation's ОГРН. */
  readonly value: string
  readonly capacity: Capacity
}

export function capacities(login: Login, person: TestPerson): readonly CapacityChoice[] {
  const employee = person.organisations.map(organisation => ({
    value: organisation.ogrn,
    capacity: { role: 'E', organisation } as const,
  }))
  return [
    ...(admits(login, 'P') ? [{ value: 'person', capacity: { role: 'P' } as const }] : []),
    ...(admits(login, 'E') ? employee : []),
  ]
}

export function chooseCapacity(login: Login, value: string): void {
  const chosen = login.person && capacities(login, login.person).find(one => one.value === value)
  if (!chosen) throw new WrongInput('Выберите, как войти.')
  login.capacity = chosen.capacity
  login.step = 'answer'
}

/** Opens the IdP's own session and makes the answer. @returns the session cookie's value */
export function finish(idp: Idp, login: Login, address: string): string {
  const { person, capacity } = login
  if (!person || !capacity) throw new Error('a sign-in is finished only by a person in some capacity')
  const key = openSession(idp, person, capacity, login.remember)
  login.answer = answer(idp, login.asked, idp.sessions.get(key), {
    address,
    ...(login.fault !== undefined && { fault: login.fault }),
  })
  return key
}
