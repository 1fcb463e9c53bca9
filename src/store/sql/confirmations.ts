import type { Kysely } from 'kysely'
import type { Answered, CodeAnswer, Confirmation, Confirmations } from '../../login/confirm-ports.js'
import type { Limit } from '../../login/people-ports.js'
import type { SessionKey } from '../../sessions/sessions.js'
import { CODE_TRIES, type Purpose } from '../../words/confirming.js'
import type { Way } from '../../words/way.js'
import { identityOf } from '../identity-of.js'
import type { Tables } from '../tables.js'
import type { ConfirmationRow } from '../tables-people.js'
import { countOne, waitOf } from './attempts.js'
import { auditRow } from './audit.js'
import { trustDevice, type DeviceTools } from './devices.js'

const MINUTE = 60_000

/** Wrong answers. */
const OF_PERSON: readonly Limit[] = [
  { most: 10, within: 60 * MINUTE },
  { most: 20, within: 1_440 * MINUTE },
]
/** A whole school may sit behind one address. */
const OF_ADDRESS: readonly Limit[] = [{ most: 60, within: 60 * MINUTE }]

/** No session lives longer. */
export const KEPT = 1_440 * MINUTE

export const createConfirmations = (db: Kysely<Tables>, tools: DeviceTools): Confirmations => ({
  async find(session, purpose) {
    const row = await latest(db, session, purpose).executeTakeFirst()
    return row && confirmationOf(row)
  },

  start: ({ id, session, purpose, way, code, sentAt, expiresAt }, event) =>
    db.transaction().execute(async trx => {
      const earlier = trx.updateTable('confirmations').set({ void_at: sentAt }).where('session_key', '=', session)
      await earlier.where('purpose', '=', named(purpose)).where('void_at', 'is', null).execute()
      const code_hmac = tools.lookup.index('confirmation', keyed(id, code))
      const row = { id, session_key: session, purpose: named(purpose), way, code_hmac, sent_at: sentAt }
      await trx
        .insertInto('confirmations')
        .values({ ...row, expires_at: expiresAt, tries: 0, void_at: null, confirmed_at: null })
        .execute()
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
    }),

  async drop(id) {
    await db.deleteFrom('confirmations').where('id', '=', id).execute()
  },

  answer: (answer, event) =>
    db.transaction().execute(async trx => {
      const answered = await judge(trx, tools, answer)
      if (answered !== 'confirmed') return answered
      if (answer.remember) await trustDevice(trx, tools, answer.person, answer.remember, answer.now)
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
      return answered
    }),

  async sweep(now) {
    const over = db.deleteFrom('confirmations').where('sent_at', '<=', now - KEPT)
    return Number((await over.executeTakeFirst()).numDeletedRows)
  },
})

async function judge(
  trx: Kysely<Tables>,
  { lookup }: DeviceTools,
  { session, purpose, code, person, address, now }: CodeAnswer,
): Promise<Answered> {
  const guessers = [
    { purpose: 'confirm', who: `person ${identityOf(person)}`, limits: OF_PERSON, now },
    { purpose: 'confirm', who: `address ${address}`, limits: OF_ADDRESS, now },
  ]
  for (const guesser of guessers) if ((await waitOf(trx, lookup, guesser)) > 0) return 'limit'
  const row = await lockedRow(trx, session, purpose)
  if (row && row.confirmed_at !== null) return 'confirmed-before'
  if (!row || row.void_at !== null || row.expires_at <= now) return 'expired'
  if (row.tries >= CODE_TRIES) return 'locked'
  const mine = trx.updateTable('confirmations').where('id', '=', row.id)
  if (lookup.candidates('confirmation', keyed(row.id, code)).includes(row.code_hmac)) {
    await mine.set({ confirmed_at: now }).execute()
    return 'confirmed'
  }
  await mine.set({ tries: row.tries + 1 }).execute()
  for (const guesser of guessers) await countOne(trx, lookup, guesser)
  return row.tries + 1 >= CODE_TRIES ? 'locked' : 'wrong'
}

/** Written before it is read: of two answers at one moment the second waits, and sees what the first did. */
async function lockedRow(trx: Kysely<Tables>, session: SessionKey, purpose: Purpose) {
  const found = await latest(trx, session, purpose).executeTakeFirst()
  if (!found) return undefined
  const same = trx.updateTable('confirmations').set(eb => ({ tries: eb.ref('tries') }))
  return same.where('id', '=', found.id).returningAll().executeTakeFirst()
}

const latest = (db: Kysely<Tables>, session: SessionKey, purpose: Purpose) =>
  db
    .selectFrom('confirmations')
    .selectAll()
    .where('session_key', '=', session)
    .where('purpose', '=', named(purpose))
    .orderBy('sent_at', 'desc')
    .orderBy('id')
    .limit(1)

const named = ({ what, about }: Purpose): string => JSON.stringify([what, about ?? null])

/** Two rows of the same code have nothing in common. */
const keyed = (id: string, code: string): string => JSON.stringify([id, code])

const confirmationOf = (row: ConfirmationRow): Confirmation => ({
  id: row.id,
  way: row.way as Way,
  sentAt: row.sent_at,
  expiresAt: row.expires_at,
  locked: row.void_at !== null || row.tries >= CODE_TRIES,
  ...(row.confirmed_at !== null && { confirmedAt: row.confirmed_at }),
})
