/**
 * Identity: who this is for the school. The school's own list of people, and the rules that find a person in it.
 * Does not touch: how the IdP proved the person (saml), how a journal is entered (journals).
 * Called by: login, the command line (import).
 */
import type { Instant } from '../base/clock.js'
import type { Child, Role } from '../words/account.js'
import type { SchoolCode } from '../words/school.js'
import type { Snils } from '../words/snils.js'

/** The person to whom the school gave the account, as the school writes the name. */
export interface RosterPerson {
  readonly lastName: string
  readonly firstName: string
  readonly middleName?: string
  /** `2014-05-31`. */
  readonly birthDate?: string
}

/** One account of the school's list, with the children it shows. Its key is (journal, school, login, role). */
export interface RosterRecord {
  readonly login: string
  readonly role: Role
  readonly person: RosterPerson
  readonly snils?: Snils
  readonly className?: string
  readonly email?: string
  /** Of a parent's account: none means that the account shows no single child. Their `id` is unique in one record. */
  readonly children: readonly Child[]
}

/** A record as it is stored. */
export interface RosterEntry extends RosterRecord {
  /** Opaque, drawn at the first import, the same for ever. */
  readonly accountId: string
  readonly journal: string
  readonly school: SchoolCode
  /** Since when imports no longer name it. It may still be used; the school decides. */
  readonly missingSince?: Instant
  /** When a journal made it at a first login; no list has named it since. */
  readonly createdAt?: Instant
}

/** What an import would do, or did. Logins, since they name rows without naming people. */
export interface ImportPlan {
  /** How many accounts of this school and journal stood in the list before. */
  readonly before: number
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly unchanged: number
  readonly missing: readonly string[]
}

export interface Replacing {
  readonly now: Instant
  /** Sees what is about to be written; whatever it throws leaves everything as it was. */
  readonly check?: (plan: ImportPlan) => void
  /** Hears how many of the records that must be written are. */
  readonly wrote?: (done: number, all: number) => void
}

export interface Roster {
  /** Every account of this СНИЛС, over all schools and journals. Not those missing from the last import for the school. */
  bySnils(snils: Snils): Promise<readonly RosterEntry[]>
  /** Those of the accounts that the last import for the school named, in no order. */
  byAccounts(accountIds: readonly string[]): Promise<readonly RosterEntry[]>
  /** The accounts of this login, in whatever role. Not those missing from the last import for the school. */
  byLogin(journal: string, schools: readonly SchoolCode[], login: string): Promise<readonly RosterEntry[]>
  /** Compares without writing. */
  plan(journal: string, school: SchoolCode, records: readonly RosterRecord[]): Promise<ImportPlan>
  /** Writes all or nothing, in one transaction. Nothing is deleted: what is no longer named is marked `missingSince`, unless no list ever named it. */
  replace(
    journal: string,
    school: SchoolCode,
    records: readonly RosterRecord[],
    replacing: Replacing,
  ): Promise<ImportPlan>
  /** Everything that is stored, what is missing included; of one journal or school, when named. */
  entries(of: { readonly journal?: string; readonly school?: SchoolCode }): Promise<readonly RosterEntry[]>
  count(journal: string): Promise<number>
}
