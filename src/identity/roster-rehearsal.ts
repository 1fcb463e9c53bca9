/** A list that is not imported yet, held against the rules in force: what would every person of it find afterwards? */
import { Refusal } from '../base/refusal.js'
import type { Choice } from '../words/account.js'
import type { Person } from '../words/person.js'
import type { Snils } from '../words/snils.js'
import { accountsFor, type Destination } from './match.js'
import type { RosterEntry, RosterRecord } from './roster.js'

/** One person, by the logins that the lists give the number. */
interface Change {
  readonly logins: readonly string[]
  /** `login role child`, each a place where the person may go. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Why there is nothing afterwards: a code of docs/refusals.md. */
  readonly refused?: string
}

export interface RosterRehearsal {
  /** Numbers in the two lists. */
  readonly people: number
  readonly same: number
  /** Find accounts before and none afterwards. */
  readonly lost: readonly Change[]
  /** One number on several people afterwards: all of them are refused. */
  readonly doubled: readonly Change[]
  /** Find others afterwards than before. */
  readonly changed: readonly Change[]
  /** Find nothing before and something afterwards. */
  readonly gained: readonly Change[]
}

type Found = { readonly places: readonly string[]; readonly refused?: string }

/**
 * Everybody comes as the list knows them today, with a confirmed account: who will be told apart by name is told apart here.
 *
 * @param entries what is stored, of all journals of the school: another journal's list also tells on whom a number stands
 */
export function rehearse(
  entries: readonly RosterEntry[],
  records: readonly RosterRecord[],
  destination: Destination & { readonly school: string },
): RosterRehearsal {
  const { journal, school } = destination
  const standing = entries.filter(entry => entry.missingSince === undefined)
  const others = standing.filter(entry => entry.journal !== journal.id || entry.school !== school)
  const fresh = records.map((record): RosterEntry => ({ ...record, accountId: `${record.role} ${record.login}`, journal: journal.id, school })) // prettier-ignore
  const [before, after] = [bySnils(standing), bySnils([...others, ...fresh])]
  const everybody = new Set([...before.keys(), ...after.keys()])

  const found: Record<Kind, Change[]> = { same: [], lost: [], doubled: [], changed: [], gained: [] }
  for (const snils of everybody) {
    const [then, soon] = [before.get(snils) ?? [], after.get(snils) ?? []]
    const person = personOf(snils, then.length > 0 ? then : soon)
    const [was, willBe] = [find(person, then, destination), find(person, soon, destination)]
    found[kindOf(was, willBe)].push(changeOf([...then, ...soon], was, willBe))
  }
  for (const changes of Object.values(found)) changes.sort((a, b) => (a.logins.join() < b.logins.join() ? -1 : 1))
  return { ...found, people: everybody.size, same: found.same.length }
}

type Kind = 'same' | 'lost' | 'doubled' | 'changed' | 'gained'

function kindOf(before: Found, after: Found): Kind {
  if (after.refused === DOUBLED) return before.refused === DOUBLED ? 'same' : 'doubled'
  const [had, has] = [before.places.length > 0, after.places.length > 0]
  if (had !== has) return had ? 'lost' : 'gained'
  return before.places.join('\n') === after.places.join('\n') ? 'same' : 'changed'
}

const DOUBLED = 'identity.ambiguous'

function bySnils(entries: readonly RosterEntry[]): Map<Snils, RosterEntry[]> {
  const found = new Map<Snils, RosterEntry[]>()
  for (const entry of entries) {
    if (entry.snils === undefined) continue
    const group = found.get(entry.snils)
    if (group) group.push(entry)
    else found.set(entry.snils, [entry])
  }
  return found
}

/** Whom the IdP would bring. What the list does not agree on is left out, so that it contradicts nothing. */
function personOf(snils: Snils, entries: readonly RosterEntry[]): Person {
  const only = <T>(values: readonly (T | undefined)[]) => {
    const known = new Set(values.filter(value => value !== undefined))
    return known.size === 1 ? [...known][0] : undefined
  }
  const firstName = only(entries.map(({ person }) => person.firstName))
  const birthDate = only(entries.map(({ person }) => person.birthDate))
  return {
    idp: '',
    snils,
    ...(firstName !== undefined && { firstName }),
    ...(birthDate !== undefined && { birthDate }),
    level: 'confirmed',
    globalRole: 'P',
    authenticatedAt: 0,
  }
}

/** By the list alone: links that were made on other evidence stand besides. */
function find(person: Person, entries: readonly RosterEntry[], destination: Destination): Found {
  try {
    return {
      places: accountsFor(person, { entries, links: [], held: new Set() }, destination).choices.map(placeOf).sort(),
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { places: [], refused: error.code }
  }
}

const placeOf = ({ account, child }: Choice): string =>
  [account.login, account.role, ...(child ? [child.id] : [])].join(' ')

function changeOf(entries: readonly RosterEntry[], before: Found, after: Found): Change {
  return {
    logins: [...new Set(entries.map(({ login }) => login))],
    before: before.places,
    after: after.places,
    ...(after.refused !== undefined && { refused: after.refused }),
  }
}
