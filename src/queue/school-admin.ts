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
import { isAmong, servesSchool, type SchoolInJournal } from '../words/journal.js'
import type { Person } from '../words/person.js'

type AdminPorts = Pick<Ports, 'roster' | 'links' | 'requests' | 'journals' | 'schools' | 'clock'>

/** A decision is believed so long after the IdP saw the person. */
const FRESH_FOR = 15 * 60_000
/** The form is shown so long: whoever gets it has time to fill it in. */
const FORM_FOR = 10 * 60_000

/**
 * What the person decides about, since they may enter an account of a school's administrator today. A list speaks for the journal that sent it:
 * its operator would else decide about the accounts of another, by naming themselves.
 */
export async function placesOf(ports: AdminPorts, person: Person): Promise<readonly SchoolInJournal[]> {
  const evidence = await evidenceFor(ports, person)
  const to = { schools: ports.schools, now: ports.clock.now() }
  const choices = [...ports.journals.values()]
    .filter(({ journal }) => admits(journal, person.idp))
    .flatMap(({ journal }) => matchAccounts(person, evidence, { journal, ...to }).choices)
  const places = choices
    .filter(({ account }) => account.role === 'school-admin')
    .flatMap(({ account: { journal, school } }) => reach(ports, { journal, school }))
  return places.filter((place, i) => places.findIndex(other => isAmong([other], place)) === i)
}

function reach({ journals }: AdminPorts, place: SchoolInJournal): readonly SchoolInJournal[] {
  if (journals.get(place.journal)?.journal.administrators !== 'school') return [place]
  const all = [...journals.values()].filter(({ journal }) => servesSchool(journal, place.school))
  return all.map(({ journal }) => ({ journal: journal.id, school: place.school }))
}

/** @throws Refusal `queue.not-admin` */
export async function ownPlaces(ports: AdminPorts, { person }: Session): Promise<readonly SchoolInJournal[]> {
  const places = await placesOf(ports, person)
  if (places.length === 0) throw new Refusal('queue.not-admin')
  return places
}

/**
 * @throws Refusal `queue.not-admin`; `queue.not-yours`, whether or not another school or journal has such a question;
 *   `queue.own-request`
 */
export async function requestFor(ports: AdminPorts, session: Session, id: string): Promise<SchoolRequest> {
  const places = await ownPlaces(ports, session)
  const found = await ports.requests.find(id)
  if (!found || !isAmong(places, found)) throw new Refusal('queue.not-yours')
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
