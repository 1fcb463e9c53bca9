/**
 * Signs that people read from paper or a page and type or say again.
 *
 * The alphabet has no letter that looks the same in Latin and Cyrillic (А, В, Е, К, М, Н, О, Р, С, Т, У, Х) and no digit
 * that looks like a letter, so what a person reads is what was printed. People who type it with a Russian keyboard are
 * understood by sound: Д is D, Ф is F, Ш is W.
 */
import type { Chance } from './chance.js'

export const SIGNS = '2456789DFGJLNQRSUVWZ'

/** How the letters sound or are drawn when somebody answers in Russian. */
const CYRILLIC: Readonly<Record<string, string>> = {
  Д: 'D', Ф: 'F', Г: 'G', Й: 'J', Ж: 'J', Л: 'L', Н: 'N', Р: 'R', С: 'S', У: 'U', В: 'V', Ш: 'W', Ц: 'W', З: 'Z', К: 'Q', Ч: '4', Б: '6',
} // prettier-ignore

export function drawSigns(chance: Chance, count: number): string {
  let signs = ''
  while (signs.length < count) {
    const byte = chance.bytes(1)[0]!
    if (byte < 240) signs += SIGNS[byte % 20]! // 240 = 12 * 20: every sign is equally likely
  }
  return signs
}

/** Case, spaces and hyphens do not matter. @returns undefined when the text cannot be so many signs */
export function readSigns(text: string, count: number): string | undefined {
  const typed = text.toUpperCase().replace(/[\s‐-―-]/gu, '')
  const signs = typed.replace(/[А-Я]/gu, letter => CYRILLIC[letter] ?? letter)
  return signs.length === count && Array.from(signs).every(sign => SIGNS.includes(sign)) ? signs : undefined
}
