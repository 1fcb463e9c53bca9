/** Everything that is kept about a person, in the clear, to take away (152-ФЗ, ст. 14; docs/ru/school-it.md). */
import { isoTime, type Instant } from '../base/clock.js'
import type { AuditEvent } from '../audit/audit.js'
import type { Consent } from '../consent/consent.js'
import type { Link } from '../identity/links.js'
import type { SchoolRequest } from '../identity/requests.js'
import type { Limit } from '../login/people-ports.js'
import type { Ports } from '../login/ports.js'
import { countTry } from '../login/tries.js'
import type { Session } from '../sessions/sessions.js'
import type { Person } from '../words/person.js'
import type { Device } from '../login/confirm-ports.js'
import type { Creation } from '../login/creation-ports.js'
import { ownAccounts } from './accounts.js'
import { sessionsOf, type OwnSession } from './sessions.js'

/** Years of somebody's history are seconds of work for the whole bridge. */
const OF_PERSON: readonly Limit[] = [{ most: 6, within: 15 * 60_000 }]

export interface OwnData {
  readonly all: Readonly<Record<string, unknown>>
  /** Of every length, so it is read while it is written out. The latest first. */
  readonly history: AsyncIterable<Readonly<Record<string, unknown>>>
}

/**
 * Plain JSON; times as ISO 8601 in UTC. Left out: what belongs to others (rows of the school's list that do not open for the
 * person, reasons of a school's decision), and what lives for minutes (logins under way, one-time handles).
 *
 * @throws Refusal `request.limit`
 */
export async function ownData(ports: Ports, session: Session): Promise<OwnData> {
  const { person } = session
  const now = ports.clock.now()
  await countTry(ports, 'own-data', 'request.limit', [[`person ${ports.pseudonyms.forAudit(person)}`, OF_PERSON]])
  const [accounts, { own: links }, creations, requests, consents, sessions, devices, noticesOff] = await Promise.all([
    ownAccounts(ports, session),
    ports.links.around(person, []),
    ports.creations.of(person),
    ports.requests.of(person),
    ports.consents.ofPerson(person),
    sessionsOf(ports, person),
    ports.devices.of(person, now),
    ports.noticeChoices.off(person),
  ])
  const all = {
    schemaVersion: 1,
    madeAt: isoTime(now),
    person: { ...person, authenticatedAt: isoTime(person.authenticatedAt) },
    accounts: accounts.open.map(({ account, children }) => ({ ...account, children })),
    links: links.map(linkShown),
    creations: creations.map(creationShown),
    requests: requests.map(requestShown),
    consents: consents.map(consentShown),
    sessions: sessions.map(sessionShown),
    devices: devices.map(deviceShown),
    noticesOff,
  }
  return { all, history: historyOf(ports, person) }
}

async function* historyOf({ audit, pseudonyms }: Ports, person: Person) {
  for await (const event of audit.allOfPerson(pseudonyms.everInAudit(person), 0)) yield eventShown(event)
}

/** Events that are written out in one go. */
const TOGETHER = 100

/** The whole as one text of JSON, part by part. */
export async function* jsonOf({ all, history }: OwnData): AsyncGenerator<string> {
  yield `${JSON.stringify(all, null, 2).slice(0, -2)},\n  "history": [`
  let part: string[] = []
  let before = ''
  for await (const event of history) {
    part.push(`${before}\n    ${JSON.stringify(event, null, 2).replaceAll('\n', '\n    ')}`)
    before = ','
    if (part.length < TOGETHER) continue
    yield part.join('')
    part = []
  }
  yield `${part.join('')}\n  ]\n}\n`
}

const linkShown = ({ id, accountId, journal, school, ground, since, listed, ended }: Link) => ({
  ...{ id, accountId, journal, school, ground, since: isoTime(since), listed },
  ...(ended && { ended: { at: isoTime(ended.at), by: ended.by } }),
})

/** Accounts that a journal was asked to make, and has not answered about yet. */
const creationShown = ({ number, journal, school, role, since }: Creation) => ({
  ...{ number, journal, school, role, since: isoTime(since) },
})

const requestShown = ({ number, kind, school, journal, at, person, children, decided }: SchoolRequest) => ({
  ...{ number, kind, school, journal, at: isoTime(at), person },
  ...(children && { children }),
  ...(decided && { decided: { granted: decided.granted, at: isoTime(decided.at) } }),
})

const consentShown = ({ at, ended, ...consent }: Consent) => ({
  ...consent,
  at: isoTime(at),
  ...(ended && { ended: { ...ended, at: isoTime(ended.at) } }),
})

const sessionShown = ({ trace, signIn }: OwnSession) => ({
  ...{ number: trace.number, open: trace.open, openedAt: isoTime(signIn.at) },
  ...{ nameId: trace.nameId, sessionIndex: trace.sessionIndex },
  entered: trace.entered.map(({ journal, accountId, school, login, role, subject, at }) => ({
    ...{ journal, accountId, school, login, role, subject },
    at: isoTime(at),
  })),
})

const deviceShown = ({ name, since, trustedUntil }: Device) => ({
  ...{ name, since: isoTime(since), trustedUntil: isoTime(trustedUntil) },
})

const eventShown = ({ at, ...event }: AuditEvent & { readonly at: Instant }) => ({ at: isoTime(at), ...event })
