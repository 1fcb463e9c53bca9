/**
 * How the command knows who is in. It looks at one page of the journal as strangers and as people who came in honestly, two
 * of each: what both of the latter saw and none of the former are the marks of being in. A status or a redirect among them
 * decides; else half of the lines of text.
 */
import { UnusableInput } from '../desk.js'
import type { Answer, Headers } from '../network.js'
import { leadsTo, type Browser } from './browser.js'

export type Marks = readonly string[]

/** What an answer shows: status, where it leads, and its lines of text. */
export function traits(answer: Answer, from: URL): ReadonlySet<string> {
  const to = leadsTo(answer, from)
  const text = answer.body
    .toString()
    .split(/<[^>]*>|[\r\n]+/)
    .map(line => line.trim())
    .filter(line => line !== '')
  return new Set([`${HARD}${answer.status}${to ? ` -> ${to.origin}${to.pathname}` : ''}`, ...text])
}

/** No text of a page begins so: control characters are no lines. */
const HARD = '\u0000'

/** @throws UnusableInput when strangers and guests see the same */
export function marksOf(strangers: readonly ReadonlySet<string>[], guests: readonly ReadonlySet<string>[]): Marks {
  const [first, ...others] = guests
  const marks = [...(first ?? [])].filter(
    trait => others.every(each => each.has(trait)) && !strangers.some(each => each.has(trait)),
  )
  if (marks.length > 0) return marks
  throw new UnusableInput(
    'A page of the journal looks the same to strangers and to those who are in, so nobody can tell who came in. Name with --page an address that only the latter see, such as the diary.',
  )
}

export function isMarked(marks: Marks, seen: ReadonlySet<string>): boolean {
  const hard = marks.filter(mark => mark.startsWith(HARD))
  const deciding = hard.length > 0 ? hard : marks
  return deciding.filter(mark => seen.has(mark)).length * 2 >= deciding.length
}

/**
 * Where nobody can come in honestly: whatever strangers do not see. A status or a redirect of their own decides, else half of
 * their lines.
 */
export function isUnlike(strangers: readonly ReadonlySet<string>[], seen: ReadonlySet<string>): boolean {
  const [first, ...others] = strangers
  const usual = [...(first ?? [])].filter(trait => others.every(each => each.has(trait)))
  return (
    usual.some(trait => trait.startsWith(HARD) && !seen.has(trait)) ||
    usual.filter(trait => seen.has(trait)).length * 2 < usual.length
  )
}

export const look = async (browser: Browser, page: URL, headers?: Headers): Promise<ReadonlySet<string>> =>
  traits(await browser.get(page, headers), page)
