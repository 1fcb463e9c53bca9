/** Who may look into a school's queue and decide: an administrator of that school, never about themselves, newly signed in. */
import { Refusal } from '../base/refusal.js'
import { matchAccounts } from '../identity/match.js'
import type { SchoolRequest } from '../identity/requests.js'
import { evidenceFor } from '../login/evidence.js'
import { admits } from '../login/idps.js'
import type { Ports } from '../login/ports.js'
import { signedInWithin } from '../login/signed-in-within.js'
import { withSought } from './sought.js'
import type { Session } from '../sessions/sessions.js'
import type { Person } from '../words/person.js'
import type { SchoolCode } from '../words/school.js'

type AdminPorts = Pick<Ports, 'roster' | 'links' | 'requests' | 'journals' | 'schools' | 'clock'>

/** A decision is believed so long after the IdP saw the person. */
const FRESH_FOR = 15 * 60_000
/** The form is shown so long: whoever gets it has time to fill it in. */
const FORM_FOR = 10 * 60_000

/** Schools in which the person may enter an account of the school's administrator today. */
export async function schoolsOf(ports: AdminPorts, person: Person): Promise<readonly SchoolCode[]> {
  const evidence = await evidenceFor(ports, person)
  const to = { schools: ports.schools, now: ports.clock.now() }
  const choices = [...ports.journals.values()]
    .filter(({ journal }) => admits(journal, person.idp))
    .flatMap(({ journal }) => matchAccounts(person, evidence, { journal, ...to }).choices)
  const own = choices.filter(({ account }) => account.role === 'school-admin').map(({ account }) => account.school)
  return [...new Set(own)]
}

/** Whoever is locked may be somebody else who got in: they decide nothing. @throws Refusal `lock.*` */
export function checkUnlocked(
  { standing, pseudonyms }: Pick<Ports, 'standing' | 'pseudonyms'>,
  { person }: Session,
  address: string,
): void {
  standing.checkPerson(pseudonyms, person)
  standing.checkNetwork(address)
}

/** @throws Refusal `queue.not-admin` */
export async function ownSchools(ports: AdminPorts, { person }: Session): Promise<readonly SchoolCode[]> {
  const schools = await schoolsOf(ports, person)
  if (schools.length === 0) throw new Refusal('queue.not-admin')
  return schools
}

/**
 * @throws Refusal `queue.not-admin`; `queue.not-yours`, whether or not another school has such a question;
 *   `queue.own-request`
 */
export async function requestFor(ports: AdminPorts, session: Session, id: string): Promise<SchoolRequest> {
  const schools = await ownSchools(ports, session)
  const found = await ports.requests.find(id)
  if (!found || !schools.includes(found.school)) throw new Refusal('queue.not-yours')
  const request = await withSought(ports, found)
  if (await isOwn(ports, session, request)) throw new Refusal('queue.own-request')
  return request
}

/** Four eyes: nobody decides what they asked themselves, nor about an account that they have. */
async function isOwn({ requests, links }: AdminPorts, { person }: Session, request: SchoolRequest): Promise<boolean> {
  if (person.snils !== undefined && request.person.snils === person.snils) return true
  if ((await requests.of(person)).some(({ id }) => id === request.id)) return true
  const { own } = await links.around(person, [])
  return own.some(({ accountId, ended }) => !ended && request.accountIds.includes(accountId))
}

type Dated = Pick<Ports, 'clock' | 'serviceProvider'>

/** Whether a form may be shown that will still be believed when it is filled in. */
export const maySign = (ports: Dated, session: Session): boolean => signedInWithin(ports, session, FORM_FOR)

/** @throws Refusal `queue.sign-in-again` */
export function checkSignedInNow(ports: Dated, session: Session): void {
  if (!signedInWithin(ports, session, FRESH_FOR)) throw new Refusal('queue.sign-in-again')
}
