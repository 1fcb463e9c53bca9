import type { Instant } from '../base/clock.js'

/** `2026-09-01T08:00:00`, a fraction or none, `Z`: 0 stands for a digit. */
const FORM = '0000-00-00T00:00:00'
const MAX_FRACTION = 12

/**
 * Reads a time as SAML writes it: xs:dateTime in UTC with `Z` (saml-core 1.3.3), years of four digits, fractions cut to
 * milliseconds. No leap seconds, no 24:00.
 *
 * @returns undefined when the text is no such time
 */
export function parseTime(text: string): Instant | undefined {
  const length = text.length
  if (length < FORM.length + 1 || length > FORM.length + 2 + MAX_FRACTION || text.charCodeAt(length - 1) !== 0x5a)
    return undefined
  for (let i = 0; i < FORM.length; i++) {
    const form = FORM.charCodeAt(i)
    if (form === 0x30 ? !isDigit(text, i) : text.charCodeAt(i) !== form) return undefined
  }
  const milliseconds = fraction(text, FORM.length, length - 1)
  if (milliseconds === undefined) return undefined
  const [year, month, day] = [number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)]
  const [hour, minute, second] = [number(text, 11, 13), number(text, 14, 16), number(text, 17, 19)]
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined
  if (year < 1000 || day > daysIn(year, month)) return undefined // Date reads years below 100 as 19xx
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31

const isDigit = (text: string, at: number): boolean => text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39

function number(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - 0x30
  return value
}

/** Nothing, or a point and at least one digit, of which three count. */
function fraction(text: string, from: number, to: number): number | undefined {
  if (from === to) return 0
  if (text.charCodeAt(from) !== 0x2e || to - from < 2) return undefined
  for (let i = from + 1; i < to; i++) if (!isDigit(text, i)) return undefined
  return number(text.slice(from + 1, to).padEnd(3, '0'), 0, 3)
}
