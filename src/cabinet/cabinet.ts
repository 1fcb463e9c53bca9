/**
 * Cabinet: what the bridge keeps about a person, for their own eyes, and what they may change of it.
 * Does not touch: how a login goes (login), pages (web). It shows nobody anything about anybody else.
 * Called by: web.
 */
import type { AuditEvent } from '../audit/audit.js'
import type { Consent } from '../consent/consent.js'
import type { Device } from '../login/confirm-ports.js'
import type { SchoolRequest } from '../identity/requests.js'
import type { Ports } from '../login/ports.js'
import type { Session } from '../sessions/sessions.js'
import { ownAccounts, type OwnAccounts } from './accounts.js'
import { ownNotices, type OwnNotices } from './notices.js'
import { ownSessions, type ShownSession } from './sessions.js'

export interface Cabinet {
  readonly accounts: OwnAccounts
  /** The latest first. */
  readonly requests: readonly SchoolRequest[]
  /** Those that ended, too; the latest first. */
  readonly consents: readonly Consent[]
  /** The latest first. */
  readonly sessions: readonly ShownSession[]
  /** Where no code is asked for; the latest first. */
  readonly devices: readonly Device[]
  readonly notices: OwnNotices
  /** The latest first. */
  readonly history: readonly AuditEvent[]
}

/** What the page shows of the past; the download has all of it. */
const HISTORY_FOR = 365 * 86_400_000
const HISTORY_SHOWN = 200

export async function cabinetOf(ports: Ports, session: Session): Promise<Cabinet> {
  const { person } = session
  const since = ports.clock.now() - HISTORY_FOR
  const [accounts, requests, consents, sessions, devices, notices, history] = await Promise.all([
    ownAccounts(ports, session),
    ports.requests.of(person),
    ports.consents.ofPerson(person),
    ownSessions(ports, session),
    ports.devices.of(person, ports.clock.now()),
    ownNotices(ports, session),
    ports.audit.ofPerson(ports.pseudonyms.everInAudit(person), since, HISTORY_SHOWN),
  ])
  return { accounts, requests, consents, sessions, devices, notices, history }
}
