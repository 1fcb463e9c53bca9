/**
 * Keys and certificates as people have them: PEM with whatever stands around the blocks, DER, bare base64, PKCS#7, PKCS#12.
 * A file is told by what it holds, never by its name. Complaints never quote the file.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { kindOfDer, type DerKind } from './asn1.js'
import { CertificateError } from './certificate-error.js'
import { readPkcs12 } from './pkcs12.js'

/** Everything of use that a file holds, in its order. */
export interface Material {
  readonly keys: readonly KeyObject[]
  readonly certificates: readonly X509Certificate[]
  /** What else is in it: said when something was looked for in vain. */
  readonly others: readonly (
    'a certificate request (CSR)' | 'a public key' | 'an OpenSSH key' | 'nothing that we know'
  )[]
}

/** @throws CertificateError when something in it cannot be read, or is locked by a password that was not given or is wrong */
export function readMaterial(octets: Buffer, password?: string): Material {
  if (octets[0] === 0x30) return fromDer(octets, password)
  const text = readText(octets)
  if (text.includes('-----BEGIN ')) return together(readBlocks(text).map(block => fromBlock(block, password)))
  const bare = text.replace(/\s/g, '')
  if (bare.length >= 100 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return fromDer(Buffer.from(bare, 'base64'), password)
  return other('nothing that we know')
}

/** Mail programs, editors of Windows and forms leave their traces: a BOM, CRLF, `&#13;`. */
function readText(octets: Buffer): string {
  if ((octets[0] === 0xff && octets[1] === 0xfe) || (octets[0] === 0xfe && octets[1] === 0xff))
    throw new CertificateError('is saved as UTF-16; save it as plain text (UTF-8 or ANSI)')
  return octets
    .toString('utf8')
    .replaceAll(/&#(?:13|xd);/gi, '')
    .replaceAll('\0', '')
}

interface Block {
  readonly label: string
  readonly headers: string
  readonly der: Buffer
  readonly pem: string
}

/** RFC 7468; what stands between the blocks (bag attributes, comments) means nothing. */
function readBlocks(text: string): readonly Block[] {
  const found = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^]*?)-----END \1-----/g)]
  if (found.length < text.split('-----BEGIN ').length - 1)
    throw new CertificateError('has a -----BEGIN line without its -----END line; it may be cut off')
  return found.map(([pem, label = '', body = '']) => {
    const [headers = '', base64 = body] = /:/.test(body) ? [body, body.replace(/^[^]*?\r?\n\s*\r?\n/, '')] : []
    const signs = base64.replace(/\s/g, '')
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signs)) throw damaged(label)
    return { label, headers, der: Buffer.from(signs, 'base64'), pem: pem.replaceAll('\r', '') }
  })
}

const damaged = (label: string): CertificateError =>
  new CertificateError(
    `holds a ${label.includes('KEY') ? 'private key' : 'certificate'} that cannot be read; it may be damaged`,
  )

const none: Material = { keys: [], certificates: [], others: [] }
const other = (what: Material['others'][number]): Material => ({ ...none, others: [what] })
const together = (parts: readonly Material[]): Material => ({
  keys: parts.flatMap(({ keys }) => keys),
  certificates: parts.flatMap(({ certificates }) => certificates),
  others: parts.flatMap(({ others }) => others),
})

function fromBlock({ label, headers, der, pem }: Block, password: string | undefined): Material {
  if (/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)) return fromCertificate(der)
  if (label === 'OPENSSH PRIVATE KEY') return other('an OpenSSH key')
  if (/PARAMETERS$|^X509 CRL$/.test(label)) return none
  // the older form of OpenSSL keeps its encryption in headers, so node:crypto needs the whole block
  if (headers.includes('ENCRYPTED'))
    return fromKey(() => createPrivateKey({ key: pem, passphrase: needed(password) }), password)
  return fromDer(der, password)
}

/** A TRUSTED CERTIFICATE has more behind the certificate, which node:crypto does not mind. */
function fromCertificate(der: Buffer): Material {
  try {
    return { ...none, certificates: [new X509Certificate(der)] }
  } catch {
    throw damaged('CERTIFICATE')
  }
}

function fromDer(der: Buffer, password: string | undefined): Material {
  const key = (type: 'pkcs8' | 'pkcs1' | 'sec1') => fromKey(() => createPrivateKey({ key: der, format: 'der', type }))
  const readers: Readonly<Record<DerKind, () => Material>> = {
    certificate: () => fromCertificate(der),
    pkcs8: () => key('pkcs8'),
    pkcs1: () => key('pkcs1'),
    sec1: () => key('sec1'),
    'encrypted-pkcs8': () =>
      fromKey(
        () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase: needed(password) }),
        password,
      ),
    public: () => other('a public key'),
    request: () => other('a certificate request (CSR)'),
    pkcs7: () => fromPkcs7(der),
    pkcs12: () => fromPkcs12(der, password),
  }
  const kind = kindOfDer(der)
  return kind === undefined ? other('nothing that we know') : readers[kind]()
}

function needed(password: string | undefined): string {
  if (password !== undefined) return password
  throw new CertificateError('is protected by a passphrase; name its place: `passphrase: { file: … }` or `{ env: … }`')
}

function fromKey(read: () => KeyObject, password?: string): Material {
  try {
    return { ...none, keys: [read()] }
  } catch (error) {
    if (error instanceof CertificateError) throw error
    if (password === undefined) throw damaged('KEY')
    throw new CertificateError('does not open with this passphrase (or is damaged)')
  }
}

function fromPkcs12(der: Buffer, password: string | undefined): Material {
  // a bundle without a password is opened by the empty one
  const { privateKeyPem, certificatePem, authorityPems } = readPkcs12(der, password ?? '')
  return {
    ...none,
    keys: [createPrivateKey(privateKeyPem)],
    certificates: [certificatePem, ...authorityPems].map(pem => new X509Certificate(pem)),
  }
}

/** RFC 2315, SignedData: only the certificates; a P7B is a bag of them without a signature. */
function fromPkcs7(der: Buffer): Material {
  try {
    const outer = parts(forge.asn1.fromDer(der.toString('binary')))
    const signedData = parts(parts(outer[1])[0])
    const bag = signedData.find(({ tagClass, type }) => tagClass === CONTEXT && (type as number) === 0)
    const certificates = parts(bag).map(
      one => new X509Certificate(Buffer.from(forge.asn1.toDer(one).getBytes(), 'binary')),
    )
    return { ...none, certificates }
  } catch {
    throw new CertificateError('is a PKCS#7 file (.p7b) that cannot be read; it may be damaged')
  }
}

const CONTEXT = forge.asn1.Class.CONTEXT_SPECIFIC
const parts = (piece: forge.asn1.Asn1 | undefined): forge.asn1.Asn1[] =>
  Array.isArray(piece?.value) ? piece.value : []
