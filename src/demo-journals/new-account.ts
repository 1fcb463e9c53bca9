/** The bridge's server asks for an account, for a person who agreed: no browser, no cookie. */
import type { Request, Response } from 'express'
import { randomId } from '../base/chance.js'
import type { Desk } from './arrival.js'
import { Denial } from './denials.js'
import type { People } from './people.js'
import { SKEW_S, verifyWish, type Wish } from './token.js'

/** What was made, and under which key; a real journal keeps it in its database, with a unique key on each of the two. */
export class Made {
  readonly #byKey = new Map<string, string>()
  readonly #bySubject = new Map<string, string>()

  /** @returns its login; undefined when the person has another one here already */
  login({ key, subject, school }: Wish, make: () => string): string | undefined {
    const before = this.#byKey.get(key)
    if (before !== undefined) return before
    const who = `${school} ${subject}`
    if (this.#bySubject.has(who)) return undefined
    const login = make()
    this.#byKey.set(key, login)
    this.#bySubject.set(who, login)
    return login
  }
}

const roles: Readonly<Record<string, string>> = { parent: 'родитель', pupil: 'ученик', teacher: 'учитель' }

/** 200 with the login, or with no. 400: the message is not from our bridge, or came before. */
export const makeAccount =
  ({ house, findKey, used }: Desk, people: People, made: Made) =>
  async (request: Request, response: Response): Promise<void> => {
    const body: unknown = request.body
    const token = typeof body === 'object' && body !== null && 'new_account' in body ? body.new_account : undefined
    const now = house.clock.now()
    try {
      if (typeof token !== 'string') throw new Denial('token-missing')
      const wish = await verifyWish(token, house.journal, house.bridgeUrl, findKey, now)
      if (!used.take(wish.id, (wish.expires + SKEW_S) * 1000, now)) throw new Denial('token-used')
      const role = roles[wish.role]
      if (role === undefined) return void response.json({ created: false })
      const login = made.login(wish, () => enroll(house, people, wish, role))
      response.json(login === undefined ? { created: false, why: 'exists' } : { created: true, login })
    } catch (error) {
      if (!(error instanceof Denial)) throw error
      response.status(400).json({ error: error.code })
    }
  }

function enroll({ chance }: Desk['house'], people: People, { school, person }: Wish, role: string): string {
  const login = `new-${randomId(chance).slice(0, 8)}`
  const { lastName, firstName, middleName } = person as Readonly<Record<string, string>>
  people.take(school, {
    ...{ login, role },
    ...(lastName !== undefined && { lastName }),
    ...(firstName !== undefined && { firstName }),
    ...(middleName !== undefined && { middleName }),
  })
  return login
}
