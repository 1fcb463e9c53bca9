declare const brand: unique symbol
/** Eleven digits, no separators, check number verified: `11223344595`. */
export type Snils = string & { readonly [brand]: 'Snils' }

/** Numbers up to 001-001-998 were issued before the check number existed; theirs is not verified. */
const FIRST_CHECKED = 1_001_999

/**
 * Reads a СНИЛС as people and systems write it: eleven digits, in groups or not, separated by spaces (also non-breaking),
 * hyphens or dashes.
 *
 * The check number is the sum of the first nine digits, weighted 9 to 1, modulo 101, where 100 counts as 00.
 *
 * @returns the number, or undefined when the text is not a СНИЛС. It does not throw: what a missing number means is for
 *   the rules of identity to say.
 * @see docs/sources.md#snils
 */
export function parseSnils(text: string): Snils | undefined {
  const digits = text.replace(/[\s\u00a0\u2009\u202f\u2010-\u2015\u2212-]/gu, '')
  if (!/^[0-9]{11}$/.test(digits)) return undefined
  if (digits === '00000000000') return undefined
  if (Number(digits.slice(0, 9)) < FIRST_CHECKED) return digits as Snils
  const sum = Array.from(digits.slice(0, 9), Number).reduce((total, digit, i) => total + digit * (9 - i), 0)
  return (sum % 101) % 100 === Number(digits.slice(9)) ? (digits as Snils) : undefined
}

/**
 * A spreadsheet took the number for a quantity and dropped its leading zeros. They are given back only if the check number
 * then proves it, so never to a number below the first that is checked.
 *
 * @param digits as the cell shows them: nine or ten digits, nothing else
 */
export function restoreSnils(digits: string): Snils | undefined {
  if (!/^[1-9][0-9]{8,9}$/.test(digits)) return undefined
  const whole = digits.padStart(11, '0')
  return Number(whole.slice(0, 9)) < FIRST_CHECKED ? undefined : parseSnils(whole)
}

/** `***-***-*45 95`: enough for a support call, too little to be a personal datum in a log. */
export const maskSnils = (snils: Snils): string => `***-***-*${snils.slice(7, 9)} ${snils.slice(9)}`

/** `112-233-445 95`: as it stands on the card; for the person's own eyes only. */
export const printSnils = (snils: Snils): string =>
  `${snils.slice(0, 3)}-${snils.slice(3, 6)}-${snils.slice(6, 9)} ${snils.slice(9)}`
