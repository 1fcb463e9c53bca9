import type { Person } from '../words/person.js'
import type { Ports } from './ports.js'

/**
 * Whoever is locked may be somebody else who got in: they enter nothing, bind nothing and decide nothing. A lock holds for the human, under
 * every name that the IdPs of the bridge give them: links tell which ones share a СНИЛС.
 *
 * @throws Refusal `lock.*`
 */
export async function checkUnlocked(
  { standing, pseudonyms }: Pick<Ports, 'standing' | 'pseudonyms'>,
  person: Person,
  address: string,
): Promise<void> {
  const asksLinks = standing.locksPeople && person.snils !== undefined
  standing.checkPerson(pseudonyms, person, asksLinks ? await pseudonyms.ofSnils(person.snils) : [])
  standing.checkNetwork(address)
}
