/** What a Response says, as plain data, and how it is written down. Faults spoil the data; nothing here signs. */
import { isoTime, type Instant } from '../base/clock.js'
import { ATTRNAME_URI, nameIdFormat, ns, PASSWORD_PROTECTED } from '../words/saml-names.js'
import type { AttributeValue } from './attributes.js'
import { attributes, escapeXml } from './xml.js'

/** Every field may be spoilt, so every field is here. Undefined leaves the attribute or element out. */
export interface Draft {
  readonly responseId: string
  readonly responseVersion: string
  readonly responseIssuer: string | undefined
  readonly responseIssueInstant: Instant
  readonly destination: string | undefined
  readonly responseInResponseTo: string | undefined
  /** Status codes, the outer one first. */
  readonly status: readonly string[]
  /** XML inside samlp:Extensions; empty leaves the element out. */
  readonly extensions: string
  readonly assertionId: string
  readonly assertionVersion: string
  readonly assertionIssuer: string
  readonly assertionIssueInstant: Instant
  readonly nameId: string
  /** SubjectConfirmation methods; none leaves the confirmation out. */
  readonly method: string | undefined
  readonly confirmationInResponseTo: string | undefined
  readonly confirmationNotBefore: Instant | undefined
  readonly confirmationNotOnOrAfter: Instant | undefined
  readonly recipient: string | undefined
  readonly address: string | undefined
  readonly notBefore: Instant | undefined
  readonly notOnOrAfter: Instant | undefined
  /** One list for each AudienceRestriction. */
  readonly audiences: readonly (readonly string[])[]
  /** XML of further conditions. */
  readonly conditions: string
  /** XML inside saml:Advice; empty leaves the element out. */
  readonly advice: string
  /** Undefined leaves the AuthnStatement out. */
  readonly authnInstant: Instant | undefined
  readonly sessionIndex: string
  readonly sessionNotOnOrAfter: Instant | undefined
  readonly attributes: readonly AttributeValue[]
  /** XML after the attributes, inside the AttributeStatement. */
  readonly moreAttributes: string
}

const time = (at: Instant | undefined): string | undefined => (at === undefined ? undefined : isoTime(at))
const wrapped = (name: string, inner: string): string => (inner === '' ? '' : `<${name}>${inner}</${name}>`)

const issuer = (value: string | undefined): string =>
  value === undefined
    ? ''
    : `<saml2:Issuer xmlns:saml2="${ns.assertion}" Format="${nameIdFormat.entity}">${escapeXml(value)}</saml2:Issuer>`

function statusXml(codes: readonly string[]): string {
  const [outer = '', inner] = codes
  const nested = inner === undefined ? '' : `<saml2p:StatusCode Value="${escapeXml(inner)}"/>`
  return `<saml2p:Status><saml2p:StatusCode Value="${escapeXml(outer)}">${nested}</saml2p:StatusCode></saml2p:Status>`
}

/** @param content the assertion or its encrypted form; may be empty */
export function writeResponse(draft: Draft, content: string): string {
  const head = attributes({
    'xmlns:saml2p': ns.protocol,
    Destination: draft.destination,
    ID: draft.responseId,
    InResponseTo: draft.responseInResponseTo,
    IssueInstant: isoTime(draft.responseIssueInstant),
    Version: draft.responseVersion,
  })
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<saml2p:Response${head}>${issuer(draft.responseIssuer)}` +
    `${wrapped('saml2p:Extensions', draft.extensions)}${statusXml(draft.status)}${content}</saml2p:Response>`
  )
}

function subject(draft: Draft): string {
  const nameId = `<saml2:NameID Format="${nameIdFormat.transient}">${escapeXml(draft.nameId)}</saml2:NameID>`
  if (draft.method === undefined) return wrapped('saml2:Subject', nameId)
  const confirmation = attributes({
    Address: draft.address,
    InResponseTo: draft.confirmationInResponseTo,
    NotBefore: time(draft.confirmationNotBefore),
    NotOnOrAfter: time(draft.confirmationNotOnOrAfter),
    Recipient: draft.recipient,
  })
  return wrapped(
    'saml2:Subject',
    `${nameId}<saml2:SubjectConfirmation${attributes({ Method: draft.method })}>` +
      `<saml2:SubjectConfirmationData${confirmation}/></saml2:SubjectConfirmation>`,
  )
}

function conditions(draft: Draft): string {
  const restrictions = draft.audiences.map(list =>
    wrapped('saml2:AudienceRestriction', list.map(one => wrapped('saml2:Audience', escapeXml(one))).join('')),
  )
  const times = attributes({ NotBefore: time(draft.notBefore), NotOnOrAfter: time(draft.notOnOrAfter) })
  return `<saml2:Conditions${times}>${restrictions.join('')}${draft.conditions}</saml2:Conditions>`
}

function authnStatement(draft: Draft): string {
  if (draft.authnInstant === undefined) return ''
  const head = attributes({
    AuthnInstant: time(draft.authnInstant),
    SessionIndex: draft.sessionIndex,
    SessionNotOnOrAfter: time(draft.sessionNotOnOrAfter),
  })
  const locality = `<saml2:SubjectLocality${attributes({ Address: draft.address })}/>`
  return (
    `<saml2:AuthnStatement${head}>${locality}<saml2:AuthnContext><saml2:AuthnContextClassRef>${PASSWORD_PROTECTED}` +
    `</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>`
  )
}

const attribute = ({ name, friendlyName, values }: AttributeValue): string =>
  `<saml2:Attribute${attributes({ FriendlyName: friendlyName, Name: name, NameFormat: ATTRNAME_URI })}>` +
  values
    .map(
      value =>
        `<saml2:AttributeValue xmlns:xsi="${ns.xsi}" xsi:type="xs:string">${escapeXml(value)}</saml2:AttributeValue>`,
    )
    .join('') +
  `</saml2:Attribute>`

/** Declares every prefix it uses, so that it is the same document alone, in a Response, and as plaintext of an encryption. */
export function writeAssertion(draft: Draft): string {
  const head = attributes({
    'xmlns:saml2': ns.assertion,
    'xmlns:xs': ns.xs,
    ID: draft.assertionId,
    IssueInstant: isoTime(draft.assertionIssueInstant),
    Version: draft.assertionVersion,
  })
  const statement = draft.attributes.map(attribute).join('') + draft.moreAttributes
  return (
    `<saml2:Assertion${head}><saml2:Issuer Format="${nameIdFormat.entity}">${escapeXml(draft.assertionIssuer)}</saml2:Issuer>` +
    `${subject(draft)}${conditions(draft)}${wrapped('saml2:Advice', draft.advice)}${authnStatement(draft)}` +
    `${wrapped('saml2:AttributeStatement', statement)}</saml2:Assertion>`
  )
}
