/** Finds the one IdP that is meant in a metadata file, which may hold a whole federation. */
import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import { ns } from '../words/saml-names.js'
import { note, type Finding, type Notes } from './metadata-finding.js'
import { readXml } from './reader.js'
import { METADATA_LIMITS } from './reading.js'
import { attribute, childElements, childrenNamed, isNamed, type XmlDocument, type XmlElement } from './tree.js'

export interface IdpEntity {
  readonly entity: XmlElement
  /** Its IDPSSODescriptor for SAML 2.0. */
  readonly role: XmlElement
  /** The role, the entity and the groups around it, whose validUntil all count. */
  readonly within: readonly XmlElement[]
  readonly notes: Notes
}

/** @returns undefined when there is none, with the reason among the findings */
export function findIdp(xml: string, entityId: string | undefined, findings: Finding[]): IdpEntity | undefined {
  const document = readMetadataXml(xml, findings)
  if (!document) return undefined
  const notes: Notes = { document, findings }
  const entity = chooseEntity(document.root, entityId, notes)
  if (!entity) return undefined
  checkEntityId(entity, notes)
  const role = samlRoles(entity)[0]
  if (!role) {
    noRole(entity, notes)
    return undefined
  }
  const groups: XmlElement[] = []
  for (let at = entity.parent; at; at = at.parent) groups.push(at)
  return { entity, role, within: [role, entity, ...groups], notes }
}

/** Says which of the usual mix-ups it is. */
function noRole(entity: XmlElement, notes: Notes): void {
  const [idp] = childrenNamed(entity, ns.metadata, 'IDPSSODescriptor')
  if (idp && attribute(idp, 'protocolSupportEnumeration') === undefined)
    note(notes, 'error', 'no-protocol', idp, 'IDPSSODescriptor does not say that it speaks SAML 2.0 (protocolSupportEnumeration)',
      'have the IdP add it') // prettier-ignore
  else if (idp)
    note(notes, 'error', 'no-saml2', idp, 'the IdP does not speak SAML 2.0, only other protocols',
      'ask the IdP for its SAML 2.0 metadata') // prettier-ignore
  else if (childrenNamed(entity, ns.metadata, 'SPSSODescriptor').length > 0)
    note(notes, 'error', 'sp-metadata', entity, 'this is the metadata of a service provider, perhaps our own, and of no IdP',
      'ask for the metadata of the IdP: it holds an IDPSSODescriptor') // prettier-ignore
  else
    note(notes, 'error', 'no-idp', entity, 'the entity is no SAML 2.0 identity provider',
      'ask for the metadata of the IdP: it holds an IDPSSODescriptor') // prettier-ignore
}

/** @returns undefined when it is no XML, with the reason among the findings */
export function readMetadataXml(xml: string, findings: Finding[]): XmlDocument | undefined {
  const problem = { severity: 'error' } as const
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(xml)) {
    const fix = 'save the metadata itself, e.g. with curl, not the page that shows it'
    findings.push({ ...problem, code: 'web-page', what: 'the file is a web page, not metadata', fix })
    return undefined
  }
  try {
    return readXml(xml, { limits: METADATA_LIMITS })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const what = `the file cannot be read: ${String(error.facts['what'] ?? error.code)}`
    const line = Number(error.facts['line'] ?? 1)
    const code = CODES[error.code] ?? 'not-xml'
    findings.push({ ...problem, code, line, what, fix: 'fetch the file again from the IdP' })
    return undefined
  }
}

const CODES: Partial<Record<RefusalCode, string>> = {
  'saml.declaration': 'encoding',
  'saml.duplicate-id': 'duplicate-id',
}

function chooseEntity(root: XmlElement, entityId: string | undefined, notes: Notes): XmlElement | undefined {
  const entities = entitiesIn(root)
  if (entities.length === 0) {
    note(notes, 'error', 'not-metadata', root, 'the file is XML, but no SAML metadata (EntityDescriptor)',
      'ask the IdP for its SAML 2.0 metadata') // prettier-ignore
    return undefined
  }
  const wanted = entityId === undefined ? idpsOrAll(entities) : entities.filter(named(entityId))
  if (wanted.length === 1) return wanted[0]
  const present = idpsOrAll(entities).slice(0, 5).map(entity => attribute(entity, 'entityID') ?? '(nameless)') // prettier-ignore
  note(notes, 'error', 'which-entity', root, `${describeCount(wanted.length, entityId)}; the file has ${present.join(', ')}`,
    'write the entityId that you mean into the settings') // prettier-ignore
  return undefined
}

const describeCount = (count: number, entityId: string | undefined): string =>
  entityId === undefined
    ? 'the file holds several entities'
    : `the file holds ${count === 0 ? 'no' : 'more than one'} entity "${entityId}"`

/** EntitiesDescriptor may be nested to any depth (IIP-MD02). */
function entitiesIn(element: XmlElement): XmlElement[] {
  if (isNamed(element, ns.metadata, 'EntityDescriptor')) return [element]
  if (!isNamed(element, ns.metadata, 'EntitiesDescriptor')) return []
  return childElements(element).flatMap(entitiesIn)
}

function idpsOrAll(entities: readonly XmlElement[]): readonly XmlElement[] {
  const idps = entities.filter(entity => samlRoles(entity).length > 0)
  return idps.length > 0 ? idps : entities
}

const named = (entityId: string) => (entity: XmlElement) => attribute(entity, 'entityID') === entityId

/** A role of SAML 1.1 has other endpoints and does not concern us. */
export const samlRoles = (entity: XmlElement): XmlElement[] =>
  childrenNamed(entity, ns.metadata, 'IDPSSODescriptor').filter(role =>
    (attribute(role, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(ns.protocol),
  )

/** saml-core 8.3.6: a URI of at most 1024 characters; whatever it is, it is compared octet by octet. */
function checkEntityId(entity: XmlElement, notes: Notes): void {
  const entityId = attribute(entity, 'entityID') ?? ''
  if (entityId === '')
    note(notes, 'error', 'no-entity-id', entity, 'entityID is missing', 'ask the IdP for complete metadata')
  else if (/\s/.test(entityId))
    note(notes, 'error', 'entity-id-space', entity, 'entityID contains white space',
      'have the IdP correct it: it is compared letter for letter, and the answers will not carry the space') // prettier-ignore
  else if (entityId.length > 1024)
    note(notes, 'error', 'entity-id-long', entity, 'entityID is longer than 1024 characters', 'have the IdP correct it')
  else if (!/^[a-z][a-z0-9+.-]*:/i.test(entityId))
    note(notes, 'warning', 'entity-id-no-uri', entity, 'entityID is no absolute URI',
      'it works as long as the answers carry the same text') // prettier-ignore
}
