/**
 * The judge: from a posted answer to an assertion that may be believed, or a refusal. The order of the calls below is the
 * order of trust; each line says what it adds. The posted text is never looked at again once the tree is made, and nothing
 * is read from an element that no verified signature covers, except to refuse.
 */
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import type { Check } from '../words/check.js'
import { ns } from '../words/saml-names.js'
import type { AssertionContent, NameId, VerifiedAssertion } from './assertion.js'
import { findings, isIssuer, type AskedRequest, type Case } from './checks.js'
import { checkTimes, contentOf } from './content.js'
import { checkSize, decodeBase64, decodeUtf8 } from './decode.js'
import type { Sealed } from './decrypt.js'
import { openElement, openEncryptedId } from './encrypted.js'
import { gate } from './gate.js'
import { nameIdFrom } from './name-id.js'
import { conclude, finished, shown, skip, step, type Notes } from './notes.js'
import { readXml } from './reader.js'
import { signatureIn, verifySignature, type Signed } from './signature.js'
import { checkLoginStatus } from './status.js'
import { attribute, childNamed, childElements, elementsOf, isNamed, textOf, type XmlElement } from './tree.js'
import type { ServiceProvider, TrustedIdp } from './trust.js'

/** What the login that is answered looked like when it was sent off. */
export interface Asked {
  readonly idp: TrustedIdp
  readonly sp: ServiceProvider
  readonly request: Exclude<AskedRequest, 'unknown'>
  readonly now: Instant
  /** Where the browser called from: held against Address, as a signal only. */
  readonly address?: string
}

export type Verdict =
  | { readonly accepted: true; readonly assertion: VerifiedAssertion; readonly checks: readonly Check[] }
  | {
      readonly accepted: false
      readonly refusal: Refusal
      readonly checks: readonly Check[]
      /** What a trusted key signed although the answer is refused: good for nothing but comparing clocks. */
      readonly signed?: Pick<AssertionContent, 'id' | 'issuedAt'>
    }

export interface Examined extends Omit<Asked, 'request'> {
  /** `unknown`: whether it answers a request of ours is not checked. */
  readonly request: AskedRequest
}

export interface Examination {
  readonly refusal?: Refusal
  /** What the signed assertion says; present as soon as its signature was verified, refused or not. Not to be believed. */
  readonly content?: AssertionContent
  readonly checks: readonly Check[]
}

/**
 * Judges what was posted to the assertion consumer service (saml-profiles 4.1.4.3, design section 4). Never throws for bad
 * input. Whether the assertion was used before is for the store to say, in the transaction that opens the session.
 *
 * @param posted the form field SAMLResponse
 */
export function judgeResponse(posted: string, asked: Asked): Verdict {
  const { refusal, content, checks } = examine(notes => decodePosted(posted, notes), asked)
  const signed = content && { id: content.id, issuedAt: content.issuedAt }
  if (refusal !== undefined) return { accepted: false, refusal, checks, ...(signed && { signed }) }
  return { accepted: true, assertion: content as VerifiedAssertion, checks }
}

/**
 * The same checks for the command line, with what the assertion says even when it is refused.
 *
 * @param message raw XML or base64
 */
export function examineResponse(message: Uint8Array | string, asked: Examined): Examination {
  return examine(notes => decodeFile(typeof message === 'string' ? Buffer.from(message) : message, notes), asked)
}

/** UNVERIFIED: only to find the login it answers. @throws Refusal when it cannot be decoded or read */
export function peek(posted: string): { issuer?: string; inResponseTo?: string; id?: string; isResponse: boolean } {
  const { root } = readXml(decodePosted(posted, []))
  const issuer = childNamed(root, ns.assertion, 'Issuer')
  const inResponseTo = attribute(root, 'InResponseTo')
  const id = attribute(root, 'ID')
  return {
    ...(issuer && { issuer: textOf(issuer) }),
    ...(inResponseTo !== undefined && { inResponseTo }),
    ...(id !== undefined && { id }),
    isResponse: isNamed(root, ns.protocol, 'Response'),
  }
}

function examine(decode: (notes: Notes) => string, asked: Examined): Examination {
  const notes: Notes = []
  let content: AssertionContent | undefined
  try {
    const at = openCase(decode(notes), asked, notes)
    step(notes, 'times', () => checkTimes(at.elements))
    content = contentOf(at)
    skip(notes, 'replay', 'decided when the session is opened')
    conclude(notes, findings(at))
    return { content: content!, checks: finished(notes) } // without AuthnStatement a finding has failed
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { refusal: error, ...(content && { content }), checks: finished(notes) }
  }
}

/** Everything up to the point where each element that is read stands under a verified signature. */
function openCase(text: string, asked: Examined, notes: Notes): Case {
  const ids = new Set<string>()
  const document = step(notes, 'xml', () => readXml(text, { ids }))
  step(notes, 'schema', () => gate(document))
  const response = step(
    notes,
    'message',
    () => responseOf(document.root),
    root => ({ found: shown(attribute(root, 'ID')) }),
  )
  step(notes, 'issuer', () => checkIssuer(response, asked.idp))
  step(notes, 'status', () => checkLoginStatus(response))
  const carrier = step(notes, 'assertion-count', () => onlyAssertion(response, document.elements))
  step(notes, 'signature-places', () => checkPlaces(document.elements, [response, carrier]))
  const whole = verifyResponse(response, asked, notes)
  const assertion = openAssertion(carrier, whole, asked, ids, notes)
  verifyAssertion(assertion, whole, asked, notes)
  const nameId = nameIdOf(assertion, asked, notes)
  const elements = assertion === carrier ? document.elements : [...document.elements, ...elementsOf(assertion)]
  return { ...asked, response, responseSigned: whole !== undefined, assertion, nameId, elements }
}

function decodePosted(posted: string, notes: Notes): string {
  step(notes, 'size', () => checkSize(posted.length, true))
  const octets = step(notes, 'base64', () => decodeBase64(posted))
  return step(notes, 'utf8', () => decodeUtf8(octets))
}

/** A file begins with `<` (after a byte order mark or white space), or is base64. */
function decodeFile(file: Uint8Array, notes: Notes): string {
  const start = Buffer.from(file.subarray(0, 1024)).toString('latin1')
  if (!/^(?:\xEF\xBB\xBF)?[ \t\r\n]*</.test(start))
    return decodePosted(Buffer.from(file).toString('latin1').trim(), notes)
  step(notes, 'size', () => checkSize(file.length, false))
  skip(notes, 'base64', 'the file holds XML')
  return step(notes, 'utf8', () => decodeUtf8(file))
}

function responseOf(root: XmlElement): XmlElement {
  if (!isNamed(root, ns.protocol, 'Response')) throw new Refusal('saml.not-response')
  return root
}

/** saml-profiles 4.1.4.2: may be absent only while the Response is unsigned and nothing in it is encrypted. */
function checkIssuer(response: XmlElement, { entityId }: TrustedIdp): void {
  const issuer = childNamed(response, ns.assertion, 'Issuer')
  const needed =
    signatureIn(response) !== undefined || childNamed(response, ns.assertion, 'EncryptedAssertion') !== undefined
  if (issuer === undefined ? needed : !isIssuer(issuer, entityId))
    throw new Refusal('saml.wrong-issuer', { expected: shown(entityId), found: shown(issuer && textOf(issuer)) })
}

const isAssertion = (element: XmlElement): boolean =>
  element.ns === ns.assertion && (element.local === 'Assertion' || element.local === 'EncryptedAssertion')

/** One, a child of the Response, and none anywhere else: not in Advice, Extensions or ds:Object. */
function onlyAssertion(response: XmlElement, elements: readonly XmlElement[]): XmlElement {
  const only = childElements(response).find(isAssertion)
  const anywhere = elements.filter(isAssertion).length
  if (only === undefined || anywhere !== 1) throw new Refusal('saml.assertion-count', { found: anywhere, expected: 1 })
  return only
}

/** A signature anywhere else proves nothing to us, and might to somebody else. */
function checkPlaces(elements: readonly XmlElement[], parents: readonly XmlElement[]): void {
  for (const element of elements) {
    if (isNamed(element, ns.ds, 'Signature') && !parents.includes(element.parent!))
      throw new Refusal('saml.signature-form', { what: 'a signature stands elsewhere than in Response or Assertion' })
  }
}

const signedBy = ({ algorithm, key }: Signed) => ({ found: `${algorithm} by ${key.fingerprint.slice(0, 16)}` })

function verifyResponse(response: XmlElement, { idp }: Examined, notes: Notes): Signed | undefined {
  if (signatureIn(response) !== undefined)
    return step(notes, 'response-signature', () => verifySignature(response, idp), signedBy)
  if (idp.requireSignedResponse === true)
    step(notes, 'response-signature', () => {
      throw new Refusal('saml.unsigned', { what: 'the Response is not signed' })
    })
  skip(notes, 'response-signature', 'the Response is not signed')
  return undefined
}

/**
 * Ciphertexts of aes-cbc are malleable: outside a signed Response whoever posted one may have changed it. There a wrong
 * signature inside is told, also in the checks, like a key that does not fit.
 */
function openAssertion(
  carrier: XmlElement,
  whole: Signed | undefined,
  asked: Examined,
  ids: Set<string>,
  notes: Notes,
): XmlElement {
  if (isNamed(carrier, ns.assertion, 'Assertion')) {
    skip(notes, 'decryption', 'the assertion is not encrypted')
    return carrier
  }
  const insideSigned = whole !== undefined
  const check = (root: XmlElement, { cipher }: Sealed): void => {
    checkPlaintext(root)
    if (cipher.mode === 'cbc' && !insideSigned) verifySignature(root, asked.idp)
  }
  return step(
    notes,
    'decryption',
    () => openElement(carrier, { ...asked, insideSigned }, ids, check),
    ({ sealed }) => ({ found: sealed.algorithm }),
  ).element
}

/** One assertion, and whatever is signed in it is the assertion itself. */
function checkPlaintext(root: XmlElement): void {
  const elements = elementsOf(root)
  if (!isNamed(root, ns.assertion, 'Assertion') || elements.filter(isAssertion).length !== 1)
    throw new Refusal('saml.decryption')
  checkPlaces(elements, [root])
}

/** The assertion is signed itself, or stands inside the signed Response. */
function verifyAssertion(assertion: XmlElement, whole: Signed | undefined, { idp }: Examined, notes: Notes): void {
  if (whole !== undefined && signatureIn(assertion) === undefined)
    return skip(notes, 'assertion-signature', 'covered by the signature of the Response')
  step(notes, 'assertion-signature', () => verifySignature(assertion, idp), signedBy)
}

/** Its own ciphertext is opened only now, when a signature covers it (saml-core 2.2.4). */
function nameIdOf(assertion: XmlElement, { idp, sp }: Examined, notes: Notes): NameId | undefined {
  const subject = childNamed(assertion, ns.assertion, 'Subject')
  const encrypted = subject && childNamed(subject, ns.assertion, 'EncryptedID')
  if (encrypted !== undefined) return step(notes, 'name-id', () => openEncryptedId(encrypted, idp, sp, true))
  skip(notes, 'name-id', 'the name of the subject is not encrypted')
  const plain = subject && childNamed(subject, ns.assertion, 'NameID')
  return plain && nameIdFrom(plain)
}
