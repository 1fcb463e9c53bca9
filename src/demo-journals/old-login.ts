/** The bridge's server asks whether a login and a password of this journal belong together: no browser, no cookie. */
import type { Request, Response } from 'express'
import type { Instant } from '../base/clock.js'
import type { Desk } from './arrival.js'
import { Denial } from './denials.js'
import type { People } from './people.js'
import { SKEW_S, verifyLoginCheck } from './token.js'

/** A real journal keeps salted hashes; everybody knows the passwords of this one. */
export const demoPassword = (login: string): string => `journal-${login}`

const MOST_WRONG = 5
const LOCKED_FOR = 15 * 60_000

/** As journals do: after five wrong passwords the account is locked, and the right one helps no more. */
export class Locks {
  readonly #wrong = new Map<string, Instant[]>()

  isLocked(account: string, now: Instant): boolean {
    const wrong = this.#wrong.get(account)?.filter(at => at + LOCKED_FOR > now) ?? []
    return wrong.length >= MOST_WRONG
  }

  tried(account: string, right: boolean, now: Instant): void {
    if (right) this.#wrong.delete(account)
    else this.#wrong.set(account, [...(this.#wrong.get(account) ?? []), now].slice(-MOST_WRONG))
  }
}

/** 200 with yes or no. 400: the message is not from our bridge, or came before. */
export const checkOldLogin =
  ({ house, findKey, used }: Desk, people: People, locks: Locks) =>
  async (request: Request, response: Response): Promise<void> => {
    const body: unknown = request.body
    const token = typeof body === 'object' && body !== null && 'login_check' in body ? body.login_check : undefined
    const now = house.clock.now()
    try {
      if (typeof token !== 'string') throw new Denial('token-missing')
      const asked = await verifyLoginCheck(token, house.journal, house.bridgeUrl, findKey, now)
      if (!used.take(asked.id, (asked.expires + SKEW_S) * 1000, now)) throw new Denial('token-used')
      // one answer for an unknown login, a wrong password and a locked account
      const account = `${asked.school} ${asked.login}`
      const right = people.knows(asked.school, asked.login) && asked.password === demoPassword(asked.login)
      const valid = right && !locks.isLocked(account, now)
      locks.tried(account, valid, now)
      response.json(valid ? { valid, login: asked.login } : { valid })
    } catch (error) {
      if (!(error instanceof Denial)) throw error
      response.status(400).json({ error: error.code })
    }
  }
