/** Which characters XML 1.0 (fifth edition) allows where. Numbers are UTF-16 code units unless said otherwise. */

/** A character that no XML document may hold (XML 1.0, 2.2 [2]), lone surrogates included. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

/** The same or half of a pair, by code units: several times faster, and all that an ordinary text has to pass. */
const SUSPICIOUS = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD]/

/** @returns the offset of the first character that XML forbids, or -1 */
export const forbiddenAt = (text: string): number => (SUSPICIOUS.test(text) ? text.search(FORBIDDEN) : -1)

/** @param point a code point */
export const isXmlCharacter = (point: number): boolean =>
  (point >= 0x20 && point <= 0xd7ff) ||
  point === 0x9 ||
  point === 0xa ||
  point === 0xd ||
  (point >= 0xe000 && point <= 0xfffd) ||
  (point >= 0x10000 && point <= 0x10ffff)

export const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0xa || unit === 0x9 || unit === 0xd

/** NameStartChar without the colon (XML 1.0, 2.3 [4]), code points from U+0080. */
const START: readonly (readonly [number, number])[] = [
  [0xc0, 0xd6], [0xd8, 0xf6], [0xf8, 0x2ff], [0x370, 0x37d], [0x37f, 0x1fff], [0x200c, 0x200d], [0x2070, 0x218f],
  [0x2c00, 0x2fef], [0x3001, 0xd7ff], [0xf900, 0xfdcf], [0xfdf0, 0xfffd], [0x10000, 0xeffff],
] // prettier-ignore

/** What NameChar adds ([4a]). */
const FURTHER: readonly (readonly [number, number])[] = [
  [0xb7, 0xb7],
  [0x300, 0x36f],
  [0x203f, 0x2040],
]

const within = (ranges: readonly (readonly [number, number])[], point: number): boolean =>
  ranges.some(([first, last]) => point >= first && point <= last)

/** 1: may start an NCName, 2: may stand inside one only. */
const ASCII = Uint8Array.from({ length: 128 }, (_, unit) => {
  if ((unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f) return 1
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2d || unit === 0x2e ? 2 : 0
})

/** A letter of ASCII that may stand in a qualified name, its colon included. */
export const isAsciiName = (unit: number): boolean => unit < 128 && (ASCII[unit] !== 0 || unit === 0x3a)

/**
 * Reads an NCName (a name without colon).
 *
 * @returns the offset behind the name; `at` itself when no name starts there
 */
export function nameEnd(text: string, at: number): number {
  let position = at
  for (;;) {
    const unit = text.charCodeAt(position) // NaN at the end: matches nothing
    if (unit < 128) {
      const kind = ASCII[unit]!
      if (kind === 0 || (kind === 2 && position === at)) return position
      position++
      continue
    }
    const point = text.codePointAt(position)
    if (point === undefined) return position
    if (!within(START, point) && (position === at || !within(FURTHER, point))) return position
    position += point > 0xffff ? 2 : 1
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Resolves the five built-in entities and character references; everything else cannot exist without a DTD.
 *
 * @returns undefined when a reference is malformed, unknown or names a character that XML forbids
 */
export function resolveReferences(text: string): string | undefined {
  let result = ''
  let done = 0
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', done)) {
    const end = text.indexOf(';', at)
    if (end < 0) return undefined
    const character = resolveOne(text, at + 1, end)
    if (character === undefined) return undefined
    result += text.slice(done, at) + character
    done = end + 1
  }
  return done === 0 ? text : result + text.slice(done)
}

function resolveOne(text: string, from: number, end: number): string | undefined {
  if (text.charCodeAt(from) !== 0x23) return end - from > 4 ? undefined : ENTITIES[text.slice(from, end)]
  const hexadecimal = text.charCodeAt(from + 1) === 0x78
  const first = from + (hexadecimal ? 2 : 1)
  let point = 0
  for (let at = first; at < end; at++) {
    const digit = digitValue(text.charCodeAt(at))
    if (digit >= (hexadecimal ? 16 : 10)) return undefined
    point = point * (hexadecimal ? 16 : 10) + digit
    if (point > 0x10ffff) return undefined
  }
  return end > first && isXmlCharacter(point) ? String.fromCodePoint(point) : undefined
}

function digitValue(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  const letter = unit | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 99
}
