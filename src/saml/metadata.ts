/**
 * Trusted IdPs: keys and addresses from the metadata file that an operator installed (saml-metadata 2; SAML V2.0 Metadata
 * Interoperability Profile). A certificate is a container of its key: dates, issuer and its own signature decide nothing.
 */
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { algorithm, ns } from '../words/saml-names.js'
import { gate } from './gate.js'
import { findIdp, type IdpEntity } from './metadata-entity.js'
import { readEndpoints } from './metadata-endpoints.js'
import { note, type Finding, type Notes } from './metadata-finding.js'
import { readKeys, type PublishedKey } from './metadata-keys.js'
import { redirectEndpoint } from './samlify-entities.js'
import { attribute, childNamed, childrenNamed, textOf, type XmlElement } from './tree.js'
import type { Endpoint, TrustedIdp } from './trust.js'

/** What the operator decides about an IdP; the rest stands in its metadata. */
export interface IdpSettings extends Pick<
  TrustedIdp,
  | 'legacyAlgorithms'
  | 'cbc'
  | 'acceptUnsolicited'
  | 'refusedAlgorithms'
  | 'authnContext'
  | 'requireSignedResponse'
  | 'withoutNameIdPolicy'
  | 'envelopedRequests'
> {
  /** What people read; else the name that the metadata gives, Russian first. */
  readonly title?: string
  /** Which entity of the file, where it holds several. */
  readonly entityId?: string
}

/** A metadata file that cannot be used. The message lists everything that is wrong, each with what to do. */
export class MetadataError extends Error {
  override readonly name = 'MetadataError'
  readonly problems: readonly Finding[]

  constructor(problems: readonly Finding[]) {
    super(['The IdP metadata is not usable:', ...problems.map(problem => `  - ${describeFinding(problem)}`)].join('\n'))
    this.problems = problems
  }
}

/** `line 12: the signing key has 1024 bits; ask the IdP for a key of at least 2048`. */
export const describeFinding = ({ line, what, fix }: Finding): string =>
  `${line === undefined ? '' : `line ${line}: `}${what}; ${fix}`

/** @throws MetadataError with every problem at once, not only the first */
export function readIdpMetadata(xml: string, settings: IdpSettings): TrustedIdp {
  const { idp, findings } = survey(xml, settings.entityId)
  const problems = findings.filter(finding => finding.severity === 'error')
  if (!idp || problems.length > 0) throw new MetadataError(problems)
  return {
    ...settings,
    entityId: idp.entityId,
    title: settings.title ?? idp.title,
    signingKeys: idp.keys.filter(key => key.signs).map(key => key.trusted),
    singleSignOn: idp.singleSignOn,
    singleLogout: idp.singleLogout,
    metadataXml: xml,
    ...(idp.requestSigning !== undefined && { requestSigning: idp.requestSigning }),
  }
}

/** Everything worth knowing about somebody's metadata: what stops us, and what only deserves a look. */
export function checkMetadata(xml: string, asked: { readonly at: Instant; readonly entityId?: string }): Finding[] {
  const { idp, findings, notes } = survey(xml, asked.entityId)
  if (!idp || !notes) return findings
  checkSchema(notes)
  checkDates(idp, asked.at, notes)
  return findings
}

/** Only a warning: what we need of it we found, but stricter programs will refuse the file. */
function checkSchema({ document, findings }: Notes): void {
  try {
    gate(document)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { line, element } = error.facts
    findings.push({
      severity: 'warning',
      code: 'schema',
      ...(typeof line === 'number' ? { line } : {}),
      what: `the file is not valid against the OASIS schemas${typeof element === 'string' ? ` (${element})` : ''}`,
      fix: 'tell the IdP; programs that are stricter with metadata will refuse it',
    })
  }
}

interface SurveyedIdp {
  readonly entityId: string
  readonly title: string
  readonly keys: readonly PublishedKey[]
  readonly singleSignOn: readonly Endpoint[]
  readonly singleLogout: readonly Endpoint[]
  readonly requestSigning: string | undefined
  readonly within: readonly XmlElement[]
}

interface Survey {
  readonly idp?: SurveyedIdp
  readonly notes?: Notes
  readonly findings: Finding[]
}

function survey(xml: string, entityId: string | undefined): Survey {
  const findings: Finding[] = []
  const found = findIdp(xml, entityId, findings)
  if (!found) return { findings }
  const { entity, role, notes } = found
  const idp: SurveyedIdp = {
    entityId: attribute(entity, 'entityID') ?? '',
    title: titleOf(found),
    keys: readKeys(role, notes),
    singleSignOn: readEndpoints(role, 'SingleSignOnService', notes),
    singleLogout: readEndpoints(role, 'SingleLogoutService', notes),
    requestSigning: requestSigning(found),
    within: found.within,
  }
  checkRole(idp, role, notes)
  return { idp, notes, findings }
}

function checkRole(idp: SurveyedIdp, role: XmlElement, notes: Notes): void {
  if (childrenNamed(role, ns.metadata, 'KeyDescriptor').length === 0)
    note(notes, 'error', 'no-key', role, 'there is no certificate', 'ask the IdP for metadata with its signing certificate')
  else if (!idp.keys.some(key => key.signs))
    note(notes, 'error', 'no-signing-key', role, 'no usable certificate is meant for signing',
      'ask the IdP for a KeyDescriptor with use="signing", or without use') // prettier-ignore
  if (redirectEndpoint(idp.singleSignOn) === undefined)
    note(notes, 'error', 'no-sso-redirect', role, 'there is no usable SingleSignOnService with the HTTP-Redirect binding',
      'ask the IdP to offer it: our requests travel no other way') // prettier-ignore
  if (redirectEndpoint(idp.singleLogout) === undefined)
    note(notes, 'warning', 'no-slo-redirect', role, 'there is no SingleLogoutService with the HTTP-Redirect binding',
      'logout will end our session only and leave the one at the IdP open') // prettier-ignore
}

/** Dates are shown, never judged: who installed the file trusts the key, and renewing a certificate does not change that. */
function checkDates(idp: SurveyedIdp, at: Instant, notes: Notes): void {
  for (const element of idp.within) {
    const validUntil = attribute(element, 'validUntil')
    if (validUntil === undefined) continue
    if (Number.isNaN(Date.parse(validUntil)))
      note(notes, 'warning', 'bad-valid-until', element, 'validUntil is no time', 'have the IdP correct it')
    else if (Date.parse(validUntil) <= at)
      note(notes, 'warning', 'metadata-expired', element, `validUntil is past (${validUntil.slice(0, 30)})`,
        'fetch the current file from the IdP') // prettier-ignore
  }
  for (const { trusted, element } of idp.keys)
    if (trusted.notAfter !== undefined && trusted.notAfter <= at)
      note(notes, 'warning', 'certificate-expired', element,
        `the certificate ${trusted.fingerprint.slice(0, 16)}… expired on ${new Date(trusted.notAfter).toISOString().slice(0, 10)}`,
        'nothing stops working, since only its key counts; ask the IdP whether a new one is coming') // prettier-ignore
}

/** What we can sign requests with, the best liked first: samlify knows no others. */
const OUR_SIGNING: readonly string[] = [algorithm.rsaSha256, algorithm.rsaSha512]

/** algsupport 2.3: the role's list, else the entity's. Where we share nothing, the usual algorithm is tried all the same. */
function requestSigning({ entity, role }: IdpEntity): string | undefined {
  const lists = [role, entity].map(each => {
    const extensions = childNamed(each, ns.metadata, 'Extensions')
    return extensions ? childrenNamed(extensions, ns.alg, 'SigningMethod') : []
  })
  const declared = (lists.find(list => list.length > 0) ?? []).map(each => attribute(each, 'Algorithm'))
  return OUR_SIGNING.find(each => declared.includes(each))
}

/** mdui:DisplayName, else the organisation's, else the host: Russian first, then English, then whatever comes first. */
function titleOf({ entity, role }: IdpEntity): string {
  const extensions = childNamed(role, ns.metadata, 'Extensions')
  const info = extensions && childNamed(extensions, ns.mdui, 'UIInfo')
  const organization = childNamed(role, ns.metadata, 'Organization') ?? childNamed(entity, ns.metadata, 'Organization')
  const names = [
    ...(info ? childrenNamed(info, ns.mdui, 'DisplayName') : []),
    ...(organization ? childrenNamed(organization, ns.metadata, 'OrganizationDisplayName') : []),
  ]
  const spoken = (lang: string) => names.find(name => attribute(name, 'lang', ns.xml) === lang)
  const name = spoken('ru') ?? spoken('en') ?? names[0]
  return (name && textOf(name).trim()) || (attribute(entity, 'entityID') ?? '').replace(/^https?:\/\/([^/]+).*$/, '$1')
}
