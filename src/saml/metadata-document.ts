/**
 * A whole metadata document as a federation or an IdP publishes it: verified once at its root, indexed by entityID, taken
 * apart into entities that stand for themselves (saml-metadata 2.3 and 3; IIP-MD02 to MD04).
 */
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import { gate } from './gate.js'
import { readMetadataXml, samlRoles } from './metadata-entity.js'
import { MetadataError } from './metadata.js'
import type { Finding } from './metadata-finding.js'
import { chainOf, earliestValidUntil, readValidUntil, shortestCacheDuration } from './metadata-validity.js'
import { readXml } from './reader.js'
import { METADATA_LIMITS } from './reading.js'
import { verifySignature } from './signature.js'
import { attribute, childElements, isNamed, scopeOf, type XmlDocument, type XmlElement } from './tree.js'
import type { TrustedKey } from './trust.js'

export interface DocumentRules {
  /** Pinned by the settings for this one source; none of them means that an unsigned document is taken. */
  readonly signers: readonly TrustedKey[]
  /** The root must say until when it is valid, and not further ahead than these milliseconds. Absent: as it likes. */
  readonly longest?: number
  /** What to do with a validUntil that is past. */
  readonly past: 'refuse' | 'take'
  readonly skew: number
  readonly at: Instant
}

/** One entity, cut out so that it can be kept and read by itself. */
export interface PublishedEntity {
  readonly entityId: string
  readonly xml: string
  /** The earliest of the role, the entity and the groups around it. */
  readonly validUntil?: Instant
}

export interface MetadataDocument {
  /** Every entityID that stands in it once, with its element. */
  readonly entities: ReadonlyMap<string, XmlElement>
  /** Of those that are SAML 2.0 identity providers. */
  readonly idps: () => readonly string[]
  readonly cacheDuration?: number
  /** SHA-256 of the pinned key that signed it. */
  readonly signedBy?: string
  /** @throws MetadataError when libxml2 reads no XML where we did */
  take(entityId: string): PublishedEntity | undefined
}

/** A federation of all the world has some ten thousand. */
const MOST_ENTITIES = 50_000

/** @throws MetadataError when the document cannot be read, is not signed as it must be, or is not valid now */
export function openMetadata(xml: string, rules: DocumentRules): MetadataDocument {
  const document = readWhole(xml)
  const signed = rules.signers.length === 0 ? undefined : verify(document.root, rules.signers)
  checkValidity(document.root, rules)
  const entities = indexOf(document.root)
  const cacheDuration = shortestCacheDuration([document.root])
  return {
    entities,
    idps: () => [...entities].filter(([, entity]) => samlRoles(entity).length > 0).map(([entityId]) => entityId),
    ...(cacheDuration !== undefined && { cacheDuration }),
    ...(signed !== undefined && { signedBy: signed }),
    take(entityId) {
      const entity = entities.get(entityId)
      return entity && published(document, entity, entityId)
    },
  }
}

function readWhole(xml: string): XmlDocument {
  const findings: Finding[] = []
  const document = readMetadataXml(xml, findings)
  if (!document) throw new MetadataError(findings)
  const { root } = document
  if (!isNamed(root, ns.metadata, 'EntityDescriptor') && !isNamed(root, ns.metadata, 'EntitiesDescriptor'))
    throw wrong('not-metadata', 'it is XML, but no SAML metadata', 'set the address of the SAML 2.0 metadata')
  return document
}

const wrong = (code: string, what: string, fix: string): MetadataError =>
  new MetadataError([{ severity: 'error', code, what, fix }])

/** IIP-MD03: the signature of the root, by a pinned key; KeyInfo and the certificate around the key decide nothing. */
function verify(root: XmlElement, signers: readonly TrustedKey[]): string {
  try {
    return verifySignature(root, { signingKeys: signers, legacyAlgorithms: false }).key.fingerprint
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'saml.unsigned')
      throw wrong('unsigned', 'it is not signed', 'set the address of the signed metadata, or remove signedBy')
    if (error.code === 'saml.untrusted-key' || error.code === 'saml.weak-key')
      throw wrong('untrusted-signature', 'it is signed, but not by the key of signedBy',
        'ask the publisher whether the key has changed, and compare its SHA-256 with them by telephone') // prettier-ignore
    throw wrong('bad-signature', `its signature does not hold (${error.code})`, 'somebody changed it on the way, or the publisher signs in a way that we do not take') // prettier-ignore
  }
}

/** IIP-MD04. Being past is judged by each entity's own chain, and again at every login. */
function checkValidity(root: XmlElement, { longest, past, skew, at }: DocumentRules): void {
  const text = attribute(root, 'validUntil')
  const until = text === undefined ? undefined : readValidUntil(text)
  if (text !== undefined && until === undefined)
    throw wrong('bad-valid-until', 'its validUntil is no time', 'ask the publisher to correct it')
  if (past === 'refuse' && until !== undefined && until + skew <= at)
    throw wrong('metadata-expired', `its validUntil is past (${isoDay(until)})`, 'ask the publisher for fresh metadata')
  if (longest === undefined) return
  if (until === undefined)
    throw wrong('no-valid-until', 'it does not say until when it is valid (validUntil)',
      'ask the publisher for it; without it whoever holds an old copy can offer it for ever (setting maxValidity)') // prettier-ignore
  if (until > at + longest + skew)
    throw wrong('valid-too-long', `its validUntil (${isoDay(until)}) lies further ahead than maxValidity allows`,
      'ask the publisher for a shorter one, or raise maxValidity') // prettier-ignore
}

const isoDay = (at: Instant): string => new Date(at).toISOString().slice(0, 10)

/** EntitiesDescriptor at any depth that the reader allows. An entityID that stands twice is nobody's. */
function indexOf(root: XmlElement): ReadonlyMap<string, XmlElement> {
  const found = new Map<string, XmlElement>()
  const twice = new Set<string>()
  let count = 0
  const walk = (element: XmlElement): void => {
    if (isNamed(element, ns.metadata, 'EntitiesDescriptor')) childElements(element).forEach(walk)
    if (!isNamed(element, ns.metadata, 'EntityDescriptor')) return
    if (++count > MOST_ENTITIES)
      throw wrong('too-many-entities', `it has more than ${MOST_ENTITIES} entities`, 'take a smaller aggregate')
    const entityId = attribute(element, 'entityID') ?? ''
    if (found.has(entityId)) twice.add(entityId)
    found.set(entityId, element)
  }
  walk(root)
  for (const entityId of twice) found.delete(entityId)
  return found
}

function published(document: XmlDocument, entity: XmlElement, entityId: string): PublishedEntity {
  const xml = standalone(document, entity)
  pass(xml)
  const role = samlRoles(entity)[0]
  const validUntil = earliestValidUntil([...(role ? [role] : []), ...chainOf(entity)])
  return { entityId, xml, ...(validUntil !== undefined && { validUntil }) }
}

/** The second parser must read XML, too. Against the schema it may be: honest IdPs have elements in another order. */
function pass(xml: string): void {
  try {
    gate(readXml(xml, { limits: METADATA_LIMITS }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code !== 'saml.schema') throw wrong('not-xml', `two parsers disagree about it (${error.code})`, 'ask the publisher to correct it') // prettier-ignore
  }
}

/** The element's own text, with the namespaces that are in force around it. */
function standalone({ source, root }: XmlDocument, element: XmlElement): string {
  if (element === root) return source
  const nameEnd = element.from + 1 + (element.prefix === '' ? 0 : element.prefix.length + 1) + element.local.length
  const own = new Set(element.declarations.map(({ prefix }) => prefix))
  const around = [...scopeOf(element.parent)].filter(([prefix]) => !own.has(prefix) && prefix !== 'xml')
  // names need no escaping: the reader refuses those that would
  const declared = around.map(([prefix, name]) => ` xmlns${prefix && ':'}${prefix}="${name}"`).join('')
  const text = source.slice(element.from, nameEnd) + declared + source.slice(nameEnd, element.to)
  // through octets: a slice would keep the whole federation in memory for as long as this one entity lives
  return Buffer.from(text).toString()
}
