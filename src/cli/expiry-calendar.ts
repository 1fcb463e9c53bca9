/** A calendar file (RFC 5545) that reminds of everything that ends by a date: 60, 30, 14, 7 and 1 days before, and on the day. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import type { Expiry } from '../settings/expiries.js'

const DAY = 86_400_000
/** Days before the end. */
export const REMINDERS = [60, 30, 14, 7, 1, 0] as const

/** Events of their own and no mere alarms: many calendars drop the alarms of a file that they import. */
export function expiryCalendar(expiries: readonly Expiry[], title: (expiry: Expiry) => string, now: Instant): string {
  const events = expiries.flatMap(expiry =>
    REMINDERS.map(days => ({ days, at: expiry.notAfter - days * DAY }))
      .filter(({ at }) => at >= now - DAY)
      .flatMap(({ days, at }) => event(expiry, title(expiry), days, at, now)),
  )
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//school bridge//list-certs//EN',
    'CALSCALE:GREGORIAN',
    ...events,
    'END:VCALENDAR',
  ]
  return lines.map(line => `${folded(line)}\r\n`).join('')
}

function event(expiry: Expiry, title: string, days: number, at: Instant, now: Instant): readonly string[] {
  const when = days === 0 ? 'ends today' : `ends in ${days} ${days === 1 ? 'day' : 'days'}`
  const about = [
    `Ends on ${new Date(expiry.notAfter).toISOString()}.`,
    ...(expiry.sha256 === undefined ? [] : [`SHA-256 ${expiry.sha256}`]),
    expiry.kind.startsWith('sp-') ? 'What to do: bridge rotate-certs --plan' : 'Ask the IdP for its new metadata.',
  ]
  return [
    'BEGIN:VEVENT',
    `UID:${uidOf(expiry, days)}`,
    `DTSTAMP:${compact(now)}`,
    `DTSTART;VALUE=DATE:${compact(at).slice(0, 8)}`,
    `DTEND;VALUE=DATE:${compact(at + DAY).slice(0, 8)}`,
    `SUMMARY:${text(`${title} ${when}`)}`,
    `DESCRIPTION:${text(about.join('\n'))}`,
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${text(title)}`,
    'TRIGGER:PT9H',
    'END:VALARM',
    'END:VEVENT',
  ]
}

/** The same thing has the same name in every file, so that a second import replaces the first. */
function uidOf({ kind, idp = '', sha256 = '' }: Expiry, days: number): string {
  const hash = createHash('sha256').update(`${kind} ${idp} ${sha256}`).digest('hex').slice(0, 32)
  return `${hash}-${days}@bridge.invalid`
}

/** `20261124T140500Z` */
const compact = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** RFC 5545, 3.3.11 */
const text = (value: string): string =>
  value
    .replace(/[\\;,]/g, sign => `\\${sign}`)
    .replace(/\r?\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ')

/** RFC 5545, 3.1: at most 75 octets a line, and no character is cut in two. */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  for (const sign of line) {
    if (Buffer.byteLength(part + sign) > 75) {
      parts.push(part)
      part = ' '
    }
    part += sign
  }
  return [...parts, part].join('\r\n')
}
