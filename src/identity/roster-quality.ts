/** What is wrong with a list that was imported: nothing of it hinders an import, all of it hinders somebody's entry. */
import type { Instant } from '../base/clock.js'
import type { SchoolCode } from '../words/school.js'
import { parseSnils } from '../words/snils.js'
import { foldName } from './names.js'
import type { RosterEntry } from './roster.js'

/** An account by its login: nobody is named. */
export interface Row {
  readonly journal: string
  readonly school: SchoolCode
  readonly login: string
  readonly role: RosterEntry['role']
}

export interface RosterQuality {
  /** Accounts that the last import named. */
  readonly accounts: number
  readonly withoutSnils: readonly Row[]
  /** The check number is wrong; an import of ours takes no such number, but older data may have one. */
  readonly badSnils: readonly Row[]
  /** Groups of accounts of one school with one СНИЛС and other names or birth dates: all of them are refused at the door. */
  readonly sharedSnils: readonly (readonly Row[])[]
  /** Groups of accounts of one journal and school whose logins differ in case alone, or that stand on people with other names. */
  readonly loginTwice: readonly (readonly Row[])[]
  readonly parentsWithoutEmail: readonly Row[]
  /** No parent's account of the same journal and school shows them. */
  readonly pupilsWithoutParent: readonly Row[]
  /** Parents who may act for none of their children any more. */
  readonly authorityOver: readonly Row[]
  /** With the time since when imports no longer name them. */
  readonly missing: readonly (Row & { readonly since: Instant })[]
}

/** @param today `2026-09-01` @param entries of all journals of the schools, those that are missing included */
export function qualityOf(entries: readonly RosterEntry[], today: string): RosterQuality {
  const sorted = [...entries].sort((a, b) => compare(a.login, b.login))
  const standing = sorted.filter(entry => entry.missingSince === undefined)
  const rows = (test: (entry: RosterEntry) => boolean) => standing.filter(test).map(rowOf)
  const named = namedChildren(standing)
  return {
    accounts: standing.length,
    withoutSnils: rows(entry => entry.snils === undefined),
    badSnils: rows(entry => entry.snils !== undefined && parseSnils(entry.snils) === undefined),
    sharedSnils: groups(standing, entry => entry.snils && `${entry.school} ${entry.snils}`, strangers),
    loginTwice: groups(standing, entry => `${place(entry)} ${entry.login.toLowerCase()}`, unlikeLogins),
    parentsWithoutEmail: rows(entry => entry.role === 'parent' && entry.email === undefined),
    pupilsWithoutParent: rows(entry => entry.role === 'pupil' && !keysOfPupil(entry).some(key => named.has(key))),
    authorityOver: rows(
      ({ children }) => children.length > 0 && children.every(({ until }) => until !== undefined && until < today),
    ),
    missing: sorted.flatMap(entry =>
      entry.missingSince === undefined ? [] : [{ ...rowOf(entry), since: entry.missingSince }],
    ),
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const rowOf = ({ journal, school, login, role }: RosterEntry): Row => ({ journal, school, login, role })
const place = ({ journal, school }: RosterEntry): string => `${journal} ${school}`

function groups(
  entries: readonly RosterEntry[],
  keyOf: (entry: RosterEntry) => string | undefined,
  test: (group: readonly RosterEntry[]) => boolean,
): Row[][] {
  const byKey = new Map<string, RosterEntry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    if (key === undefined) continue
    const group = byKey.get(key)
    if (group) group.push(entry)
    else byKey.set(key, [entry])
  }
  return [...byKey.values()].filter(group => group.length > 1 && test(group)).map(group => group.map(rowOf))
}

const several = (values: Iterable<string | undefined>): boolean =>
  new Set([...values].filter(value => value !== undefined)).size > 1

/** As match.ts tells people apart: by first names and birth dates; last names change. */
const strangers = (group: readonly RosterEntry[]): boolean =>
  several(group.map(({ person }) => foldName(person.firstName))) || several(group.map(({ person }) => person.birthDate))

const unlikeLogins = (group: readonly RosterEntry[]): boolean =>
  several(group.map(({ login }) => login)) ||
  several(group.map(({ person }) => foldName(`${person.lastName} ${person.firstName}`)))

/** What parents call their children: the journal's code, or the name as it stands in the list. */
function namedChildren(entries: readonly RosterEntry[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap(entry =>
      entry.children.flatMap(({ id, name }) => [`${place(entry)} id ${id}`, `${place(entry)} name ${foldName(name)}`]),
    ),
  )
}

/** A pupil's record has no code: it is known by its login where the list had none, else by its name. */
function keysOfPupil(entry: RosterEntry): string[] {
  const { lastName, firstName, middleName = '' } = entry.person
  const names = [`${lastName} ${firstName}`, `${lastName} ${firstName} ${middleName}`]
  return [`${place(entry)} id ${entry.login}`, ...names.map(name => `${place(entry)} name ${foldName(name)}`)]
}
