import { randomBytes } from 'node:crypto'

/** The only source of randomness; injected, so that tests can tell what was drawn. */
export interface Chance {
  /** @returns `count` bytes nobody can predict */
  bytes(count: number): Buffer
}

export const systemChance: Chance = { bytes: count => randomBytes(count) }

/**
 * 160 bits as 27 characters of base64url: safe in URLs, cookies, file names and command lines, where a leading `-`
 * would make an option of it; one id in 64 therefore begins with `A` instead.
 */
export const randomId = (chance: Chance): string => chance.bytes(20).toString('base64url').replace(/^-/, 'A')

/** `_` and 40 hex digits: an xs:ID that nobody guesses (saml-core 1.3.4 asks for 128 to 160 bits). */
export const randomXmlId = (chance: Chance): string => `_${chance.bytes(20).toString('hex')}`
