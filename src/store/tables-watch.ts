/** Rows of the watch. Nobody is named here: `subject` is a pseudonym of the audit, the prefix of an address, or a code. */

/** What was seen of one kind, once each: see watch/ports.ts. */
export interface TallyRow {
  tally: string
  subject: string
  mark: string
  count: number
  at: number
  gone_at: number
}

export interface AnomalyRow {
  id: string
  rule: string
  kind: string
  subject: string
  number: string | null
  value: number
  first_at: number
  last_at: number
  /** `open`, `acknowledged` or `closed`. */
  state: string
  decided_at: number | null
  decided_by: string | null
  reason: string | null
  /** How often the administration was told. */
  told: number
  told_at: number | null
  /** JSON: school, journal and account, all opaque. */
  accounts: string | null
}

export interface LockRow {
  id: string
  kind: string
  subject: string
  rule: string
  anomaly: string | null
  since: number
  until: number
  ended_at: number | null
  ended_by: string | null
  reason: string | null
}

export interface BannerRow {
  idp: string
  trouble: string
  since: number
  /** Set by an operator, until then. */
  until: number | null
}

/** A message to the administration that waits to be sent. */
export interface AlertRow {
  id: string
  channel: string
  since: number
  attempts: number
  next_at: number
  /** JSON. */
  content: string
}
