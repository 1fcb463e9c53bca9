import type { ExpressionBuilder, Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Device, Devices, NewDevice, Sighting } from '../../login/confirm-ports.js'
import type { DeviceKey } from '../../words/confirming.js'
import type { Person } from '../../words/person.js'
import type { Snils } from '../../words/snils.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { auditRow } from './audit.js'
import { writeMessage } from './messages.js'

/** A device on which nobody signed in for so long is new again. */
export const SEEN_KEPT = 365 * 86_400_000

export interface DeviceTools {
  readonly seal: Seal
  readonly lookup: Lookup
}

export const createDevices = (db: Kysely<Tables>, tools: DeviceTools): Devices => {
  const ofPerson = (person: Person) => tools.lookup.candidates('person', identityOf(person))
  const onOneOf = (keys: readonly DeviceKey[], person: Person) =>
    db
      .selectFrom('devices')
      .where('device_hmac', 'in', hmacsOf(tools.lookup, keys))
      .where('person_hmac', 'in', ofPerson(person))
  return {
    async knows(keys, person) {
      if (keys.length === 0) return false
      return (await onOneOf(keys, person).select('id').limit(1).executeTakeFirst()) !== undefined
    },

    async trusts(keys, person, now) {
      if (keys.length === 0) return false
      const found = await onOneOf(keys, person).select('snils_hmac').where('trusted_until', '>', now).execute()
      return found.some(({ snils_hmac }) => sameSnils(tools.lookup, snils_hmac, person))
    },

    async of(person, now) {
      const rows = await db
        .selectFrom('devices')
        .selectAll()
        .where('person_hmac', 'in', ofPerson(person))
        .where('trusted_until', '>', now)
        .orderBy('since', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(({ id, name, since, trusted_until: until }): Device => ({
        ...{ id, since, trustedUntil: until! },
        name: (tools.seal.open(place(id), name) as DeviceContent).name,
      }))
    },

    forget: (person, id, event) =>
      db.transaction().execute(async trx => {
        const own = trx.deleteFrom('devices').where('id', '=', id).where('person_hmac', 'in', ofPerson(person))
        if ((await own.executeTakeFirst()).numDeletedRows === 0n) return false
        await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
        return true
      }),

    async sweep(now) {
      const over = db.deleteFrom('devices').where(notSeen(now))
      return Number((await over.executeTakeFirst()).numDeletedRows)
    },
  }
}

/** Whose time is over: not trusted any more, or not seen for `SEEN_KEPT`. */
export const notSeen = (now: Instant) => (eb: ExpressionBuilder<Tables, 'devices'>) =>
  eb.or([
    eb('trusted_until', '<=', now),
    eb.and([eb('trusted_until', 'is', null), eb('seen_at', '<=', now - SEEN_KEPT)]),
  ])

/** Inside the transaction of the sign-in. */
export async function noteSighting(trx: Kysely<Tables>, tools: DeviceTools, sighting: Sighting): Promise<void> {
  const { seal, lookup } = tools
  const { person, now } = sighting
  if (sighting.at === 'known') {
    // written anew under the first key: what the browser keeps cannot be computed when keys change
    for (const key of sighting.keys) {
      const seen = trx.updateTable('devices').set({ seen_at: now, device_hmac: lookup.index('device', key) })
      const own = seen.where('device_hmac', 'in', lookup.candidates('device', key))
      await own.where('person_hmac', 'in', lookup.candidates('person', identityOf(person))).execute()
    }
    return
  }
  const { id, key, name } = sighting.device
  await trx
    .insertInto('devices')
    .values({
      ...{ id, device_hmac: lookup.index('device', key), person_hmac: lookup.index('person', identityOf(person)) },
      ...{
        snils_hmac: null,
        name: seal.seal(place(id), contentOf(name, person)),
        since: now,
        trusted_until: null,
        seen_at: now,
      },
    })
    .execute()
  await writeMessage(trx, tools, sighting.message)
}

const hmacsOf = (lookup: Lookup, keys: readonly DeviceKey[]): readonly string[] =>
  keys.flatMap(key => lookup.candidates('device', key))

/** Inside the transaction of the answer. */
export async function trustDevice(
  trx: Kysely<Tables>,
  { seal, lookup }: DeviceTools,
  person: Person,
  { id, key, name, trustedUntil }: NewDevice,
  now: Instant,
): Promise<void> {
  await trx
    .insertInto('devices')
    .values({
      ...{ id, device_hmac: lookup.index('device', key), person_hmac: lookup.index('person', identityOf(person)) },
      snils_hmac: person.snils === undefined ? null : lookup.index('snils', person.snils),
      ...{ name: seal.seal(place(id), contentOf(name, person)), since: now, trusted_until: trustedUntil, seen_at: now },
    })
    .execute()
}

/** Whose rows end: as they are called there, and who they are, since the rows of a device may stand under another key. */
export interface Bearer {
  readonly person_hmac: string
  readonly identity: string | undefined
}

/**
 * Inside the transaction in which a link of theirs ends, or a consent: what was once proved on those devices was proved for what
 * is no more.
 */
export async function endTrust(trx: Kysely<Tables>, lookup: Lookup, people: readonly Bearer[]): Promise<void> {
  const names = people.flatMap(({ person_hmac, identity }) =>
    identity === undefined ? [person_hmac] : lookup.candidates('person', identity),
  )
  if (names.length === 0) return
  const trusted = trx.deleteFrom('devices').where('trusted_until', 'is not', null)
  await trusted.where('person_hmac', 'in', [...new Set(names)]).execute()
}

const sameSnils = (lookup: Lookup, snils: string | null, person: Person): boolean =>
  person.snils === undefined ? snils === null : lookup.candidates('snils', person.snils).includes(snils ?? '')

/** What the browser is called, and whose row it is, for a change of keys. */
export interface DeviceContent {
  readonly name: string
  readonly identity: string
  readonly number?: Snils
}

const contentOf = (name: string, person: Person): DeviceContent => ({
  ...{ name, identity: identityOf(person) },
  ...(person.snils !== undefined && { number: person.snils }),
})

const place = (row: string): Place => ({ table: 'devices', column: 'name', row })
