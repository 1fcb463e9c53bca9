/**
 * Which columns stand under which keys, and what the look-up values are made of. Whoever adds a sealed column or a look-up value adds it
 * here: a test holds every table to these lists.
 */
import type { RosterRecord } from '../../identity/roster.js'
import type { NameId } from '../../saml/assertion.js'
import type { Person } from '../../words/person.js'
import { identityOf } from '../identity-of.js'
import type { Purpose } from '../lookup.js'
import { KEPT as ATTEMPTS_KEPT } from '../sql/attempts.js'
import { KEPT as CONFIRMATIONS_KEPT } from '../sql/confirmations.js'
import type { CreationContent } from '../sql/creations.js'
import { SEEN_KEPT, type DeviceContent } from '../sql/devices.js'
import { KEPT as COUNTS_KEPT } from '../sql/rate-counts.js'
import { KEPT as CODES_KEPT } from '../sql/codes.js'
import { idKey, nameKey, type ConsentFound } from '../sql/consents.js'
import type { openLink } from '../sql/links.js'
import type { RequestContent } from '../sql/requests.js'
import { canonical, rosterKey } from '../sql/roster-comparison.js'
import { nameAt } from '../sql/sessions.js'
import type { Tables } from '../tables.js'

export type Row = Readonly<Record<string, string | number | null>>

/** What a look-up value hashes; undefined when the row does not say. */
type Source = readonly [Purpose, string] | undefined

/** @param opened what the sealed columns of the row say, by column */
type SourceOf = (row: Row, opened: Readonly<Record<string, unknown>>) => Source

export interface Rotated {
  readonly table: keyof Tables
  /** Primary key, which the sealed values are bound to. */
  readonly id: string
  readonly sealed: readonly string[]
  readonly values?: Readonly<Record<string, SourceOf>>
  /** Columns beside the look-up value that make a row the only one of its kind, while `where` holds. */
  readonly unique?: { readonly value: string; readonly columns: readonly string[]; readonly whileNull?: string }
  /** Other rows that repeat the look-up value and change with it. */
  readonly repeated?: { readonly table: keyof Tables; readonly column: string; readonly by: string }
  /** Column with the time at which the row is gone, for values that cannot be computed anew. */
  readonly gone?: string
}

type SessionContent = { readonly person?: Person; readonly nameId?: NameId; readonly sessionIndex?: string }

const inSession =
  (purpose: Purpose, of: (content: SessionContent) => string | undefined): SourceOf =>
  (_row, { content }) => {
    const { person } = content as SessionContent
    const name = of(content as SessionContent)
    // the trace of a session that is over names no IdP; it is gone within a day
    return person && name !== undefined ? [purpose, nameAt(person.idp, name)] : undefined
  }

const inRoster =
  (purpose: Purpose, of: (record: RosterRecord, row: Row) => string | undefined): SourceOf =>
  (row, { record }) => {
    const value = of(record as RosterRecord, row)
    return value === undefined ? undefined : [purpose, value]
  }

const inConsent =
  (purpose: Purpose, of: (found: ConsentFound) => string | undefined): SourceOf =>
  (_row, { details }) => {
    const { found } = (details ?? {}) as { readonly found?: ConsentFound }
    const value = found && of(found)
    return value === undefined ? undefined : [purpose, value]
  }

const inLink =
  (purpose: Purpose, of: 'identity' | 'number'): SourceOf =>
  (_row, { content }) => {
    const value = (content as ReturnType<typeof openLink>)[of]
    return value === undefined ? undefined : [purpose, value]
  }

const scope = ({ journal, school }: Row) => ({ journal: String(journal), school: String(school) })

export const rotated: readonly Rotated[] = [
  { table: 'logins', id: 'id', sealed: ['target'] },
  { table: 'logouts', id: 'id', sealed: ['then_target', 'back'] },
  { table: 'notices', id: 'id', sealed: ['mark'] },
  { table: 'deposits', id: 'handle_hash', sealed: ['content'] },
  { table: 'visits', id: 'secret_hash', sealed: ['content'] },
  { table: 'idp_copies', id: 'id', sealed: ['content'] },
  {
    table: 'sessions',
    id: 'key',
    sealed: ['content', 'entered'],
    values: {
      name_id_hmac: inSession('name-id', ({ nameId }) => nameId?.value),
      session_index_hmac: inSession('session-index', ({ sessionIndex }) => sessionIndex),
    },
    gone: 'trace_until',
  },
  {
    table: 'accounts',
    id: 'account_id',
    sealed: ['record'],
    values: {
      key_hmac: inRoster('roster-key', (record, row) => rosterKey(scope(row), record)),
      content_hmac: inRoster('roster-content', canonical),
      snils_hmac: inRoster('snils', ({ snils }) => snils),
    },
    unique: { value: 'key_hmac', columns: [] },
  },
  {
    table: 'consents',
    id: 'id',
    sealed: ['details'],
    values: {
      person_hmac: inConsent('person', ({ identity }) => identity),
      child_id_hmac: inConsent('child', ({ child }) => child && idKey(child)),
      child_name_hmac: inConsent('child', ({ child }) => child && nameKey(child)),
    },
    repeated: { table: 'destructions', column: 'person_hmac', by: 'consent_id' },
  },
  {
    table: 'links',
    id: 'id',
    sealed: ['content'],
    values: { person_hmac: inLink('person', 'identity'), snils_hmac: inLink('snils', 'number') },
  },
  {
    table: 'creations',
    id: 'id',
    sealed: ['person'],
    values: {
      person_hmac: (_row, { person }) => ['person', (person as CreationContent).identity],
      snils_hmac: (_row, { person }) => ['snils', (person as CreationContent).number],
    },
    unique: { value: 'snils_hmac', columns: ['journal', 'school'] },
  },
  {
    table: 'devices',
    id: 'id',
    sealed: ['name'],
    values: {
      person_hmac: (_row, { name }) => ['person', (name as DeviceContent).identity],
      // of a browser that was only seen it says nothing
      snils_hmac: ({ snils_hmac }, { name }) => {
        const { number } = name as DeviceContent
        return snils_hmac === null || number === undefined ? undefined : ['snils', number]
      },
    },
  },
  {
    table: 'messages',
    id: 'id',
    sealed: ['content'],
    values: { person_hmac: (_row, { content }) => ['person', (content as { readonly identity: string }).identity] },
  },
  {
    table: 'notice_choices',
    id: 'id',
    sealed: ['person'],
    values: { person_hmac: (_row, { person }) => ['person', person as string] },
    unique: { value: 'person_hmac', columns: [] },
  },
  {
    table: 'requests',
    id: 'id',
    sealed: ['content'],
    values: { person_hmac: (_row, { content }) => ['person', identityOf((content as RequestContent).person)] },
    unique: { value: 'person_hmac', columns: ['kind', 'school', 'journal'], whileNull: 'decided_at' },
  },
]

/** Look-up values whose plain value is kept nowhere: they are looked for under every key until the row ends by itself. */
export const ending: readonly {
  readonly table: keyof Tables
  readonly column: string
  /** Column of the time from which the row is kept for so many milliseconds. */
  readonly from: string
  readonly kept: number
}[] = [
  { table: 'codes', column: 'code_hmac', from: 'expires_at', kept: CODES_KEPT },
  { table: 'confirmations', column: 'code_hmac', from: 'sent_at', kept: CONFIRMATIONS_KEPT },
  // where it is used, the row is written anew under the first key
  { table: 'devices', column: 'device_hmac', from: 'since', kept: SEEN_KEPT },
  { table: 'rate_counts', column: 'who_hmac', from: 'since', kept: COUNTS_KEPT },
  { table: 'attempts', column: 'who_hmac', from: 'at', kept: ATTEMPTS_KEPT },
  // the values of session_index_hmacs are of the same key and the same row
  { table: 'logout_requests', column: 'name_id_hmac', from: 'remember_until', kept: 0 },
]
