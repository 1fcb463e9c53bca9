/** A child whom a parent misses in the journal: what the parent typed of it, and which children of the list it may be. Pure. */
import type { Child } from '../words/account.js'
import type { AskedChild } from '../words/asked-child.js'
import { foldName } from './names.js'

/** Characters. */
export const LONGEST = { name: 60, className: 12 } as const

export type Field = keyof AskedChild

/** @returns the child, or the first field that cannot be what it says */
export function readAskedChild(typed: Readonly<Partial<Record<Field, string>>>, today: string): AskedChild | Field {
  const clean = (text: string | undefined): string => (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim()
  const [lastName, firstName] = [clean(typed.lastName), clean(typed.firstName)]
  const [className, birthDate] = [clean(typed.className), clean(typed.birthDate)]
  if (!isName(lastName)) return 'lastName'
  if (!isName(firstName)) return 'firstName'
  if (birthDate !== '' && !isBirthDate(birthDate, today)) return 'birthDate'
  if (!/^[\p{L}\p{N}][\p{L}\p{N} «»".-]*$/u.test(className) || className.length > LONGEST.className) return 'className'
  return { lastName, firstName, ...(birthDate !== '' && { birthDate }), className }
}

/** Letters, and what stands between them in names of all peoples. */
const isName = (text: string): boolean => text.length <= LONGEST.name && /^\p{L}[\p{L}\p{M}'’.\- ]*$/u.test(text)

function isBirthDate(text: string, today: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  const real = at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
  return real && text <= today && text > '1990'
}

/** Last and first name stand among the words of the list, which writes them in whatever order; the class may be last year's. */
export function isSought({ name }: Child, { lastName, firstName }: AskedChild): boolean {
  const words = foldName(name).split(' ')
  return [lastName, firstName].flatMap(part => foldName(part).split(' ')).every(word => words.includes(word))
}
