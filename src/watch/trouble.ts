/**
 * Whether an IdP is in trouble, so that people are told before they blame themselves. What counts is from how many networks the same trouble came: a stranger
 * with a script has one.
 */
import { isIP } from 'node:net'
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import { refusals, type RefusalCode } from '../base/refusals.js'
import { networkOf } from '../login/failed-calls.js'
import { troubles, type Banner, type Trouble } from '../words/watched.js'
import type { Book, Mark } from './ports.js'
import type { BannerTerms } from './terms.js'

const MINUTE = 60_000

const ERRORS: readonly RefusalCode[] = [
  'idp.declined',
  'idp.no-passive',
  'idp.name-id-policy',
  'idp.request-unsupported',
  'idp.requester',
]
const SIGNATURE: readonly RefusalCode[] = [
  'saml.unsigned',
  'saml.signature-form',
  'saml.algorithm',
  'saml.weak-key',
  'saml.untrusted-key',
  'saml.altered',
  'saml.decryption',
]
const CLOCKS: readonly RefusalCode[] = ['saml.expired', 'saml.not-yet-valid', 'saml.too-old']

/** @returns undefined for whatever is not the IdP's doing */
export function troubleOf(code: RefusalCode): Trouble | undefined {
  if (ERRORS.includes(code)) return 'errors'
  if (SIGNATURE.includes(code)) return 'signature'
  if (CLOCKS.includes(code)) return 'clocks'
  if (code === 'idp.metadata-expired') return 'metadata'
  return code.startsWith('saml.') && refusals[code].fault === 'idp' ? 'answers' : undefined
}

const tallyOf = (trouble: Trouble): string => `trouble ${trouble}`
const FINE = 'trouble none'
const STARTED = 'trouble started'
/** Any answer of the IdP, good or bad. */
const ANSWERED = 'trouble answered'

/** Whoever has IPv6 has 65536 networks of the length /64. */
function wideNetwork(address: string): string {
  const network = networkOf(address)
  return isIP(address) === 6 && !address.includes('.') ? network.split(':').slice(0, 3).join(':') : network
}

export function troubleMarks({ what, code, idp, address = '', at }: AuditEvent, terms: BannerTerms): readonly Mark[] {
  if (idp === undefined || address === '') return []
  const mark = (tally: string): Mark => ({
    ...{ tally, subject: idp, mark: wideNetwork(address), count: 1, at },
    goneAt: at + Math.max(terms.within, SILENT_FOR),
  })
  if (what === 'login.started') return [mark(STARTED)]
  if (what === 'login.verified') return [mark(FINE), mark(ANSWERED)]
  const trouble = what === 'login.refused' && code !== undefined ? troubleOf(code) : undefined
  if (trouble === undefined) return []
  return trouble === 'metadata' ? [mark(tallyOf(trouble))] : [mark(tallyOf(trouble)), mark(ANSWERED)]
}

/** So long nobody came back, although people went. */
const SILENT_FOR = 15 * MINUTE
/** Whoever went later than this may still be typing the password. */
const STILL_TYPING = 5 * MINUTE
/** A banner stays at least so long, so that it does not blink. */
const LEAST = 5 * MINUTE

/** Raises what many have met, and lowers what is over. */
export async function watchIdps(
  book: Book,
  idps: readonly string[],
  terms: BannerTerms,
  now: Instant,
): Promise<readonly { readonly banner: Banner; readonly is: 'raised' | 'lowered' }[]> {
  const standing = await book.banners(now)
  const changes: { banner: Banner; is: 'raised' | 'lowered' }[] = []
  for (const idp of idps)
    for (const trouble of troubles) {
      const known = standing.find(each => each.idp === idp && each.trouble === trouble)
      if (known?.until !== undefined) continue
      const is = await judged(book, { idp, trouble }, terms, now, known)
      if (is === 'raised') await book.raise({ idp, trouble, since: now })
      if (is === 'lowered') await book.lower(idp, trouble)
      if (is) changes.push({ banner: known ?? { idp, trouble, since: now }, is })
    }
  return changes
}

async function judged(
  book: Book,
  { idp, trouble }: Pick<Banner, 'idp' | 'trouble'>,
  { networks, within }: BannerTerms,
  now: Instant,
  known: Banner | undefined,
): Promise<'raised' | 'lowered' | undefined> {
  const count = async (tally: string, since: Instant) => (await book.different(tally, [idp], since)).get(idp) ?? 0
  if (known && now - known.since < LEAST) return undefined
  if (trouble === 'silent') {
    const answered = await count(ANSWERED, now - SILENT_FOR)
    if (known) return answered > 0 || (await count(STARTED, now - SILENT_FOR)) === 0 ? 'lowered' : undefined
    return answered === 0 && (await waiting(book, idp, now)) >= networks ? 'raised' : undefined
  }
  const met = await count(tallyOf(trouble), now - within)
  if (!known && met < networks) return undefined
  const fine = await count(FINE, now - within)
  // it takes more to raise one than to keep it
  if (!known) return met > fine ? 'raised' : undefined
  return met * 2 < networks || fine > met * 2 ? 'lowered' : undefined
}

async function waiting(book: Book, idp: string, now: Instant): Promise<number> {
  const went = await book.marks(STARTED, idp, now - SILENT_FOR)
  return went.filter(({ at }) => at <= now - STILL_TYPING).length
}
