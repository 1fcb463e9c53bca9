/** Makes hand-offs of one journal as a login would, and such as no login would: one thing is wrong in each. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { systemChance } from '../../base/chance.js'
import type { DoorTools, HandOff, ServerCall, TokenKey } from '../../journals/connector.js'
import { kinds } from '../../journals/kinds.js'
import { openSigner, signerSettings } from '../../journals/signer.js'
import { algorithmOf, type Signer } from '../../journals/token.js'
import type { Configuration } from '../../settings/configuration.js'
import type { JournalSettings } from '../../settings/settings.js'
import { entryOf, type Actor } from '../rehearsal.js'

/** What differs from an honest hand-off of this moment. */
export interface Order {
  readonly state?: string | undefined
  readonly returnTo?: URL
  readonly sid?: string
  /** Milliseconds by which our clock is ahead. */
  readonly ahead?: number
  readonly issuer?: string
  readonly audience?: string
  readonly key?: 'other'
}

export interface Forge {
  readonly handOff: (order?: Order) => HandOff
  /** The message that a session has ended; undefined when the journal takes none. */
  readonly leave: (sid: string, order?: Order) => ServerCall | undefined
  /** Signs any claims as the bridge would; undefined when hand-offs of this kind are no tokens. */
  readonly sign: Signer | undefined
  /** The private half of what `sign` signs with; undefined when the key is shared. */
  readonly tokenKey: KeyObject | undefined
}

/** @param now milliseconds */
export function openForge(
  configuration: Configuration,
  journal: JournalSettings,
  actor: Actor,
  now: () => number,
): Forge {
  const { kind, block } = journal.connector
  const signs = z.object(signerSettings).safeParse(block)
  const open = (order: Order) =>
    kinds
      .get(kind)!
      .open(
        order.audience === undefined ? block : { ...(block as object), audience: order.audience },
        toolsFor(configuration, journal, order, now),
      )
  return {
    handOff(order = {}) {
      const { state, returnTo, sid } = order
      const at = now() + (order.ahead ?? 0)
      const entry = entryOf(actor, configuration, journal, {
        ...{ now: at, chance: systemChance, state, returnTo },
        ...(sid !== undefined && { sid }),
      })
      return open(order).handOff(entry).handOff
    },
    leave: (sid, order = {}) => open(order).leave?.({ subject: actor.subject, sid }),
    sign: signs.success ? openSigner(signs.data, toolsFor(configuration, journal, {}, now)) : undefined,
    tokenKey: configuration.secrets.tokens.find(
      ({ privateKey }) => signs.success && algorithmOf(privateKey) === signs.data.alg,
    )?.privateKey,
  }
}

/** What a door is opened with: everything as the bridge has it, except what the order wants otherwise. */
export function toolsFor(
  { settings, secrets }: Configuration,
  { journal }: JournalSettings,
  { ahead = 0, issuer = settings.publicUrl, key }: Order,
  now: () => number,
): DoorTools {
  return {
    ...{ journal, issuer, chance: systemChance },
    clock: { now: () => now() + ahead },
    tokenKeys: key === 'other' ? secrets.tokens.map(stranger) : secrets.tokens,
    secret: key === 'other' ? () => Buffer.from(randomBytes(36).toString('base64')) : secrets.secret,
  }
}

/** A key of the same kind under the same name. */
const stranger = ({ id, privateKey }: TokenKey): TokenKey => ({ id, privateKey: likeThis(privateKey) })

export const likeThis = ({ asymmetricKeyType }: KeyObject): KeyObject =>
  asymmetricKeyType === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
