/**
 * A consent is taken back: no entry from that moment on, the person out everywhere, and what was kept destroyed in time.
 *
 *   withdraw (one transaction) --> sessions end, journals are told --> destroyed, unless given again before
 *
 * Entry is closed with the first step. A crash behind it leaves an order in the store, which the bridge that serves follows.
 */
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Consent } from '../consent/consent.js'
import type { SessionKey, SessionTrace } from '../sessions/sessions.js'
import { endByForce, type Ending } from './end-sessions.js'
import type { NewMessage } from './message-ports.js'
import type { Visitor } from './outcome.js'
import type { Ports } from './ports.js'

const DAY = 86_400_000
/** Where the settings ask for no consent any more, earlier ones may still be withdrawn. */
const USUALLY_DESTROYED_AFTER = 14 * DAY

export type Withdrawing = Ending & Pick<Ports, 'consents' | 'destructions' | 'consentTerms'>

export interface Withdrawn {
  /** None: there was nothing left to withdraw. */
  readonly consents: readonly Consent[]
  /** Sessions that were ended, this browser's included. */
  readonly sessions: number
  readonly destroyAt: Instant
}

/**
 * @param consents of one person; those that have ended already are left as they are
 * @param by the person at our page, or an operator at the command line to whom they wrote
 * @param number under which it is written down, and by which the act of destruction is found
 */
export async function withdrawConsents(
  ports: Withdrawing,
  consents: readonly Consent[],
  by: Pick<Visitor, 'address' | 'device' | 'session'> | 'operator',
  number: RequestNumber,
  message?: NewMessage,
): Promise<Withdrawn> {
  const now = ports.clock.now()
  const destroyAt = now + (ports.consentTerms?.destroyAfter ?? USUALLY_DESTROYED_AFTER)
  const ids = consents.map(({ id }) => id)
  const person = consents[0]?.person
  const ended = await ports.consents.withdraw(ids, {
    now,
    destroyAt,
    number,
    ...(message && { message }),
    event: {
      at: now,
      what: 'consent.withdrawn',
      result: 'ok',
      number,
      ...(person !== undefined && { person }),
      ...(by !== 'operator' && { address: by.address, device: by.device }),
      facts: { by: by === 'operator' ? 'operator' : 'person', consents: ids.length },
    },
  })
  return {
    consents: ended,
    sessions: await endSessionsOf(ports, ended, by === 'operator' ? undefined : by.session),
    destroyAt,
  }
}

/**
 * Open ones are known by the person, those that are over by the name under which journals know it.
 *
 * @param last ends after all others: whoever asks again in it learns that something is left
 */
export async function endSessionsOf(
  ports: Ending,
  owners: readonly Pick<Consent, 'person' | 'subject' | 'journal'>[],
  last?: SessionKey,
): Promise<number> {
  if (owners.length === 0) return 0
  const people = new Set(owners.map(({ person }) => person))
  const subjects = new Set(owners.map(({ journal, subject }) => JSON.stringify([journal, subject])))
  const isTheirs = ({ person, entered }: SessionTrace): boolean =>
    (person !== undefined && ports.pseudonyms.everInAudit(person).some(name => people.has(name))) ||
    entered.some(({ journal, subject }) => subjects.has(JSON.stringify([journal, subject])))
  let count = 0
  const end = async (trace: SessionTrace) => {
    if (isTheirs(trace) && (await endByForce(ports, trace, 'consent withdrawn'))) count += 1
  }
  let own: SessionTrace | undefined
  for await (const trace of ports.sessions.traces(ports.clock.now()))
    if (trace.key === last) own = trace
    else await end(trace)
  if (own) await end(own)
  return count
}

/** A login that was under way when the consent went may have opened its session behind our back. */
const UNDER_WAY = 30_000

/** Once more for every withdrawal, when nothing that was decided before it can be under way any more. */
export async function endWithdrawnSessions(ports: Withdrawing): Promise<number> {
  const now = ports.clock.now()
  const orders = await ports.destructions.sessionsOpen(now - UNDER_WAY)
  // whoever agreed again since is not thrown out
  const ended = await endSessionsOf(
    ports,
    orders.filter(({ calledOffAt }) => calledOffAt === undefined),
  )
  const ids = orders.map(({ id }) => id)
  if (ids.length > 0) await ports.destructions.sessionsEnded(ids, now)
  return ended
}

/** Everything that is due, one after the other, so that logins go on in between. @returns how many */
export async function carryOutDestructions(ports: Pick<Ports, 'destructions' | 'clock'>): Promise<number> {
  for (let count = 0; ; count += 1) {
    const now = ports.clock.now()
    const done = await ports.destructions.carryOut(now, ({ number, person, journal, accountId, done }) => ({
      at: now,
      what: 'data.destroyed',
      result: 'ok',
      ...{ number, person, journal, accountId },
      facts: {
        whole: done?.whole ?? false,
        ...Object.fromEntries((done?.destroyed ?? []).map(({ category, records }) => [category, records])),
      },
    }))
    if (!done) return count
  }
}
