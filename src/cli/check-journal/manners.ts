/** How each kind of journal is entered, as far as an attacker can make something of it. */
import { z } from 'zod'
import type { Order } from './forge.js'

export interface Manner {
  /** The browser carries a handle or a ticket, and only our answer to the journal's server makes it worth anything. */
  readonly fetched?: true
  /** What the journal gave along comes back, by whatever name: its `state`, its nonce, its service. */
  readonly binds: boolean
  /** A wrong one would be seen in the hand-off itself, or in what the journal hears when it asks about it. */
  readonly tells: (order: Order) => boolean
  /** Name of the setting whose place `--url` takes. */
  readonly address: 'url' | 'home' | 'site'
  /** Where the journal's own logins begin, when the settings say so. */
  readonly start?: (block: unknown) => string
}

const time = ({ ahead }: Order): boolean => ahead !== undefined
const past = ({ ahead = 0 }: Order): boolean => ahead < 0
const key = (order: Order): boolean => order.key !== undefined
const audience = (order: Order): boolean => order.audience !== undefined

const setting = (block: unknown, name: string): string =>
  z
    .record(z.string(), z.unknown())
    .transform(all => z.string().parse(all[name]))
    .parse(block)

const fields: Manner = { binds: true, address: 'url', tells: order => time(order) || key(order) }
const fetched = { fetched: true, tells: (order: Order) => past(order) || audience(order) } as const

const manners: Readonly<Record<string, Manner>> = {
  'signed-link': { binds: true, address: 'url', tells: () => true },
  'form-post': fields,
  'hmac-query': fields,
  // a nonce of the journal's own, and no time, says how long an answer counts
  'discourse-connect': { binds: true, address: 'url', tells: key, start: block => setting(block, 'startUrl') },
  handle: { ...fetched, binds: true, address: 'url' },
  cas: { ...fetched, binds: false, address: 'home', start: block => setting(block, 'home') },
  'trusted-headers': {
    ...{ ...fetched, binds: true, address: 'site' },
    start: block => `${setting(block, 'site')}${setting(block, 'path')}/start`,
  },
}

/** @throws RangeError when a kind is new and nobody has thought of how to attack it */
export function mannerOf(kind: string): Manner {
  const manner = manners[kind]
  if (!manner) throw new RangeError(`check-journal does not know how journals of kind ${kind} are entered`)
  return manner
}
