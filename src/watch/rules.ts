/**
 * The table of rules: what each looks at, how it counts, and when it speaks. Read this file first.
 *
 * Whoever may be locked is counted only by what they did themselves. A row names a person when a verified assertion stands behind it, and of those rows the rules
 * about people take only sign-ins and answers typed into forms that carry a token of the session: nobody else can write one
 * (docs/decisions/0023-nobody-locks-another.md).
 */
import { createHash } from 'node:crypto'
import type { AuditEvent } from '../audit/audit.js'
import { refusals, type RefusalCode } from '../base/refusals.js'
import { networkOf } from '../login/failed-calls.js'
import type { RuleName, Subject } from '../words/watched.js'
import type { Place } from './places.js'

/** What the settings say of one rule. */
export interface RuleTerms {
  readonly action: 'off' | 'notify' | 'lock'
  /** Where it speaks: failures, accounts, devices; of `travel` kilometres an hour. */
  readonly most: number
  /** Milliseconds that are looked back. */
  readonly within: number
}

export interface Surroundings {
  /** Of a school: many people stand behind one address there, and none is locked out with the others. */
  readonly isSchool: (address: string) => boolean
  readonly placeOf: (address: string) => Place | undefined
}

export interface Rule {
  readonly name: RuleName
  readonly of: Subject['kind']
  /** `events`: how many. `different`: how many different marks. The other two compare: places, and a day with the days before. */
  readonly counts: 'events' | 'different' | 'places' | 'spike'
  /** Whether the settings may let it lock. */
  readonly mayLock: boolean
  /** The person may lift its lock by a code to their own address: what it asks is whether it was they. */
  readonly liftedByPerson?: true
  readonly usual: RuleTerms
  /** @returns whom the row is about and what it is told apart by; undefined when the rule has nothing to do with it */
  readonly look: (
    row: AuditEvent,
    around: Surroundings,
  ) => { readonly subject: string; readonly mark: string } | undefined
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Typed by the person into a form of their own session. No limit is among them: others use it up at the same address, or on the same account. */
const OWN_TRIES: readonly RefusalCode[] = [
  'confirm.wrong',
  'confirm.locked',
  'code.wrong',
  'code.locked',
  'proof.wrong',
]
const CODE_TRIES: readonly RefusalCode[] = ['code.wrong', 'code.mistyped', 'code.locked', 'code.limit', 'proof.wrong']

/** What a lock itself refuses must not keep it standing. */
const isFailure = ({ result, code }: AuditEvent): boolean =>
  result === 'refused' && code !== undefined && !code.startsWith('lock.')

const faultOf = (code: RefusalCode | undefined) => (code === undefined ? undefined : refusals[code].fault)

/** Events are counted by the minute. */
const minuteOf = ({ at }: AuditEvent): string => String(Math.floor(at / MINUTE))

/** Named by what a browser says of itself; the words themselves are not kept. */
const deviceOf = ({ device = '' }: AuditEvent): string =>
  createHash('sha256').update(device).digest('base64url').slice(0, 16)

const outside = ({ address = '' }: AuditEvent, { isSchool }: Surroundings): string | undefined =>
  address === '' || isSchool(address) ? undefined : networkOf(address)

const isSignIn = ({ what, person }: AuditEvent): boolean => what === 'login.verified' && person !== undefined

export const rules: readonly Rule[] = [
  {
    name: 'person-failures',
    of: 'person',
    counts: 'events',
    mayLock: true,
    usual: { action: 'lock', most: 20, within: HOUR },
    look: row =>
      isFailure(row) && row.person !== undefined && OWN_TRIES.includes(row.code!)
        ? { subject: row.person, mark: minuteOf(row) }
        : undefined,
  },
  {
    name: 'network-failures',
    of: 'network',
    counts: 'events',
    mayLock: true,
    usual: { action: 'notify', most: 100, within: 10 * MINUTE },
    look(row, around) {
      const network = isFailure(row) && faultOf(row.code) === 'person' ? outside(row, around) : undefined
      return network === undefined ? undefined : { subject: network, mark: minuteOf(row) }
    },
  },
  {
    name: 'many-accounts',
    of: 'network',
    counts: 'different',
    mayLock: true,
    usual: { action: 'notify', most: 60, within: 10 * MINUTE },
    look(row, around) {
      const network = isSignIn(row) ? outside(row, around) : undefined
      return network === undefined ? undefined : { subject: network, mark: row.person! }
    },
  },
  {
    name: 'codes-tried',
    of: 'network',
    counts: 'events',
    mayLock: true,
    usual: { action: 'notify', most: 30, within: HOUR },
    look(row, around) {
      const network = isFailure(row) && CODE_TRIES.includes(row.code!) ? outside(row, around) : undefined
      return network === undefined ? undefined : { subject: network, mark: minuteOf(row) }
    },
  },
  {
    name: 'travel',
    of: 'person',
    counts: 'places',
    mayLock: true,
    liftedByPerson: true,
    usual: { action: 'notify', most: 1_000, within: 24 * HOUR },
    look(row, { placeOf }) {
      const place = isSignIn(row) ? placeOf(row.address ?? '') : undefined
      return place && { subject: row.person!, mark: place.title }
    },
  },
  {
    name: 'many-devices',
    of: 'person',
    counts: 'different',
    mayLock: true,
    liftedByPerson: true,
    usual: { action: 'notify', most: 8, within: 24 * HOUR },
    look: row => (isSignIn(row) ? { subject: row.person!, mark: deviceOf(row) } : undefined),
  },
  {
    name: 'refusal-spike',
    of: 'code',
    counts: 'spike',
    mayLock: false,
    usual: { action: 'notify', most: 20, within: 10 * MINUTE },
    look: row => (isFailure(row) ? { subject: row.code!, mark: minuteOf(row) } : undefined),
  },
]

export const ruleOf = (name: RuleName): Rule => rules.find(rule => rule.name === name)!
