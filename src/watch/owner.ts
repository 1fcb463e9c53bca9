/** The person about whom an anomaly is: known to the bridge only while a session of theirs is open, and never written into an anomaly. */
import type { Audit } from '../audit/audit.js'
import type { Clock, Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import { unusual } from '../confirm/notice.js'
import { matchAccounts } from '../identity/match.js'
import { evidenceFor } from '../login/evidence.js'
import { admits } from '../login/idps.js'
import type { NewMessage } from '../login/message-ports.js'
import { noticeTo } from '../login/notifying.js'
import type { Ports } from '../login/ports.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Person } from '../words/person.js'
import type { Lock } from '../words/watched.js'
import type { Anomaly, AnomalyAccount } from './ports.js'

export type OwnerPorts = Pick<
  Ports,
  'chance' | 'noticesOffered' | 'postman' | 'publicUrl' | 'schools' | 'roster' | 'links' | 'journals'
> & { readonly clock: Clock; readonly audit: Pick<Audit, 'ofPerson'>; readonly sessions: Pick<Sessions, 'traces'> }

/** Sign-ins that are looked through for one whose session still knows the person. */
const SIGN_INS = 10
const DAY = 24 * 3_600_000

interface Seen {
  readonly person: Person
  readonly number: RequestNumber
  readonly device: string
}

export interface Owner extends Seen {
  readonly accounts: readonly AnomalyAccount[]
}

/** @returns undefined when no session of the person is left */
export async function ownerOf(ports: OwnerPorts, { subject }: Pick<Anomaly, 'subject'>): Promise<Owner | undefined> {
  if (subject.kind !== 'person') return undefined
  const now = ports.clock.now()
  const seen = await personBehind(ports, subject.name, now)
  return seen && { ...seen, accounts: await accountsOf(ports, seen.person, now) }
}

async function personBehind(ports: OwnerPorts, pseudonym: string, now: Instant): Promise<Seen | undefined> {
  for (const { number, device = '' } of await ports.audit.ofPerson(
    [pseudonym],
    now - DAY,
    SIGN_INS,
    'login.verified',
  )) {
    if (number === undefined) continue
    for await (const { person } of ports.sessions.traces(now, number)) if (person) return { person, number, device }
  }
  return undefined
}

/** Every account that they may enter today, in every journal. */
async function accountsOf(ports: OwnerPorts, person: Person, now: Instant): Promise<readonly AnomalyAccount[]> {
  const evidence = await evidenceFor(ports, person)
  const accounts = [...ports.journals.values()]
    .filter(({ journal }) => admits(journal, person.idp))
    .flatMap(({ journal }) => matchAccounts(person, evidence, { journal, schools: ports.schools, now }).choices)
    .map(({ account }) => [account.id, account] as const)
  // a parent has a choice for each child
  return [...new Map(accounts).values()].map(({ id, journal, school }) => ({ school, journal, accountId: id }))
}

/** @returns nothing where the settings want no such notice, or no e-mail address came with the sign-in */
export function messageTo(
  ports: OwnerPorts,
  { person, number, device, accounts }: Owner,
  { rule }: Pick<Anomaly, 'rule'>,
  lock: Lock | undefined,
): NewMessage | undefined {
  const [first] = accounts
  const write = unusual({ what: rule, ...(lock && { lockedUntil: lock.until }) })
  return noticeTo(ports, { device, number }, person, write, first?.school).message
}
