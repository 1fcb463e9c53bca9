/** What ties a login or a logout to the browser that began it: the secret in its cookie, of which only a hash is stored. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { randomId, type Chance } from '../base/chance.js'
import type { Visitor } from './outcome.js'

/** What a browser began: a login, or a logout that went to the IdP. */
interface Begun {
  readonly id: string
  /** Hash of the secret that it got. */
  readonly browser: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/**
 * The value of a per-login cookie. Behind the point stands a mark of the address that it was given to, so that a move to
 * another one is seen; without the random part nobody can tell the address from it.
 */
export function newSecret(chance: Chance, address: string): string {
  const random = randomId(chance)
  return `${random}.${markOf(random, address)}`
}

const markOf = (random: string, address: string): string => sha256(`${random} ${address}`).slice(0, 8)

/** Stands for the browser of a login that nobody asked for: no cookie proves it. */
export const NOBODY = ''

/** What is stored of the per-login cookie. */
export const browserKey = (secret: string): string => sha256(secret)

/** The cookie of this login that the browser proves to have, if any. */
function provenSecret({ logins }: Visitor, { id, browser }: Begun): string | undefined {
  const asked = Buffer.from(browser)
  return logins.get(id)?.find(secret => {
    const came = Buffer.from(browserKey(secret))
    return came.length === asked.length && timingSafeEqual(came, asked)
  })
}

export const owns = (visitor: Visitor, begun: Begun): boolean => provenSecret(visitor, begun) !== undefined

/**
 * The browser answers from another address than it asked from: telephones do that all day, and so do browsers that know two
 * networks. A mark in the audit, never a reason to stop.
 */
export function moved(visitor: Visitor, login: Begun): boolean {
  const [random, mark] = provenSecret(visitor, login)?.split('.') ?? []
  return random !== undefined && mark !== markOf(random, visitor.address)
}
