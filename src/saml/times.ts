import type { Instant } from '../base/clock.js'

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?Z$/

/**
 * Reads a time as SAML writes it: xs:dateTime in UTC with `Z` (saml-core 1.3.3), years of four digits, fractions cut to
 * milliseconds. No leap seconds, no 24:00.
 *
 * @returns undefined when the text is no such time
 */
export function parseTime(text: string): Instant | undefined {
  const parts = DATE_TIME.exec(text.trim())
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const milliseconds = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const at = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
  const back = new Date(at).toISOString()
  // Date rolls 31 February over; only a time that comes back as it was is one. Years below 100 would become 19xx.
  return back.startsWith(text.trim().slice(0, 19)) ? at : undefined
}
