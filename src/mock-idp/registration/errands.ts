/** What waits for a code before anybody is signed in: a registration, or a new password. */
import { randomId, type Chance } from '../../base/chance.js'
import type { Clock, Instant } from '../../base/clock.js'
import { newDigits, TRIES } from '../accounts/factors.js'
import type { Inbox } from '../accounts/inbox.js'
import { CODE_EXPIRED, WRONG_CODE, WrongInput } from '../wrong-input.js'

const LIFETIME = 15 * 60_000
const CODE_LIFETIME = 3 * 60_000
const MOST = 1_000
const MOST_CODES = 5

export interface Errand<T> {
  readonly id: string
  /** What is done once the code is right. */
  readonly about: T
  readonly device: string
  readonly expiresAt: Instant
  readonly to: Recipient | undefined
  digits: string
  codeExpiresAt: Instant
  triesLeft: number
  codes: number
}

/** By which way the code goes; undefined where nobody is known: the pages are the same, and no code is right. */
export interface Recipient {
  readonly by: string
  readonly to: string
}

export class Errands<T> {
  readonly #all = new Map<string, Errand<T>>()
  readonly #with: { readonly clock: Clock; readonly chance: Chance; readonly inbox: Inbox }

  constructor(parts: { readonly clock: Clock; readonly chance: Chance; readonly inbox: Inbox }) {
    this.#with = parts
  }

  begin(about: T, device: string, to: Recipient | undefined): Errand<T> {
    const { clock, chance } = this.#with
    const [oldest] = this.#all.keys()
    if (this.#all.size >= MOST && oldest !== undefined) this.#all.delete(oldest)
    const id = randomId(chance)
    const expiresAt = clock.now() + LIFETIME
    const errand: Errand<T> = { id, about, device, expiresAt, to, digits: '', codeExpiresAt: 0, triesLeft: 0, codes: 0 }
    this.#all.set(id, errand)
    this.send(errand)
    return errand
  }

  /** @throws WrongInput when too many were asked for */
  send(errand: Errand<T>): void {
    const { clock, chance, inbox } = this.#with
    if (errand.codes >= MOST_CODES) {
      this.#all.delete(errand.id)
      throw new WrongInput('Слишком много кодов. Начните сначала.')
    }
    errand.codes += 1
    errand.digits = newDigits(chance)
    errand.codeExpiresAt = clock.now() + CODE_LIFETIME
    errand.triesLeft = TRIES
    if (errand.to) inbox.put(errand.device, { at: clock.now(), ...errand.to, text: `Код: ${errand.digits}. Никому его не говорите.` })
  } // prettier-ignore

  find(id: string): Errand<T> | undefined {
    const errand = this.#all.get(id)
    return errand && errand.expiresAt > this.#with.clock.now() ? errand : undefined
  }

  /** @throws WrongInput when it is wrong or old; an old or worn out one is replaced at once */
  check(errand: Errand<T>, code: string): void {
    const expired = errand.codeExpiresAt <= this.#with.clock.now()
    if (expired || errand.triesLeft <= 0) {
      this.send(errand)
      throw new WrongInput(CODE_EXPIRED)
    }
    errand.triesLeft -= 1
    if (errand.to === undefined || code.replace(/\s/g, '') !== errand.digits) throw new WrongInput(WRONG_CODE)
  }

  end(errand: Errand<T>): void {
    this.#all.delete(errand.id)
  }
}
