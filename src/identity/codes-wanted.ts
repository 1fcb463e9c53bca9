/** Which accounts of a list need a code: those that no СНИЛС leads to, that nobody uses yet, and that have none in somebody's hands. */
import type { Role } from '../words/account.js'
import type { RosterEntry } from './roster.js'

/** Of which accounts; each narrows. */
export interface CodesFor {
  readonly className?: string
  readonly role?: Role
  readonly login?: string
}

/** What is known of the accounts besides the list. */
export interface CodesKnown {
  /** Accounts that somebody uses. */
  readonly linked: ReadonlySet<string>
  /** Accounts with a code that may still be used. */
  readonly living: ReadonlySet<string>
}

export interface CodesWanted {
  /** By class, then by name: as slips are handed out. */
  readonly entries: readonly RosterEntry[]
  /** How many of the others were left out, and why. */
  readonly leftOut: { readonly bySnils: number; readonly linked: number; readonly living: number }
}

export function codesWanted(
  entries: readonly RosterEntry[],
  of: CodesFor,
  known: CodesKnown,
  also: { readonly everybody: boolean; readonly again: boolean },
): CodesWanted {
  const leftOut = { bySnils: 0, linked: 0, living: 0 }
  const wanted = named(entries, of).filter(({ accountId, snils }) => {
    const why = known.linked.has(accountId)
      ? 'linked'
      : snils !== undefined && !also.everybody
        ? 'bySnils'
        : known.living.has(accountId) && !also.again
          ? 'living'
          : undefined
    if (why) leftOut[why] += 1
    return why === undefined
  })
  return { entries: wanted.sort(inOrder), leftOut }
}

/** Those of the last import that are asked for. */
export const named = (entries: readonly RosterEntry[], { className, role, login }: CodesFor): RosterEntry[] =>
  entries
    .filter(entry => entry.missingSince === undefined)
    .filter(entry => role === undefined || entry.role === role)
    .filter(entry => login === undefined || entry.login === login)
    .filter(entry => className === undefined || classesOf(entry).some(one => folded(one) === folded(className)))

/** Of a pupil or class teacher, or of a parent's children. */
export const classesOf = ({ className, children }: RosterEntry): readonly string[] =>
  [className, ...children.map(child => child.className)].filter(one => one !== undefined)

/** `5 а` is `5А`. */
const folded = (className: string): string => className.replace(/\s/gu, '').toUpperCase()

function inOrder(a: RosterEntry, b: RosterEntry): number {
  const [one, other] = [a, b].map(entry => classesOf(entry)[0] ?? '') as [string, string]
  return one.localeCompare(other, 'ru', { numeric: true }) || nameOf(a).localeCompare(nameOf(b), 'ru')
}

const nameOf = ({ person }: RosterEntry): string => `${person.lastName} ${person.firstName}`
