/** The stand takes nothing real: telephones, addresses and numbers that nobody was ever given. */
import { parseSnils, printSnils, type Snils } from '../../words/snils.js'
import type { TestPerson } from '../people.js'

/** Of the block 900-000-NNN, which is not issued. */
export const isInvented = (snils: Snils): boolean => snils.startsWith('900000')

export const INVENTED_PHONE = /^(?:\+7|8)000\d{7}$/

/** The first number of the block that nobody here has. */
export function suggestedSnils(persons: readonly TestPerson[]): string {
  const used = new Set(persons.map(({ snils }) => (snils === undefined ? undefined : parseSnils(snils))))
  for (let last = 101; last < 1000; last += 1) {
    const nine = String(900_000_000 + last)
    const sum = Array.from(nine, Number).reduce((total, digit, i) => total + digit * (9 - i), 0)
    const snils = parseSnils(nine + String((sum % 101) % 100).padStart(2, '0'))
    if (snils !== undefined && !used.has(snils)) return printSnils(snils)
  }
  return ''
}
