import type { Person } from '../words/person.js'
import type { Snils } from '../words/snils.js'

/** What stays the same from login to login; the IdP's own lasting number before all, since a СНИЛС may be corrected. */
export function identityOf(person: Person): string {
  if (person.userId !== undefined) return JSON.stringify(['user-id', person.idp, person.userId])
  if (person.snils !== undefined) return identityOfSnils(person.snils)
  const { idp, lastName, firstName, middleName, birthDate, email, mobile } = person
  return JSON.stringify(['name', idp, lastName, firstName, middleName, birthDate, email, mobile])
}

export const identityOfSnils = (snils: Snils): string => JSON.stringify(['snils', snils])
