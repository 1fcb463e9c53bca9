/** What is written down about a person and their accounts; the rules that weigh it are identity's. */
import type { Evidence } from '../identity/match.js'
import type { Person } from '../words/person.js'
import type { Ports } from './ports.js'

/** Looked up afresh at every entry: a right that the school took back ends with the next click. */
export async function evidenceFor(
  { roster, links }: Pick<Ports, 'roster' | 'links'>,
  person: Person,
): Promise<Evidence> {
  const listed = person.snils === undefined ? [] : await roster.bySnils(person.snils)
  const ids = listed.map(({ accountId }) => accountId)
  const { own, held } = await links.around(person, ids)
  const others = own.flatMap(({ accountId, ended }) => (ended || ids.includes(accountId) ? [] : accountId))
  if (others.length === 0) return { entries: listed, links: own, held }
  const linked = await roster.byAccounts(others)
  const alsoHeld = await links.around(person, others)
  return { entries: [...listed, ...linked], links: own, held: new Set([...held, ...alsoHeld.held]) }
}
