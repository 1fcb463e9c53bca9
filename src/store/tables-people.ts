/** Rows about people that outlive a session: to what they agreed, which accounts are theirs, what schools were asked. */
type Sealed = string
type Blind = string

export interface ConsentRow {
  id: string
  person_hmac: Blind
  /** The person's pseudonym of the audit, when it was given. */
  person: string
  /** Pairwise. */
  subject: string
  choice: string
  account_id: string
  school: string
  journal: string
  role: string
  version: string
  text_hash: string
  rule: string
  level: string
  authn_method: string | null
  number: string
  given_at: number
  ended_at: number | null
  /** `superseded` or `withdrawn`. */
  ended_how: string | null
  /** Of the child's number, or its folded name, in this journal of this school; only where the giver may agree for it. */
  child_id_hmac: Blind | null
  child_name_hmac: Blind | null
  /** Names, login, address and device; null once destroyed. */
  details: Sealed | null
}

/** What was kept on the ground of a consent that was withdrawn, and must go. */
export interface DestructionRow {
  id: string
  consent_id: string
  person_hmac: Blind
  person: string
  choice: string
  account_id: string
  school: string
  journal: string
  number: string
  /** `withdrawn`. */
  reason: string
  ordered_at: number
  due_at: number
  /** The consent was given again. */
  called_off_at: number | null
  /** The sessions that were open at the withdrawal are over for certain. */
  sessions_ended_at: number | null
  done_at: number | null
  /** JSON: how many records of which category went. */
  result: string | null
}

/** A person may use an account. */
export interface LinkRow {
  id: string
  account_id: string
  journal: string
  school: string
  person_hmac: Blind
  /** Of the СНИЛС that the person brought when the link was made, or that the school confirmed since. */
  snils_hmac: Blind | null
  ground: string
  since: number
  ended_at: number | null
  ended_by: string | null
  /** The person's name, and the owner whom the list named. */
  content: Sealed
}

/** A question to a school. */
export interface RequestRow {
  id: string
  number: string
  kind: string
  school: string
  journal: string
  person_hmac: Blind
  filed_at: number
  decided_at: number | null
  /** The person, the accounts, the decision and what it did. */
  content: Sealed
}

/** A code that the school printed. */
export interface CodeRow {
  id: string
  code_hmac: Blind
  account_id: string
  journal: string
  school: string
  made_at: number
  expires_at: number
  /** How often the account behind it was shown. */
  looks: number
  locked_at: number | null
  used_at: number | null
  revoked_at: number | null
}

/** An account that a journal was asked for, until its answer is written down. */
export interface CreationRow {
  id: string
  account_id: string
  person_hmac: Blind
  snils_hmac: Blind
  journal: string
  school: string
  role: string
  number: string
  since: number
  /** Whose it is, for a change of keys. */
  person: Sealed
}

/** A code that was sent to a person, for one purpose in one session. */
export interface ConfirmationRow {
  id: string
  session_key: string
  /** JSON: what it confirms, and an opaque id. */
  purpose: string
  way: string
  code_hmac: Blind
  sent_at: number
  expires_at: number
  tries: number
  /** Another code was sent since. */
  void_at: number | null
  confirmed_at: number | null
}

/** A browser on which a person was seen, or need not confirm twice. */
export interface DeviceRow {
  id: string
  /** Of the key of its cookie. */
  device_hmac: Blind
  person_hmac: Blind
  /** What the person brought then: another СНИЛС is not trusted. */
  snils_hmac: Blind | null
  name: Sealed
  since: number
  /** Null: it was only seen. */
  trusted_until: number | null
  /** The last sign-in, while sightings are written. */
  seen_at: number | null
}

/** A notice that waits to be sent. */
export interface MessageRow {
  id: string
  person_hmac: Blind
  kind: string
  number: string
  since: number
  attempts: number
  next_at: number
  /** Address, subject and text. */
  content: Sealed
}
