/** What a hand-off carries: in its address, or in its form. */
import type { HandOff } from '../../journals/connector.js'

export const fieldsOf = (handOff: HandOff): readonly (readonly [string, string])[] =>
  handOff.how === 'post' ? Object.entries(handOff.fields) : [...handOff.to.searchParams]

/** @returns the same with another value of one field */
export function withField(handOff: HandOff, name: string, value: string): HandOff {
  if (handOff.how === 'post') return { ...handOff, fields: { ...handOff.fields, [name]: value } }
  const to = new URL(handOff.to)
  to.searchParams.set(name, value)
  return { ...handOff, to }
}
