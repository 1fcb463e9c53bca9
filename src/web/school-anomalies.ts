/** What the watch has found about people of a school, for its administrator. */
import { Refusal } from '../base/refusal.js'
import { evidenceFor } from '../login/evidence.js'
import type { Session } from '../sessions/sessions.js'
import { acknowledge, unlock, type Decider } from '../watch/decide.js'
import type { Anomaly } from '../watch/ports.js'
import { lockOn } from '../watch/tell.js'
import { happened } from '../watch/telling-text.js'
import { roleTitles } from '../words/account.js'
import { isAmong, type SchoolInJournal } from '../words/journal.js'
import type { Lock } from '../words/watched.js'
import type { SchoolAnomalies, ShownAnomaly } from './pages/school-anomalies.js'
import type { Web } from './setup.js'

const MOST = 200

export async function anomaliesOf(
  web: Web,
  session: Session,
  places: readonly SchoolInJournal[],
): Promise<readonly ShownAnomaly[]> {
  const { ports, watching } = web
  const locks = await watching.locks(ports.clock.now())
  const living = await watching.list(['open', 'acknowledged'], MOST)
  const concerned = living.filter(({ accounts }) => accounts.some(account => isAmong(places, account)))
  return Promise.all(concerned.map(anomaly => shown(web, session, places, anomaly, locks)))
}

async function shown(
  { ports }: Web,
  session: Session,
  places: readonly SchoolInJournal[],
  anomaly: Anomaly,
  locks: readonly Lock[],
): Promise<ShownAnomaly> {
  const { id, rule, value, first, last, number, state, subject } = anomaly
  const own = anomaly.accounts.filter(account => isAmong(places, account)).map(({ accountId }) => accountId)
  const named = (await ports.roster.byAccounts(own)).map(({ login, role, className }) =>
    [login, roleTitles[role], className].filter(Boolean).join(', '),
  )
  // one person often has the same login in several journals
  const accounts = [...new Set(named)]
  return {
    ...{ id, what: happened[rule](value), first, last, number, accounts, lockedUntil: lockOn(subject, locks)?.until },
    own: await isOwn(ports, session, anomaly),
    acknowledged: state === 'acknowledged',
  }
}

/** Whoever comes through two IdPs has two names in the audit, and the same accounts. */
async function isOwn(ports: Web['ports'], { person }: Session, { subject, accounts }: Anomaly): Promise<boolean> {
  if (ports.pseudonyms.everInAudit(person).includes(subject.name)) return true
  const { entries } = await evidenceFor(ports, person)
  return entries.some(entry => accounts.some(({ accountId }) => accountId === entry.accountId))
}

/**
 * @throws Refusal `queue.not-yours`, whether or not another school has it; `queue.own-request`; `request.malformed`
 */
export async function decideAnomaly(
  web: Web,
  session: Session,
  places: readonly SchoolInJournal[],
  asked: { readonly id: string; readonly act: string | undefined; readonly reason: string },
  by: Decider,
): Promise<NonNullable<SchoolAnomalies['result']>> {
  const { ports, watching } = web
  const anomaly = await watching.find(asked.id)
  const concerned = anomaly?.accounts.some(account => isAmong(places, account))
  // what is over stands on no page: the person may have left the school since
  if (!anomaly || !concerned || anomaly.state === 'closed') throw new Refusal('queue.not-yours')
  if (await isOwn(ports, session, anomaly)) throw new Refusal('queue.own-request')
  const needed = { clock: ports.clock, watching }
  if (asked.act === 'acknowledge')
    return (await acknowledge(needed, anomaly, by, asked.reason)) ? 'acknowledged' : 'nothing-to-do'
  if (asked.act !== 'unlock') throw new Refusal('request.malformed', { parameter: 'act', why: 'unknown' })
  const lifted = await unlock(needed, anomaly.subject, by, asked.reason)
  await ports.standing.refresh()
  return lifted ? 'unlocked' : 'nothing-to-do'
}
