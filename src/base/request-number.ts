/**
 * The number on every page that says no: `XXXX-XXXX`, read aloud over the telephone. 20 signs, 8 places: 2.5 * 10^10 numbers.
 */
import type { Chance } from './chance.js'
import { drawSigns, readSigns } from './signs.js'

declare const brand: unique symbol
/** `D7FW-2NQ9`: always upper case, always with the hyphen. */
export type RequestNumber = string & { readonly [brand]: 'RequestNumber' }

export const newRequestNumber = (chance: Chance): RequestNumber => printed(drawSigns(chance, 8))

/** @returns the number in its printed form, or undefined when the text cannot be one */
export function parseRequestNumber(text: string): RequestNumber | undefined {
  const signs = readSigns(text, 8)
  return signs === undefined ? undefined : printed(signs)
}

const printed = (signs: string): RequestNumber => `${signs.slice(0, 4)}-${signs.slice(4)}` as RequestNumber
