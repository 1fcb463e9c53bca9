/**
 * Codes that a school prints for those whom its list does not know by СНИЛС: whoever brings one binds the account by it.
 *
 * Ten signs, nine by chance and the last one to check: 5 * 10^11 codes. The check sign tells who mistyped from who guessed:
 * ISO 7064, hybrid system MOD 21,20, which sees every wrong sign and nearly every swap of neighbours.
 */
import type { Chance } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import { drawSigns, readSigns, SIGNS } from '../base/signs.js'
import type { SchoolCode } from '../words/school.js'

declare const brand: unique symbol
/** `D7FW2-NQ9LR`: always upper case, always with the hyphen. */
export type Code = string & { readonly [brand]: 'Code' }

const LENGTH = 10
const M = SIGNS.length

export function newCode(chance: Chance): Code {
  const signs = drawSigns(chance, LENGTH - 1)
  return printed(signs + checkSign(signs))
}

/** @returns the code in its printed form; undefined when it was mistyped, so that nobody can have been given it */
export function parseCode(text: string): Code | undefined {
  const signs = readSigns(text, LENGTH)
  if (signs === undefined || checkSign(signs.slice(0, -1)) !== signs.at(-1)) return undefined
  return printed(signs)
}

const printed = (signs: string): Code => `${signs.slice(0, 5)}-${signs.slice(5)}` as Code

/** ISO 7064, section 9: the product P begins at M; each sign makes it 2 * (P + sign, never 0 modulo M) modulo M + 1. */
function checkSign(signs: string): string {
  let product = M
  for (const sign of signs) {
    const sum = (product + SIGNS.indexOf(sign)) % M || M
    product = (2 * sum) % (M + 1)
  }
  return SIGNS[(M + 1 - product) % M]!
}

export interface NewCode {
  readonly code: Code
  readonly accountId: string
  readonly journal: string
  readonly school: SchoolCode
  readonly madeAt: Instant
  readonly expiresAt: Instant
}
