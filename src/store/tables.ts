/**
 * Every table as SQL sees it. Times are milliseconds (`Instant`), truth values 0 and 1; `Sealed` is made by sealed.ts,
 * `Blind` by lookup.ts. Nothing personal stands in any other column.
 */
import type { Generated, Insertable, Selectable } from 'kysely'
import type {
  CodeRow,
  ConfirmationRow,
  ConsentRow,
  CreationRow,
  DestructionRow,
  DeviceRow,
  LinkRow,
  MessageRow,
  RequestRow,
} from './tables-people.js'
import type { AlertRow, AnomalyRow, BannerRow, LockRow, TallyRow } from './tables-watch.js'

type Sealed = string
type Blind = string

export interface Tables {
  schema_version: { version: number; applied_at: number }
  /**
   * A constant, sealed or hashed with each key in use: tells a wrong key from an empty roster. `subject` and
   * `audit`: the keys for the names by which journals know people and for the stamps of the audit, sealed.
   */
  key_checks: { purpose: 'data' | 'lookup' | 'subject' | 'audit'; key_id: string; check_value: string }
  /** Programs that are running over this database: the ids of their keys, joined by commas, the first one first. */
  key_holders: { id: string; data_ids: string; lookup_ids: string; seen_at: number }
  probe: { id: number; writes: number }
  logins: LoginRow
  /** `login`: the one that it finished. */
  assertions: { idp: string; id: string; remember_until: number; login: string | null }
  logouts: LogoutRow
  logout_requests: LogoutRequestRow
  notices: NoticeRow
  deposits: DepositRow
  visits: VisitRow
  used_ids: { purpose: string; id: string; remember_until: number }
  sessions: SessionRow
  accounts: AccountRow
  /** Files that were imported from folders: `token` is what a file was called while it was worked on. */
  roster_intakes: { token: string; journal: string; school: string; at: number }
  /** In clear and for good: they are published, and say what people agreed to. */
  consent_texts: { hash: string; version: string; whole: string; first_seen: number }
  consents: ConsentRow
  destructions: DestructionRow
  links: LinkRow
  requests: RequestRow
  /** Every number under which a question was put. */
  request_numbers: { number: string; request: string }
  codes: CodeRow
  creations: CreationRow
  confirmations: ConfirmationRow
  devices: DeviceRow
  messages: MessageRow
  /** JSON: kinds of notices that a person does not want. */
  /** `person`: who it is, for a change of keys. */
  notice_choices: { id: string; person_hmac: Blind; switched_off: string; chosen_at: number; person: Sealed }
  /** What may be tried only so often, a row each time. */
  attempts: { purpose: string; who_hmac: Blind; at: number }
  /** Of the present minutes; how often somebody asked. */
  rate_counts: { who_hmac: Blind; since: number; count: number }
  audit_events: AuditTable
  audit_chain: { position: number; at: number; kind: string; body: string; mac: string }
  audit_anchors: { position: number; at: number; token: string }
  watch_tallies: TallyRow
  /** One row: which row of the audit the watch has seen last. */
  watch_place: { id: number; entry: number; seq: number }
  anomalies: AnomalyRow
  locks: LockRow
  banners: BannerRow
  alerts: AlertRow
  idp_copies: IdpCopyRow
  idp_sources: IdpSourceRow
}

export interface LoginRow {
  id: string
  request_id: string
  browser: string
  idp: string
  /** Sealed: return addresses and states are written by journals, which may put anything into them. */
  target: Sealed
  forced: number
  number: string
  started_at: number
  expires_at: number
  old_session: string | null
  finished_at: number | null
  session_key: string | null
  chosen: string | null
  /** JSON: keys of the device cookies that the browser brought. */
  devices: string | null
}

export interface LogoutRow {
  id: string
  request_id: string
  browser: string
  idp: string
  number: string
  then_target: Sealed | null
  /** JSON: journals, and which of them were told. */
  journals: string
  expires_at: number
  /** What the IdP said: `full` or `partial`. */
  ended: string | null
  back: Sealed | null
}

/** A LogoutRequest of an IdP that was obeyed: it counts once, and nothing that was issued before it opens a session after it. */
export interface LogoutRequestRow {
  idp: string
  id: string
  name_id_hmac: Blind
  /** JSON: the same of every SessionIndex that it named. */
  session_index_hmacs: string
  issued_at: number
  remember_until: number
  /** 1 as soon as every journal has confirmed: what the IdP is told when it asks again. */
  whole: number
}

/** A journal that must be told that a session has ended. */
export interface NoticeRow {
  id: string
  journal: string
  /** Pairwise names that say nothing about a person. */
  subject: string
  sid: string
  number: string
  since: number
  attempts: number
  next_at: number
  /** May hold an address of the journal. */
  mark: Sealed | null
}

/** What a journal's server may fetch once. */
export interface DepositRow {
  /** SHA-256 of the handle, base64url. */
  handle_hash: string
  journal: string
  session_key: string
  number: string
  content: Sealed
  expires_at: number
}

/** A browser inside a journal whose proxy asks us about its requests. */
export interface VisitRow {
  /** SHA-256 of the cookie's secret, base64url. */
  secret_hash: string
  journal: string
  session_key: string
  content: Sealed
  opened_at: number
}

export interface SessionRow {
  key: string
  /** Person, NameID, SessionIndex and, of a self-test, everything that was received. */
  content: Sealed
  /** Sealed too: a login often is an e-mail address or a name. Empty: none entered yet. */
  entered: Sealed
  opened_at: number
  idle_ends_at: number
  ends_at: number
  trace_until: number
  /** 1 as soon as the content holds no person any more. */
  traced: number
  number: string
  /** For a logout that the IdP starts, which names sessions by these. */
  name_id_hmac: Blind | null
  session_index_hmac: Blind | null
}

export interface AccountRow {
  account_id: string
  journal: string
  school: string
  /** Of journal, school, login and role: one row each. */
  key_hmac: Blind
  /** Of the whole record: tells changed from unchanged without opening anything. */
  content_hmac: Blind
  snils_hmac: Blind | null
  record: Sealed
  missing_since: number | null
  /** When a journal made it at a first login; null as soon as the school's list names it. */
  created_at: number | null
}

export interface IdpCopyRow {
  id: string
  source: string
  entity_id: string
  /** The metadata and everything that decides whether they count. Sealed against change, not for secrecy. */
  content: Sealed
  first_seen: number
  last_seen: number
}

export interface IdpSourceRow {
  source: string
  tried_at: number
  succeeded_at: number | null
  failing_since: number | null
  failures: number
  problem: string | null
  etag: string | null
  last_modified: string | null
  /** Milliseconds. */
  cache_duration: number | null
  rules: string
}

interface AuditTable {
  seq: Generated<number>
  at: number
  what: string
  result: string
  number: string | null
  code: string | null
  address: string | null
  device: string | null
  idp: string | null
  authn_method: string | null
  person: string | null
  journal: string | null
  account_id: string | null
  /** JSON. */
  facts: string | null
  /** JSON. */
  checks: string | null
  /** What proves that we wrote the row; null in those of older versions. */
  stamp: string | null
  /** Of audit_chain; null until it is taken in. */
  entry: number | null
}

export type AuditRow = Selectable<AuditTable>
export type NewAuditRow = Insertable<AuditTable>
