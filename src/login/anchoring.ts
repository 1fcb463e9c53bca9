/**
 * The audit's chain is kept: rows are taken in soon after they were written, and once a day its end is signed with the key of our tokens. The
 * signed word goes into the database and into the log, so that not even whoever holds the database and its keys can change the past unseen.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import type { TokenKey } from '../journals/connector.js'
import { algorithmOf, tokenKeySigner } from '../journals/token.js'
import type { AuditChain, Examined, Finding, KeptAnchor } from './chain-ports.js'
import type { Ports } from './ports.js'

/** Rows of one entry, and of one transaction. */
const AT_ONCE = 500
const ANCHOR_EVERY = 24 * 3_600_000

/** What is signed. */
interface AnchorClaims {
  readonly iss: string
  /** Seconds. */
  readonly iat: number
  readonly position: number
  readonly mac: string
}

/** @returns a JWS in compact form (RFC 7515) with `typ` audit-anchor+jwt */
export type AnchorSigner = (head: Pick<AnchorClaims, 'position' | 'mac'>, now: Instant) => string

/** @throws RangeError when the first token key signs nothing */
export function anchorSigner([key]: readonly TokenKey[], iss: string): AnchorSigner {
  const alg = key && algorithmOf(key.privateKey)
  if (!alg) throw new RangeError('secrets.tokens: the first key is neither EC P-256 nor RSA of at least 2048 bits')
  const sign = tokenKeySigner(alg, key)
  return ({ position, mac }, now) =>
    sign({ iss, iat: Math.floor(now / 1000), position, mac } satisfies AnchorClaims, 'audit-anchor+jwt')
}

/** Everything that was written since the last time. @returns the anchor, when one was due */
export async function chainAudit({
  chain,
  clock,
  anchorSigner,
}: Pick<Ports, 'chain' | 'clock' | 'anchorSigner'>): Promise<KeptAnchor | undefined> {
  for (let some = AT_ONCE; some === AT_ONCE;) some = await chain.take(clock.now(), AT_ONCE)
  const [head, anchors] = [await chain.head(), await chain.anchors()]
  const [now, last] = [clock.now(), anchors.at(-1)]
  if (!head || (last && (now - last.at < ANCHOR_EVERY || last.position === head.position))) return undefined
  const anchor = { position: head.position, at: now, token: anchorSigner(head, now) }
  await chain.keepAnchor(anchor)
  return anchor
}

export interface AnchorsExamined {
  /** Their signature and their place in the chain are right. */
  readonly held: number
  /** Signed with a key that the settings do not name any more. */
  readonly unknownKey: number
  /** Of a part of the chain that went with its rows. */
  readonly pruned: number
  readonly latest?: Instant
}

/** @param tokens from the database, and from wherever the log was kept */
export async function examineAnchors(
  chain: Pick<AuditChain, 'macAt'>,
  { head, prunedTo }: Pick<Examined, 'head' | 'prunedTo'>,
  tokens: readonly string[],
  keys: readonly TokenKey[],
  found: (finding: Finding) => void,
): Promise<AnchorsExamined> {
  let [held, unknownKey, pruned, latest] = [0, 0, 0, 0]
  for (const token of new Set(tokens)) {
    const read = readAnchor(token, keys)
    if (read === 'unknown-key') unknownKey += 1
    else if (read === 'forged') found({ kind: 'anchor-forged' })
    else {
      const { position, mac } = read
      const at = read.iat * 1000
      if (position < prunedTo) pruned += 1
      else if (position > (head?.position ?? 0)) found({ kind: 'tail-missing', position, at })
      else if ((await chain.macAt(position)) !== mac) found({ kind: 'anchor-differs', position, at })
      else [held, latest] = [held + 1, Math.max(latest, at)]
    }
  }
  return { held, unknownKey, pruned, ...(latest > 0 && { latest }) }
}

/** Only keys of the settings count: whatever came with the token could be anybody's. */
function readAnchor(token: string, keys: readonly TokenKey[]): AnchorClaims | 'unknown-key' | 'forged' {
  const [head = '', body = '', signature = ''] = token.split('.')
  const header = opened(head) as { readonly typ?: unknown; readonly kid?: unknown } | undefined
  const claims = opened(body) as Partial<AnchorClaims> | undefined
  if (header?.typ !== 'audit-anchor+jwt') return 'forged'
  const key = keys.find(({ id }) => id === header.kid)
  if (!key) return 'unknown-key'
  const publicKey = createPublicKey(key.privateKey)
  const octets = Buffer.from(signature, 'base64url')
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    octets,
  )
  if (!isSigned || typeof claims?.position !== 'number' || typeof claims.mac !== 'string') return 'forged'
  return { iss: '', ...claims, iat: claims.iat ?? 0, position: claims.position, mac: claims.mac }
}

function opened(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
