/**
 * Journals hear of a logout by our server, whether or not a browser is there. What must be told is written in the transaction
 * that ends the session (a notice), so a crash, a restart or an outage of the journal only puts it off.
 */
import { randomId } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import { journalSid } from '../sessions/session-key.js'
import type { SessionTrace } from '../sessions/sessions.js'
import type { Left, Notice } from './logout-ports.js'
import type { Ports } from './ports.js'

/** Whoever ended the session tells first; after that the notice is due for everybody. */
export const TOLD_FIRST_WITHIN = 60_000

/** A journal that was away for longer has long ended its own session. */
const GIVE_UP_AFTER = 24 * 3_600_000

const MINUTE = 60_000
/** Until the next attempt, after the first, the second, …; the last one from then on. */
const PAUSES = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE] as const

/** Notices that one look at the drawer takes out. */
const AT_ONCE = 20

/**
 * One for each session and each journal that was entered in it and takes such messages; where the journal knows every entry
 * by a mark of its own, one for each mark.
 */
export function noticesFor(
  ports: Pick<Ports, 'chance' | 'journals'>,
  ended: readonly SessionTrace[],
  now: Instant,
): readonly Notice[] {
  return ended.flatMap(({ key, number, entered }) => {
    const entries = new Map(entered.map(entry => [JSON.stringify([entry.journal, entry.mark]), entry]))
    return [...entries.values()]
      .filter(({ journal }) => ports.journals.get(journal)?.door.leave !== undefined)
      .map(({ journal, subject, mark }) => ({
        id: randomId(ports.chance),
        journal,
        subject,
        sid: journalSid(key, journal),
        ...(mark !== undefined && { mark }),
        number,
        since: now,
        attempts: 0,
      }))
  })
}

/** Tells all at the same time. @returns what became of every journal of the sessions, each once, the worst first */
export async function tellJournals(
  ports: Ports,
  ended: readonly SessionTrace[],
  notices: readonly Notice[],
): Promise<readonly Left[]> {
  const results = await Promise.all(notices.map(async notice => ({ notice, told: await tell(ports, notice) })))
  const journals = new Set(ended.flatMap(({ entered }) => entered.map(({ journal }) => journal)))
  return [...journals].map((journal): Left => {
    const own = results.filter(({ notice }) => notice.journal === journal)
    if (ports.journals.get(journal)?.door.endsWithUs) return { journal, state: 'told' }
    if (own.length === 0) return { journal, state: 'never' }
    return { journal, state: own.every(({ told }) => told) ? 'told' : 'later' }
  })
}

/** What the sweeper does: everything that is due. @returns how many were told */
export async function tellDue(ports: Ports): Promise<number> {
  const now = ports.clock.now()
  const due = await ports.notices.due(now, now + TOLD_FIRST_WITHIN, AT_ONCE)
  const told = await Promise.all(due.map(notice => tell(ports, notice)))
  const more = due.length === AT_ONCE ? await tellDue(ports) : 0
  return told.filter(Boolean).length + more
}

/** @returns whether the journal confirmed */
async function tell(ports: Ports, notice: Notice): Promise<boolean> {
  const why = await deliver(ports, notice)
  const now = ports.clock.now()
  const hopeless = why === NO_DOOR || now - notice.since >= GIVE_UP_AFTER
  if (why === undefined || hopeless) await ports.notices.forget(notice.id)
  else await ports.notices.putOff(notice.id, now + pauseAfter(notice.attempts))
  // of many attempts that failed, the first and the last one are news
  if (why === undefined || hopeless || notice.attempts === 0)
    await ports.audit.record({
      at: now,
      what: 'journal.told',
      result: why === undefined ? 'ok' : 'failed',
      number: notice.number,
      journal: notice.journal,
      facts: { attempt: notice.attempts + 1, ...(why !== undefined && { why, again: !hopeless }) },
    })
  return why === undefined
}

const pauseAfter = (attempts: number): number => PAUSES[Math.min(attempts, PAUSES.length - 1)]!

const NO_DOOR = 'the journal takes no such messages any more'

/** @returns why not, or undefined when the journal confirmed */
async function deliver(ports: Ports, { journal, subject, sid, mark }: Notice): Promise<string | undefined> {
  const call = ports.journals.get(journal)?.door.leave?.({ subject, sid, ...(mark !== undefined && { mark }) })
  if (!call) return NO_DOOR
  const reply = await ports.courier.post({
    to: call.to.href,
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(call.fields).toString(),
  })
  if (!reply) return 'no answer within three seconds'
  const good = call.redirectWillDo === true ? 400 : 300
  return reply.status >= 200 && reply.status < good ? undefined : `status ${reply.status}`
}
