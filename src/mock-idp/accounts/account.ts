/** An account at the mock IdP: the person of the file, and everything that changes while the program runs. */
import type { Chance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import { personOfLogin, type People, type TestPerson } from '../people.js'
import type { Carrier } from './carrier.js'
import { hashPassword, type PasswordCost, type PasswordHash } from './passwords.js'

/** How a person proves a second time that it is them. */
export const methods = ['sms', 'email', 'call', 'push', 'totp', 'question', 'token'] as const
export type Method = (typeof methods)[number]

/** A browser from which the account was entered. */
export interface Device {
  readonly id: string
  readonly name: string
  readonly firstSeen: Instant
  lastSeen: Instant
  /** Until then no second factor is asked for here. */
  trustedUntil?: Instant
}

export interface HistoryLine {
  readonly at: Instant
  readonly what: string
  /** The browser, or where it was done. */
  readonly where: string
}

export interface Account {
  person: TestPerson
  /** A promise while it is being computed. */
  password: PasswordHash | Promise<PasswordHash>
  /** Asked for first; `none` goes without. */
  method: Method | 'none'
  /** False until a way was chosen at the first sign-in. */
  settled: boolean
  totp?: { readonly secret: Buffer; lastStep: number }
  question?: { readonly text: string; readonly answer: PasswordHash | Promise<PasswordHash> }
  token?: { readonly secret: Buffer; next: number; pressed: number }
  carrier?: Carrier
  readonly devices: Device[]
  readonly history: HistoryLine[]
  /** Whether the tile of the e-journal is on. */
  subscribed: boolean
}

const MOST_LINES = 50
const MOST_DEVICES = 20

export function remember(account: Account, at: Instant, what: string, where: string): void {
  account.history.unshift({ at, what, where })
  account.history.splice(MOST_LINES)
}

/** The device becomes known, or was seen again. @returns whether it is new */
export function seeDevice(account: Account, id: string, name: string, at: Instant): boolean {
  const known = account.devices.find(device => device.id === id)
  if (known) known.lastSeen = at
  else {
    account.devices.unshift({ id, name, firstSeen: at, lastSeen: at })
    account.devices.splice(MOST_DEVICES)
  }
  return known === undefined
}

export const isTrusted = (account: Account, device: string, at: Instant): boolean =>
  account.devices.some(({ id, trustedUntil }) => id === device && trustedUntil !== undefined && trustedUntil > at)

/** A hardware token's secret comes with the token: drawn from its number, so that it is the same after every start. */
const tokenSecret = (serial: string): Buffer => Buffer.from(`mock token ${serial}`.padEnd(20, '.')).subarray(0, 20)

export interface Making {
  readonly cost: PasswordCost
  readonly chance: Chance
}

/** As it is compared: capitals, ё and spaces do not count. */
export const plainAnswer = (text: string): string => text.trim().toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ')

export const hashAnswer = (text: string, { cost, chance }: Making): Promise<PasswordHash> =>
  hashPassword(plainAnswer(text), cost, chance)

function accountOf(person: TestPerson, password: Account['password'], making: Making): Account {
  return {
    person,
    password,
    method: person.secondFactor ? 'sms' : 'none',
    settled: true,
    ...(person.question && {
      question: { text: person.question.text, answer: hashAnswer(person.question.answer, making) },
    }),
    ...(person.token !== undefined && { token: { secret: tokenSecret(person.token), next: 0, pressed: 0 } }),
    ...(person.signaturePin !== undefined && { carrier: { pin: person.signaturePin, triesLeft: 3 } }),
    devices: [],
    history: [],
    subscribed: true,
  }
}

/** New accounts give way when somebody registers them by the thousand. */
const MOST_ACCOUNTS = 1_000

export class Accounts {
  readonly #all: Account[]
  readonly #seeded: number
  /** Of the test people's password: also checked when nobody has the login, so that time tells nothing. */
  readonly common: Promise<PasswordHash>

  constructor(people: People, making: Making) {
    this.common = hashPassword(people.password, making.cost, making.chance)
    this.#all = people.all.map(person => accountOf(person, this.common, making))
    this.#seeded = this.#all.length
  }

  /** @param login telephone, e-mail or СНИЛС, in whatever form people type it */
  find(login: string): Account | undefined {
    const person = personOfLogin({ all: this.#all.map(account => account.person) }, login)
    return person && this.#all.find(account => account.person === person)
  }

  get persons(): readonly TestPerson[] {
    return this.#all.map(account => account.person)
  }

  /** Not in use yet: no way is chosen for the second factor, no service is switched on. */
  add(person: TestPerson, password: PasswordHash, making: Making): Account {
    const account: Account = { ...accountOf(person, password, making), settled: false, subscribed: false }
    if (this.#all.length >= this.#seeded + MOST_ACCOUNTS) this.#all.splice(this.#seeded, 1)
    this.#all.push(account)
    return account
  }
}
