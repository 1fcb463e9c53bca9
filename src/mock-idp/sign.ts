/**
 * Enveloped XML signatures, written by hand so that faults can spoil every part of them (xmldsig-core 4).
 * The digest is taken over the element as it stands, since the signature that will be put into it does not exist yet.
 */
import { createHash, createHmac, sign as signOctets, X509Certificate, type KeyObject } from 'node:crypto'
import { ExclusiveCanonicalization } from 'xml-crypto'
import { algorithm, ns } from '../words/saml-names.js'
import { descendants, parseXml } from './xml.js'

export interface Signer {
  readonly key: KeyObject
  readonly certificatePem: string
}

export interface SignatureForm {
  readonly signature: string
  readonly digest: string
  /** Prefixes of InclusiveNamespaces; none leaves the element out. */
  readonly prefixes?: string
  /** Replaces what stands in KeyInfo. */
  readonly keyInfo?: string
  /** Spoils SignedInfo before it is signed: the signature then verifies, and its form is wrong. */
  readonly signedInfo?: (xml: string) => string
}

export const legacyForm: SignatureForm = { signature: algorithm.rsaSha1, digest: algorithm.sha1, prefixes: 'xs' }
export const modernForm: SignatureForm = { signature: algorithm.rsaSha256, digest: algorithm.sha256, prefixes: 'xs' }

const RSA_MD5 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'
export const HMAC_SHA1 = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'
export const HMAC_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'
export const MD5 = 'http://www.w3.org/2001/04/xmldsig-more#md5'

const hashes: Readonly<Record<string, string>> = {
  [algorithm.sha1]: 'sha1',
  [algorithm.sha256]: 'sha256',
  [algorithm.sha384]: 'sha384',
  [algorithm.sha512]: 'sha512',
  [MD5]: 'md5',
  [algorithm.rsaSha1]: 'sha1',
  [algorithm.rsaSha256]: 'sha256',
  [algorithm.rsaSha384]: 'sha384',
  [algorithm.rsaSha512]: 'sha512',
  [algorithm.ecdsaSha256]: 'sha256',
  [algorithm.ecdsaSha384]: 'sha384',
  [RSA_MD5]: 'md5',
  [HMAC_SHA1]: 'sha1',
  [HMAC_SHA256]: 'sha256',
}

/** @param uri of a signature or digest; an algorithm that does not exist is signed as if it were sha256 */
const hashOf = (uri: string): string => hashes[uri] ?? 'sha256'

/** @returns base64; hmac uses the octets of the certificate as its key, as a confused verifier would */
export function signatureValue(octets: string, signer: Signer, uri: string): string {
  const data = Buffer.from(octets)
  if (uri.includes('#hmac')) {
    return createHmac(hashOf(uri), signer.certificatePem).update(data).digest('base64')
  }
  return signOctets(hashOf(uri), data, { key: signer.key, dsaEncoding: 'ieee-p1363' }).toString('base64')
}

/** DER of the certificate as base64 without line breaks: what stands in ds:X509Certificate. */
export const certificateText = (pem: string): string => new X509Certificate(pem).raw.toString('base64')

export const x509KeyInfo = (pem: string): string =>
  `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateText(pem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`

/** Exclusive c14n without comments of the element that carries this ID. */
export function canonicalOf(xml: string, id: string, prefixes = ''): string {
  const document = parseXml(xml)
  const found = descendants(document, '*', '*').find(element => element.getAttribute('ID') === id)
  if (!found) throw new Error(`no element has the ID ${id}`)
  return canonical(found, prefixes)
}

const canonical = (element: Element, prefixes: string): string =>
  new ExclusiveCanonicalization().process(element, {
    inclusiveNamespacesPrefixList: prefixes.split(' ').filter(prefix => prefix !== ''),
  })

function signedInfo(id: string, digest: string, form: SignatureForm): string {
  const inclusive = form.prefixes
    ? `<ec:InclusiveNamespaces xmlns:ec="${ns.excC14n}" PrefixList="${form.prefixes}"/>`
    : ''
  const xml =
    `<ds:SignedInfo xmlns:ds="${ns.ds}"><ds:CanonicalizationMethod Algorithm="${algorithm.excC14n}"/>` +
    `<ds:SignatureMethod Algorithm="${form.signature}"/><ds:Reference URI="#${id}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${algorithm.enveloped}"/>` +
    `<ds:Transform Algorithm="${algorithm.excC14n}">${inclusive}</ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${form.digest}"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  return form.signedInfo ? form.signedInfo(xml) : xml
}

/** The ds:Signature over the element of this ID, not yet put in its place. */
export function signatureOver(xml: string, id: string, signer: Signer, form: SignatureForm): string {
  const digest = createHash(hashOf(form.digest))
    .update(canonicalOf(xml, id, form.prefixes))
    .digest('base64')
  const info = signedInfo(id, digest, form)
  const value = signatureValue(canonical(parseXml(info).documentElement, ''), signer, form.signature)
  const keyInfo = form.keyInfo ?? x509KeyInfo(signer.certificatePem)
  const bare = info.replace(` xmlns:ds="${ns.ds}"`, '')
  return `<ds:Signature xmlns:ds="${ns.ds}">${bare}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`
}

/** Puts a signature where SAML wants it: right after the Issuer of the element that carries this ID (saml-core 5.4.1). */
export function placeSignature(xml: string, id: string, signature: string): string {
  const start = xml.indexOf(` ID="${id}"`)
  const tagEnd = xml.indexOf('>', start) + 1
  const issuer = /^<saml2:Issuer[^>]*>[^<]*<\/saml2:Issuer>/.exec(xml.slice(tagEnd))
  const at = tagEnd + (issuer?.[0].length ?? 0)
  return xml.slice(0, at) + signature + xml.slice(at)
}

export const signElement = (xml: string, id: string, signer: Signer, form: SignatureForm): string =>
  placeSignature(xml, id, signatureOver(xml, id, signer, form))
