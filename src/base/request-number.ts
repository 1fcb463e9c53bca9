/**
 * The number on every page that says no: `XXXX-XXXX`, read aloud over the telephone.
 *
 * Its alphabet has no letter that looks the same in Latin and Cyrillic (А, В, Е, К, М, Н, О, Р, С, Т, У, Х) and no digit
 * that looks like a letter, so what a person reads is what was printed. People who type it with a Russian keyboard are
 * understood by sound: Д is D, Ф is F, Ш is W. 20 signs, 8 places: 2.5 * 10^10 numbers.
 */
import type { Chance } from './chance.js'

declare const brand: unique symbol
/** `D7FW-2NQ9`: always upper case, always with the hyphen. */
export type RequestNumber = string & { readonly [brand]: 'RequestNumber' }

const ALPHABET = '2456789DFGJLNQRSUVWZ'

/** How the letters sound or are drawn when somebody answers in Russian. */
const CYRILLIC: Readonly<Record<string, string>> = {
  Д: 'D', Ф: 'F', Г: 'G', Й: 'J', Ж: 'J', Л: 'L', Н: 'N', Р: 'R', С: 'S', У: 'U', В: 'V', Ш: 'W', Ц: 'W', З: 'Z', К: 'Q', Ч: '4', Б: '6',
} // prettier-ignore

export function newRequestNumber(chance: Chance): RequestNumber {
  let signs = ''
  while (signs.length < 8) {
    const byte = chance.bytes(1)[0]!
    if (byte < 240) signs += ALPHABET[byte % 20]! // 240 = 12 * 20: every sign is equally likely
  }
  return `${signs.slice(0, 4)}-${signs.slice(4)}` as RequestNumber
}

/** @returns the number in its printed form, or undefined when the text cannot be one */
export function parseRequestNumber(text: string): RequestNumber | undefined {
  const typed = text.toUpperCase().replace(/[\s‐-―-]/gu, '')
  const signs = typed.replace(/[А-Я]/gu, letter => CYRILLIC[letter] ?? letter)
  if (!/^[2456789DFGJLNQRSUVWZ]{8}$/.test(signs)) return undefined
  return `${signs.slice(0, 4)}-${signs.slice(4)}` as RequestNumber
}
