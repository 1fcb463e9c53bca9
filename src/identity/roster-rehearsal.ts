/** A list that is not imported yet, held against the rules in force: what would every person of it find afterwards? */
import { Refusal } from '../base/refusal.js'
import type { Choice } from '../words/account.js'
import type { Person } from '../words/person.js'
import type { Snils } from '../words/snils.js'
import type { ListedLink, OwnLink } from './links.js'
import { accountsFor, type Destination, type Evidence } from './match.js'
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
  /** Numbers in the two lists, and those who enter by a link alone. */
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
 * A link belongs to whom the list gives the account today, by the number; else to somebody who enters by it alone.
 *
 * @param entries what is stored, of all journals of the school: another journal's list also tells on whom a number stands
 * @param links active ones of this journal and school
 */
export function rehearse(
  entries: readonly RosterEntry[],
  records: readonly RosterRecord[],
  links: readonly ListedLink[],
  destination: Destination & { readonly school: string },
): RosterRehearsal {
  const { journal, school } = destination
  const here = (entry: RosterEntry) => entry.journal === journal.id && entry.school === school
  const standing = entries.filter(entry => entry.missingSince === undefined)
  const fresh = afterImport(entries.filter(here), records, destination)
  const lists = { before: standing, after: [...standing.filter(entry => !here(entry)), ...fresh] }

  const found: Record<Kind, Change[]> = { same: [], lost: [], doubled: [], changed: [], gained: [] }
  const everybody = [...byNumber(lists, links), ...byLinkAlone(lists, links)]
  for (const { person, before, after } of everybody) {
    const [was, willBe] = [find(person, before, destination), find(person, after, destination)]
    found[kindOf(was, willBe)].push(changeOf([...before.entries, ...after.entries], was, willBe))
  }
  for (const changes of Object.values(found)) changes.sort((a, b) => (a.logins.join() < b.logins.join() ? -1 : 1))
  return { ...found, people: everybody.length, same: found.same.length }
}

/** An account keeps what hangs on it while role and login stay; one that no list ever named stays anyway. */
function afterImport(
  stored: readonly RosterEntry[],
  records: readonly RosterRecord[],
  { journal, school }: Destination & { readonly school: string },
): RosterEntry[] {
  const name = ({ role, login }: RosterRecord) => `${role} ${login}`
  const ids = new Map(stored.map(entry => [name(entry), entry.accountId]))
  const listed = records.map(record => ({
    ...record,
    ...{ accountId: ids.get(name(record)) ?? name(record), journal: journal.id, school },
  }))
  const named = new Set(listed.map(({ accountId }) => accountId))
  const made = stored.filter(entry => entry.createdAt !== undefined && entry.missingSince === undefined)
  return [...listed, ...made.filter(({ accountId }) => !named.has(accountId))]
}

/** A person before both lists. */
interface Rehearsed {
  readonly person: Person
  readonly before: Evidence
  readonly after: Evidence
}

type Lists = { readonly before: readonly RosterEntry[]; readonly after: readonly RosterEntry[] }

function* byNumber({ before, after }: Lists, links: readonly ListedLink[]): Iterable<Rehearsed> {
  const [then, soon] = [bySnils(before), bySnils(after)]
  const linked = new Map(links.map(link => [link.accountId, link]))
  for (const snils of new Set([...then.keys(), ...soon.keys()])) {
    const [had, has] = [then.get(snils) ?? [], soon.get(snils) ?? []]
    const own = had.flatMap(({ accountId }) => {
      const link = linked.get(accountId)
      return link?.number === 'listed' ? link : []
    })
    const ids = own.map(({ accountId }) => accountId)
    const kept = after.filter(entry => ids.includes(entry.accountId) && !has.includes(entry))
    const held = [...had, ...has].filter(({ accountId }) => linked.has(accountId) && !ids.includes(accountId))
    const shared = { links: own.map(asOwn), held: new Set(held.map(({ accountId }) => accountId)) }
    const person = personOf(snils, had.length > 0 ? had : has)
    yield { person, before: { entries: had, ...shared }, after: { entries: [...has, ...kept], ...shared } }
  }
}

/** Whom the list gives no number, or another one: they came by a code, or the school said so. */
function* byLinkAlone({ before, after }: Lists, links: readonly ListedLink[]): Iterable<Rehearsed> {
  const [then, soon] = [byId(before), byId(after)]
  for (const link of links.filter(({ number }) => number !== 'listed')) {
    const person: Person = { ...STRANGER, ...link.listed }
    const evidence = (entry: RosterEntry | undefined): Evidence => ({
      ...{ entries: entry ? [entry] : [], links: [asOwn(link)], held: new Set() },
    })
    yield { person, before: evidence(then.get(link.accountId)), after: evidence(soon.get(link.accountId)) }
  }
}

const byId = (entries: readonly RosterEntry[]) => new Map(entries.map(entry => [entry.accountId, entry]))

const asOwn = (link: ListedLink): OwnLink => ({ ...link, snils: 'same' })

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
    ...STRANGER,
    snils,
    ...(firstName !== undefined && { firstName }),
    ...(birthDate !== undefined && { birthDate }),
  }
}

const STRANGER: Person = { idp: '', level: 'confirmed', globalRole: 'P', authenticatedAt: 0 }

function find(person: Person, evidence: Evidence, destination: Destination): Found {
  try {
    return { places: accountsFor(person, evidence, destination).choices.map(placeOf).sort() }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // whoever enters by a link alone may well have a number: the list does not know it
    return { places: [], refused: error.code === 'identity.no-snils' ? 'identity.not-linked' : error.code }
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
