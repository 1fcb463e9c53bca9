import { X509Certificate } from 'node:crypto'
import { algorithm, ns } from '../../words/saml-names.js'
import { attribute, childNamed, childrenNamed, textOf, type XmlElement } from '../tree.js'
import type { Looked } from './lint.js'

export function remarkKeys(looked: Looked): void {
  const descriptors = childrenNamed(looked.role, ns.metadata, 'KeyDescriptor')
  for (const descriptor of descriptors) remarkDescriptor(looked, descriptor)
  const signing = descriptors.filter(each => (attribute(each, 'use') ?? 'signing') === 'signing')
  if (new Set(signing.map(each => textOf(each).replace(/\s/g, ''))).size > 1)
    looked.remark('several-signing-keys', signing[1]!, `there are ${signing.length} signing keys`, 'nothing: all are accepted; ask the IdP when the old one will go') // prettier-ignore
}

function remarkDescriptor(looked: Looked, descriptor: XmlElement): void {
  const { remark, notes } = looked
  if (attribute(descriptor, 'use') === undefined)
    remark('key-without-use', descriptor, 'a KeyDescriptor without use', 'nothing: it counts for both purposes')
  const certificates = certificatesIn(descriptor)
  const [first] = certificates
  if (certificates.length > 1)
    remark('certificate-chain', certificates[1]!, `a KeyDescriptor with ${certificates.length} certificates`, 'nothing: the first is the key, the others are not trusted') // prettier-ignore
  if (first && /&#(?:13|x0*d);/i.test(notes.document.source.slice(first.from, first.to)))
    remark('carriage-return', first, 'a certificate holds carriage returns as &#13;', 'nothing: they are skipped; other programs may stumble') // prettier-ignore
  const certificate = first && read(textOf(first))
  if (first && certificate) remarkCertificate(looked, first, certificate)
  const refused = childrenNamed(descriptor, ns.metadata, 'EncryptionMethod').find(each =>
    REFUSED.has(attribute(each, 'Algorithm') ?? ''),
  )
  if (refused)
    remark('refused-encryption', refused, 'the IdP declares an encryption that we refuse', 'nothing: it is about what is sent to the IdP; see that it does not encrypt so for us') // prettier-ignore
}

const REFUSED: ReadonlySet<string> = new Set([algorithm.rsa15, 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'])

function remarkCertificate({ remark, at }: Looked, element: XmlElement, { der, certificate }: Read): void {
  if (Date.parse(certificate.validFrom) > at)
    remark('certificate-not-yet-valid', element, `a certificate is valid from ${certificate.validFrom}`, 'nothing: only its key counts; but look at your clock') // prettier-ignore
  if (certificate.raw.length < der.length)
    remark('certificate-trailing', element, `${der.length - certificate.raw.length} octets stand behind a certificate in the same element`, 'ask the IdP to write one certificate into each X509Certificate') // prettier-ignore
  const old = OLD_SIGNATURES.get(signatureOid(certificate.raw))
  if (old !== undefined)
    remark(
      'certificate-signature',
      element,
      `a certificate is itself signed with ${old}`,
      'nothing: only its key counts',
    )
  const exponent = certificate.publicKey.asymmetricKeyDetails?.publicExponent
  if (exponent !== undefined && exponent < 65_537n)
    remark('small-exponent', element, `an RSA key with the public exponent ${exponent}`, 'ask the IdP for a key with 65537') // prettier-ignore
}

const certificatesIn = (descriptor: XmlElement): XmlElement[] => {
  const info = childNamed(descriptor, ns.ds, 'KeyInfo')
  return (info ? childrenNamed(info, ns.ds, 'X509Data') : []).flatMap(data =>
    childrenNamed(data, ns.ds, 'X509Certificate'),
  )
}

interface Read {
  readonly der: Buffer
  readonly certificate: X509Certificate
}

/** What cannot be read was told as an error. */
function read(text: string): Read | undefined {
  const der = Buffer.from(text.replace(/\s/g, ''), 'base64')
  try {
    return { der, certificate: new X509Certificate(der) }
  } catch {
    return undefined
  }
}

/** RFC 3279 2.2: object identifiers as DER, hex. */
const OLD_SIGNATURES: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010102', 'MD2'],
  ['2a864886f70d010104', 'MD5'],
  ['2a864886f70d010105', 'SHA-1'],
  ['2a8648ce3d0401', 'SHA-1'],
  ['2a8648ce380403', 'SHA-1'],
])

/**
 * RFC 5280 4.1: Certificate is a sequence of tbsCertificate, signatureAlgorithm (a sequence that begins with its OID) and the
 * signature. Node.js tells the algorithm from version 24.9 on only.
 */
function signatureOid(der: Buffer): string {
  const outer = valueAt(der, 0)
  const body = valueAt(der, outer.from)
  const signature = valueAt(der, body.to)
  const oid = valueAt(der, signature.from)
  return der.subarray(oid.from, oid.to).toString('hex')
}

/** Where the value of a DER element stands: X.690 8.1.3. The octets were read as a certificate before. */
function valueAt(der: Buffer, at: number): { readonly from: number; readonly to: number } {
  const first = der[at + 1] ?? 0
  const more = first < 0x80 ? 0 : first & 0x7f
  const length = more === 0 ? first : der.readUIntBE(at + 2, Math.min(more, 6))
  const from = at + 2 + more
  return { from, to: from + length }
}
