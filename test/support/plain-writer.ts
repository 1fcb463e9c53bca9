/**
 * Answers written so that their text is its own canonical form: what is signed is hashed as it stands. So a signature costs
 * a digest and a private-key operation, and no canonicaliser, parser or XML library is in sight, least of all the judge's.
 */
import { createCipheriv, createHash, randomBytes, sign, type CipherGCMTypes, type KeyObject } from 'node:crypto'
import { ACS, IDP, NOW, REQUEST, SP } from './judging.js'
import { sealOaep, type OaepHashes } from './oaep-seal.js'

const DS = 'http://www.w3.org/2000/09/xmldsig#'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const XENC11 = 'http://www.w3.org/2009/xmlenc11#'
export const SAML = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
const SAMLP = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'

export const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString()

/** Parts of an Assertion; each is XML in canonical form. */
export interface Parts {
  readonly issuer: string
  /** NameID or EncryptedID. */
  readonly name: string
  readonly confirmations: string
  readonly conditions: string
  readonly advice: string
  readonly statement: string
  readonly attributes: string
}

export const confirmation = (changes: Readonly<Record<string, string | undefined>> = {}): string => {
  const honest: Record<string, string | undefined> = { InResponseTo: REQUEST, NotOnOrAfter: at(300), Recipient: ACS }
  const written = Object.entries({ ...honest, ...changes })
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}="${value!}"`)
  return (
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
    `<saml:SubjectConfirmationData${written.join('')}></saml:SubjectConfirmationData></saml:SubjectConfirmation>`
  )
}

export const restriction = (...audiences: string[]): string =>
  `<saml:AudienceRestriction>${audiences.map(one => `<saml:Audience>${one}</saml:Audience>`).join('')}</saml:AudienceRestriction>`

export const attribute = (name: string, ...values: string[]): string =>
  `<saml:Attribute Name="${name}">${values.map(value => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`

export const authnStatement = (more = '', classRef = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password'): string =>
  `<saml:AuthnStatement AuthnInstant="${at(-5)}" SessionIndex="_session"${more}><saml:AuthnContext>` +
  `<saml:AuthnContextClassRef>${classRef}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`

export const SNILS = '000-000-600 01'
const honest: Parts = {
  issuer: IDP,
  name: '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">_a1b2c3d4</saml:NameID>',
  confirmations: confirmation(),
  conditions: restriction(SP),
  advice: '',
  statement: authnStatement(),
  attributes: attribute('urn:esia:personSNILS', SNILS),
}

export function assertion(changes: Partial<Parts> = {}): string {
  const { issuer, name, confirmations, conditions, advice, statement, attributes } = { ...honest, ...changes }
  return (
    `<saml:Assertion ${SAML} ID="_assertion" IssueInstant="${at(-1)}" Version="2.0"><saml:Issuer>${issuer}</saml:Issuer>` +
    `<saml:Subject>${name}${confirmations}</saml:Subject>` +
    `<saml:Conditions NotBefore="${at(-1)}" NotOnOrAfter="${at(300)}">${conditions}</saml:Conditions>` +
    `${advice}${statement}<saml:AttributeStatement>${attributes}</saml:AttributeStatement></saml:Assertion>`
  )
}

export interface ResponseParts {
  readonly extensions: string
  readonly attributes: string
}

export function response(content: string, changes: Partial<ResponseParts> = {}): string {
  const { extensions, attributes } = { extensions: '', attributes: '', ...changes }
  return (
    `<samlp:Response ${SAMLP}${attributes} Destination="${ACS}" ID="_response" InResponseTo="${REQUEST}" IssueInstant="${at(-1)}" Version="2.0">` +
    `<saml:Issuer ${SAML}>${IDP}</saml:Issuer>${extensions}` +
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>' +
    `${content}</samlp:Response>`
  )
}

export interface SigningKey {
  readonly privateKey: KeyObject
  /** Behind `xmldsig-more#`: `rsa-sha256` and its relatives. */
  readonly method: string
  /** Of the Reference; the method's own where it is not named. */
  readonly digest?: 'sha256' | 'sha384' | 'sha512'
}

const DIGESTS = { sha256: `${XENC}sha256`, sha384: `${MORE}sha384`, sha512: `${XENC}sha512` } as const

/** Puts a signature behind the Issuer of the document element, whose text is canonical. */
export function signed(text: string, { privateKey, method, digest }: SigningKey, keyInfo = ''): string {
  const hash = method.split('-')[1] as 'sha256' | 'sha384' | 'sha512'
  const used = digest ?? hash
  const value = createHash(used).update(text).digest('base64')
  const id = /^<[^>]* ID="([^"]*)"/.exec(text)![1]!
  const canonicalization = `Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`
  const info =
    `<ds:SignedInfo xmlns:ds="${DS}"><ds:CanonicalizationMethod ${canonicalization}></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${MORE}${method}"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform><ds:Transform ${canonicalization}></ds:Transform>` +
    `</ds:Transforms><ds:DigestMethod Algorithm="${DIGESTS[used]}"></ds:DigestMethod>` +
    `<ds:DigestValue>${value}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const octets = sign(hash, Buffer.from(info), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  // where it stands, the declaration is already made: canonical form again, so that a Response may be signed around it
  const inside = info.replace(` xmlns:ds="${DS}"`, '')
  const signature =
    `<ds:Signature xmlns:ds="${DS}">${inside}` +
    `<ds:SignatureValue>${octets.toString('base64')}</ds:SignatureValue>${keyInfo}</ds:Signature>`
  const issuer = /<\/(?:[^<>:]+:)?Issuer>/.exec(text)!
  const end = issuer.index + issuer[0].length
  return text.slice(0, end) + signature + text.slice(end)
}

export interface Sealing extends OaepHashes {
  /** `aes256-gcm` and its relatives. */
  readonly data: string
  readonly transport: 'rsa-oaep-mgf1p' | 'rsa-oaep'
  /** Where EncryptedKey stands; `retrieved`: beside, and found by RetrievalMethod and DataReference. */
  readonly place?: 'inside' | 'beside' | 'retrieved'
  /** Certificates that get the key, each its own. */
  readonly recipients: readonly KeyObject[]
}

export const MODERN = { data: 'aes256-gcm', transport: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' } as const

/** What an EncryptedAssertion or EncryptedID holds. */
export function sealed(
  text: string,
  form: Sealing,
  element: 'EncryptedAssertion' | 'EncryptedID' | 'EncryptedAttribute' = 'EncryptedAssertion',
): string {
  const key = randomBytes(Number(form.data.slice(3, 6)) / 8)
  const keys = form.recipients.map((recipient, i) => encryptedKey(recipient, key, form, i)).join('')
  const place = form.place ?? 'inside'
  const keyInfo = {
    inside: `<ds:KeyInfo xmlns:ds="${DS}">${keys}</ds:KeyInfo>`,
    beside: '',
    retrieved: `<ds:KeyInfo xmlns:ds="${DS}"><ds:RetrievalMethod Type="${XENC}EncryptedKey" URI="#_key0"></ds:RetrievalMethod></ds:KeyInfo>`,
  }[place]
  const base = form.data.endsWith('gcm') ? XENC11 : XENC
  const data =
    `<xenc:EncryptedData xmlns:xenc="${XENC}" Id="_data" Type="${XENC}Element"><xenc:EncryptionMethod Algorithm="${base}${form.data}"></xenc:EncryptionMethod>` +
    `${keyInfo}${cipherData(encipher(text, key, form.data))}</xenc:EncryptedData>`
  const declared = element === 'EncryptedAssertion' ? ` ${SAML}` : '' // the others stand in an Assertion, which declares it
  return `<saml:${element}${declared}>${data}${place === 'inside' ? '' : keys}</saml:${element}>`
}

const cipherData = (octets: Buffer): string =>
  `<xenc:CipherData><xenc:CipherValue>${octets.toString('base64')}</xenc:CipherValue></xenc:CipherData>`

function encryptedKey(recipient: KeyObject, key: Buffer, form: Sealing, number: number): string {
  const { transport, digest, mgf, place } = form
  const mask = `<xenc11:MGF xmlns:xenc11="${XENC11}" Algorithm="${XENC11}mgf1${mgf}"></xenc11:MGF>`
  const hash = { ...DIGESTS, sha1: `${DS}sha1` }[digest]
  const alone = place === 'beside' || place === 'retrieved'
  const method =
    `<xenc:EncryptionMethod Algorithm="${transport === 'rsa-oaep' ? XENC11 : XENC}${transport}">` +
    `<ds:DigestMethod${alone ? ` xmlns:ds="${DS}"` : ''} Algorithm="${hash}"></ds:DigestMethod>${transport === 'rsa-oaep' ? mask : ''}</xenc:EncryptionMethod>`
  const reference =
    place === 'retrieved'
      ? '<xenc:ReferenceList><xenc:DataReference URI="#_data"></xenc:DataReference></xenc:ReferenceList>'
      : ''
  const declared = alone ? ` xmlns:xenc="${XENC}"` : ''
  return `<xenc:EncryptedKey${declared} Id="_key${number}">${method}${cipherData(sealOaep(recipient, key, { digest, mgf }))}${reference}</xenc:EncryptedKey>`
}

function encipher(text: string, key: Buffer, data: string): Buffer {
  const name = data.replace('aes', 'aes-')
  const iv = randomBytes(data.endsWith('gcm') ? 12 : 16)
  if (data.endsWith('cbc')) {
    const cbc = createCipheriv(name, key, iv) // PKCS#7 is one of the paddings that xmlenc allows
    return Buffer.concat([iv, cbc.update(text), cbc.final()])
  }
  const gcm = createCipheriv(name as CipherGCMTypes, key, iv)
  return Buffer.concat([iv, gcm.update(text), gcm.final(), gcm.getAuthTag()])
}
