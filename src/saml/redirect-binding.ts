/**
 * Messages that travel in a query string: HTTP-Redirect with the DEFLATE encoding (saml-bindings 3.4). The signature covers
 * octets of the query as it was sent, so the raw text is kept until it is verified, and nothing is decoded and encoded anew.
 */
import { sign } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { Refusal } from '../base/refusal.js'
import { algorithm } from '../words/saml-names.js'
import { verifyOctets, type SignatureRules } from './algorithms.js'
import { checkSize, decodeBase64, decodeUtf8, MAX_OCTETS } from './decode.js'
import type { SpKey, TrustedIdp } from './trust.js'

/** base64url and its like: signs that no browser and no URL parser rewrites, so that the signed octets stay as they are. */
const RELAY_STATE = /^[A-Za-z0-9._~-]{1,80}$/

/** @throws RangeError when the RelayState is not one of ours */
export function checkedRelayState(relayState: string): string {
  if (!RELAY_STATE.test(relayState)) throw new RangeError('RelayState: 1 to 80 of A-Z a-z 0-9 . _ ~ -')
  return relayState
}

/** The address with the signed query, octet for octet: a rewritten query would no longer verify. */
export function signedUrl(text: string): URL {
  const url = new URL(text)
  if (!url.href.endsWith(text.slice(text.lastIndexOf('SAMLRequest='))))
    throw new Error('the signed query does not survive a URL parser')
  return url
}

/**
 * The message in a query, once its signature is proven: verified first, inflated afterwards, so that only the IdP itself can
 * make us inflate anything, and that no further than 256 KiB.
 *
 * @param rawQuery as the browser sent it, with or without `?`
 * @returns the XML; every octet of it was signed by a key of the IdP's metadata
 * @throws Refusal `request.malformed`, `saml.unsigned`, `saml.algorithm`, `saml.weak-key`, `saml.untrusted-key`,
 *   `saml.not-base64`, `saml.too-large`, `saml.not-utf8`
 */
export function openRedirect(rawQuery: string, message: MessageName, idp: TrustedIdp): string {
  const { compressed, verify } = readQuery(rawQuery, message)
  verify(idp)
  return inflate(compressed)
}

export interface UnprovenRedirect {
  readonly xml: string
  readonly relayState?: string
  /** @throws Refusal `saml.algorithm`, `saml.weak-key`, `saml.untrusted-key` */
  readonly verify: (idp: SignatureRules) => void
}

/**
 * The same where only the message itself says whose it is: it is inflated, to 256 KiB at most, so that its Issuer can be
 * read. Nothing else of it may be believed before `verify`.
 */
export function peekRedirect(rawQuery: string, message: MessageName): UnprovenRedirect {
  const { compressed, verify, relayState } = readQuery(rawQuery, message)
  return { xml: inflate(compressed), verify, ...(relayState !== undefined && { relayState }) }
}

type MessageName = 'SAMLRequest' | 'SAMLResponse'

function readQuery(rawQuery: string, message: MessageName) {
  checkSize(rawQuery.length / 3, true) // %2B is one character of base64
  const raw = readPairs(rawQuery)
  const encoded = raw.get(message)
  if (encoded === undefined) throw new Refusal('request.malformed', { parameter: message, why: 'missing' })
  const sigAlg = raw.get('SigAlg')
  const signature = raw.get('Signature')
  if (sigAlg === undefined || signature === undefined) throw new Refusal('saml.unsigned')
  const compressed = decodeBase64(decoded(message, encoded))
  // rebuilt in the order of saml-bindings 3.4.4.1, whatever order they arrived in, each value as it was sent
  const octets = [message, 'RelayState', 'SigAlg'].flatMap(name => (raw.has(name) ? [`${name}=${raw.get(name)!}`] : []))
  const relayState = raw.get('RelayState')
  const verify = (rules: SignatureRules): void => {
    verifyOctets(
      Buffer.from(octets.join('&')),
      decodeBase64(decoded('Signature', signature)),
      decoded('SigAlg', sigAlg),
      rules,
    )
  }
  return { compressed, verify, relayState: relayState === undefined ? undefined : decoded('RelayState', relayState) }
}

/**
 * A signed answer in a query. Written here and not by samlify, which knows no ResponseLocation and leaves in a RelayState
 * signs that a URL parser rewrites.
 */
export function redirectUrl(
  location: string,
  xml: string,
  relayState: string | undefined,
  key: SpKey,
  legacy: boolean,
): URL {
  const sigAlg = legacy ? algorithm.rsaSha1 : algorithm.rsaSha256
  const pairs = [
    `SAMLResponse=${encoded(deflateRawSync(xml).toString('base64'))}`,
    ...(relayState === undefined ? [] : [`RelayState=${encoded(relayState)}`]),
    `SigAlg=${encoded(sigAlg)}`,
  ].join('&')
  const signature = sign(legacy ? 'sha1' : 'sha256', Buffer.from(pairs), key.privateKey).toString('base64')
  const query = `${pairs}&Signature=${encoded(signature)}`
  const url = new URL(`${location}${location.includes('?') ? '&' : '?'}${query}`)
  if (!url.href.endsWith(query)) throw new Error('the signed query does not survive a URL parser')
  return url
}

/** encodeURIComponent leaves these, and a URL parser would escape the first. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const OURS: ReadonlySet<string> = new Set(['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature'])

/**
 * Raw values by name. A name of ours that is doubled, or written in percent-encoding, is refused: two readers could
 * disagree on which of two is meant.
 */
function readPairs(rawQuery: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const pair of rawQuery.replace(/^\?/, '').split('&')) {
    const split = pair.indexOf('=')
    const rawName = split < 0 ? pair : pair.slice(0, split)
    const name = decoded('name', rawName)
    if (name === 'SAMLEncoding')
      throw new Refusal('request.malformed', { parameter: name, why: 'only DEFLATE, unsaid' })
    if (!OURS.has(name)) continue
    if (rawName !== name || found.has(name))
      throw new Refusal('request.malformed', { parameter: name, why: 'repeated' })
    found.set(name, split < 0 ? '' : pair.slice(split + 1))
  }
  return found
}

function decoded(parameter: string, raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '))
  } catch {
    throw new Refusal('request.malformed', { parameter, why: 'percent-encoding' })
  }
}

function inflate(compressed: Buffer): string {
  try {
    return decodeUtf8(inflateRawSync(compressed, { maxOutputLength: MAX_OCTETS }))
  } catch (error) {
    if (error instanceof Refusal) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new Refusal('saml.too-large', { most: MAX_OCTETS })
    if (code?.startsWith('Z_') !== true) throw error
    throw new Refusal('request.malformed', { why: 'the message is not DEFLATE (RFC 1951)' })
  }
}
