/** From the octets of one source to the entities that the settings want of it. */
import type { Instant } from '../base/clock.js'
import { MetadataError } from '../saml/metadata.js'
import { openMetadata, type MetadataDocument, type PublishedEntity } from '../saml/metadata-document.js'
import type { Source } from './ports.js'

export interface Publication {
  readonly entities: readonly PublishedEntity[]
  readonly signedBy?: string
  readonly cacheDuration?: number
  /** Sentences about what the settings want and the source does not have. */
  readonly missing: readonly string[]
}

/** What the settings demand of the document. */
export type Demands = Pick<Source, 'signers' | 'wanted' | 'longest' | 'whenExpired'>

export interface When {
  readonly at: Instant
  /** Milliseconds that clocks may differ. */
  readonly skew: number
}

/** @throws MetadataError */
export function readPublication(octets: Uint8Array, source: Demands, { at, skew }: When): Publication {
  const document = openMetadata(decode(octets), {
    signers: source.signers,
    past: source.whenExpired === 'warn' ? 'take' : 'refuse',
    skew,
    at,
    ...(source.longest !== undefined && { longest: source.longest }),
  })
  const wanted = source.wanted ?? [onlyIdp(document)]
  const taken = wanted.map(entityId => ({ entityId, entity: document.take(entityId) }))
  const { signedBy, cacheDuration } = document
  return {
    entities: taken.flatMap(({ entity }) => entity ?? []),
    missing: taken.flatMap(({ entityId, entity }) => (entity ? [] : [`it has no entity ${entityId}, or has it twice`])),
    ...(signedBy !== undefined && { signedBy }),
    ...(cacheDuration !== undefined && { cacheDuration }),
  }
}

function decode(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    throw wrong('not-utf8', 'it is not UTF-8 text', 'ask the publisher for metadata in UTF-8')
  }
}

function onlyIdp(document: MetadataDocument): string {
  const [first, ...others] = document.idps()
  if (first === undefined)
    throw wrong('no-idp', 'it holds no SAML 2.0 identity provider', 'set the address of the metadata of the IdP')
  if (others.length > 0)
    throw wrong('which-entity', `it holds ${others.length + 1} identity providers`, 'write entityId or allow into the settings') // prettier-ignore
  return first
}

const wrong = (code: string, what: string, fix: string): MetadataError =>
  new MetadataError([{ severity: 'error', code, what, fix }])
