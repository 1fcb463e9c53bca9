/** HTTP-Redirect (saml-bindings 3.4): signatures over the raw octets of the query, DEFLATE, base64. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { verify, X509Certificate } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { algorithm, ns } from '../words/saml-names.js'
import { signatureValue, type SignatureForm, type Signer } from './sign.js'
import { children, descendants, parseXml } from './xml.js'

/** What is wrong with a message, in one Russian sentence for the error page. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage'
}

/** Octets that a request may have after inflating. */
const LARGEST = 64 * 1024

export interface RedirectMessage {
  readonly xml: string
  readonly relayState: string | undefined
  readonly query: ReadonlyMap<string, string>
}

/** The raw pairs of the query: still percent-encoded, since the signature covers exactly these octets. */
function rawPairs(query: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    if (pairs.has(name)) throw new BadMessage(`Параметр ${name} повторяется.`)
    pairs.set(name, value)
  }
  return pairs
}

const decoded = (raw: string): string => {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '))
  } catch {
    throw new BadMessage('Параметры адреса закодированы неверно.')
  }
}

type MessageName = 'SAMLRequest' | 'SAMLResponse'

/** @param rawQuery what stands after `?`, untouched */
export function readRedirect(rawQuery: string, name: MessageName = 'SAMLRequest'): RedirectMessage {
  const query = rawPairs(rawQuery)
  const message = query.get(name)
  if (message === undefined)
    throw new BadMessage(`В адресе нет ${name === 'SAMLRequest' ? 'запроса' : 'ответа'} ${name}.`)
  const relay = query.get('RelayState')
  let octets: Buffer
  try {
    octets = inflateRawSync(Buffer.from(decoded(message), 'base64'), { maxOutputLength: LARGEST })
  } catch {
    throw new BadMessage('Запрос не удаётся распаковать (DEFLATE, base64).')
  }
  return { xml: octets.toString('utf8'), relayState: relay === undefined ? undefined : decoded(relay), query }
}

const hashes: Readonly<Record<string, string>> = {
  [algorithm.rsaSha256]: 'sha256',
  [algorithm.rsaSha384]: 'sha384',
  [algorithm.rsaSha512]: 'sha512',
}

/**
 * Refuses a message that none of the service provider's signing certificates verifies. A request without a signature is
 * refused, too. With `legacy` it takes rsa-sha1, and the signature inside the message with `Signature=-` in the address.
 */
export function requireSignature(
  message: RedirectMessage,
  certificates: readonly string[],
  legacy: boolean,
  name: MessageName = 'SAMLRequest',
): void {
  const { query } = message
  const [signature, uri] = [decoded(query.get('Signature') ?? ''), decoded(query.get('SigAlg') ?? '')]
  if (signature === '') throw new BadMessage('Запрос не подписан: стенд принимает только подписанные запросы.')
  if (legacy && signature === '-') {
    requireEnveloped(message.xml, certificates)
    return
  }
  const hash = legacy && uri === algorithm.rsaSha1 ? 'sha1' : hashes[uri]
  if (hash === undefined) throw new BadMessage('Алгоритм подписи запроса не принимается.')
  const signed = [name, 'RelayState', 'SigAlg']
    .filter(part => query.has(part))
    .map(part => `${part}=${query.get(part) ?? ''}`)
    .join('&')
  const octets = Buffer.from(signature, 'base64')
  const good = certificates.some(pem => verify(hash, Buffer.from(signed), new X509Certificate(pem).publicKey, octets))
  if (!good) throw new BadMessage('Подпись запроса не подходит ни к одному сертификату из метаданных этой системы.')
}

/** A signature inside the message: HTTP-POST, SOAP, and ESIA's odd variant 2 of 2014 inside the deflated request. */
export function requireEnveloped(xml: string, certificates: readonly string[]): void {
  const root = parseXml(xml).documentElement
  const [signature] = children(root, ns.ds, 'Signature')
  const references = signature ? descendants(signature, ns.ds, 'Reference') : []
  const ofRoot = references.length === 1 && references[0]?.getAttribute('URI') === `#${root.getAttribute('ID') ?? ''}`
  const good = signature !== undefined && ofRoot && certificates.some(pem => verifies(xml, signature, pem))
  if (!good) throw new BadMessage('Подпись внутри запроса не подходит ни к одному сертификату этой системы.')
}

function verifies(xml: string, signature: Element, certificatePem: string): boolean {
  const verifier = new SignedXml({ publicCert: certificatePem, getCertFromKeyInfo: () => null })
  try {
    verifier.loadSignature(signature)
    return verifier.checkSignature(xml)
  } catch {
    return false // xml-crypto throws at what it does not understand
  }
}

/** @returns the address with SAMLResponse, RelayState, SigAlg and Signature */
export function signedRedirect(
  to: string,
  xml: string,
  relayState: string | undefined,
  signer: Signer,
  form: SignatureForm,
): string {
  const pairs = [`SAMLResponse=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`]
  if (relayState !== undefined) pairs.push(`RelayState=${encodeURIComponent(relayState)}`)
  pairs.push(`SigAlg=${encodeURIComponent(form.signature)}`)
  const query = pairs.join('&')
  const signature = encodeURIComponent(signatureValue(query, signer, form.signature))
  return `${to}${to.includes('?') ? '&' : '?'}${query}&Signature=${signature}`
}
