/**
 * Where a login may end. Exact matching, nothing clever: an address is compared as text, in the one form in which the
 * WHATWG URL standard writes it, and everything that two programs could read differently is refused before the comparison.
 */
import { Refusal } from '../base/refusal.js'
import type { Journal } from '../words/journal.js'

/** One line of a journal's `returnTo`. */
export interface ReturnPattern {
  readonly origin: string
  /** `/diary/page?tab=1` when exact; `/diary/` when every address below is meant. */
  readonly path: string
  readonly below: boolean
}

const LONGEST = 2048
const ALLOWED =
  'allowed are an exact address like https://journal.example/start or all below a path like https://journal.example/diary/*'

/**
 * Reads one line of `returnTo` when the settings are read.
 *
 * `https://host/diary/*` means `/diary/` and whole path segments below it, with any query; neither `/diary` nor `/diaryx`.
 * Without the asterisk the address is meant exactly, its query included.
 *
 * @throws RangeError that says what is wrong and what is allowed
 */
export function returnPattern(text: string): ReturnPattern {
  const below = text.endsWith('/*')
  const address = below ? text.slice(0, -1) : text
  const complain = (what: string): never => {
    throw new RangeError(`"${text}" ${what}; ${ALLOWED}`)
  }
  if (address.includes('*')) complain('has an asterisk elsewhere than as the last path segment')
  if (!URL.canParse(address)) complain('is not an address')
  const url = new URL(address)
  if (!isSafeOrigin(url)) complain('is neither https nor http on localhost or 127.0.0.1')
  if (url.username !== '' || url.password !== '') complain('holds a user name or password')
  if (url.href.includes('#')) complain('holds a fragment')
  if (below && url.href.includes('?')) complain('has both a query and an asterisk')
  if (url.href !== address) complain(`must be written as ${url.href}${below ? '*' : ''}`)
  if (!isPlain(address) || !hasPlainPath(url)) {
    complain('holds signs or path segments that programs read differently (such as //, %2f, .. or a control character)')
  }
  return { origin: url.origin, path: url.pathname + url.search, below }
}

/**
 * @param text as it came in the request, once percent-decoded
 * @throws Refusal `journal.return-denied`; the fact `why` is `form` when the text can be read in two ways, else `list`
 */
export function checkReturnAddress(text: string, journal: Pick<Journal, 'id' | 'returnTo'>): URL {
  const url = readPlain(text)
  if (!url) throw new Refusal('journal.return-denied', { journal: journal.id, why: 'form' })
  const listed = journal.returnTo.some(line => fits(url, returnPattern(line)))
  if (!listed) throw new Refusal('journal.return-denied', { journal: journal.id, why: 'list' })
  return url
}

function fits(url: URL, pattern: ReturnPattern): boolean {
  if (url.origin !== pattern.origin) return false
  // By href, since `search` hides an empty query.
  return pattern.below ? url.pathname.startsWith(pattern.path) : url.href === pattern.origin + pattern.path
}

/** @returns the address, or undefined when it is not written in the one form that every program reads alike */
function readPlain(text: string): URL | undefined {
  if (text.length > LONGEST || !isPlain(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  // Written differently than the standard writes it: dot segments, upper-case hosts, default ports, `https:/host`, …
  if (url.href !== text) return undefined
  if (!isSafeOrigin(url) || url.username !== '' || url.password !== '') return undefined
  return hasPlainPath(url) ? url : undefined
}

/** Plain http is for a developer's own machine: everywhere else a token could be read on its way. */
export function isSafeOrigin(url: URL): boolean {
  if (url.hostname.endsWith('.')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname))
}

/**
 * Only signs of RFC 3986, without a fragment. Whoever has other signs in an address encodes them as UTF-8 first. Encoded
 * control characters are refused in the query, too: an old journal may write it into a header.
 */
const isPlain = (text: string): boolean =>
  /^(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=[\]]|%[0-9A-Fa-f]{2})+$/.test(text) && !/%(?:[01][0-9A-Fa-f]|7[Ff])/.test(text)

/**
 * Every segment says the same before and after decoding: no slash, backslash, percent sign or invisible sign is hidden in
 * it, it is not empty (except the last), and it is no dot segment, not even for servers that cut off `;parameters`, spaces
 * and full-width look-alikes.
 */
function hasPlainPath(url: URL): boolean {
  const segments = url.pathname.slice(1).split('/')
  return segments.every((segment, i) => {
    if (segment === '') return i === segments.length - 1
    const decoded = decode(segment)
    return decoded !== undefined && !/[/\\%\p{C}]/u.test(decoded) && !/^[.\s]+(?:;|$)/u.test(decoded)
  })
}

/** @returns undefined when the octets are not UTF-8 (`%c0%ae` is an overlong dot) */
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment).normalize('NFKC')
  } catch {
    return undefined
  }
}
