/** xml-crypto, told to accept what we accept and no more: algorithms, keys, and the one form of a signature (saml-core 5.4). */
import { createHash, verify, type KeyLike, type KeyObject } from 'node:crypto'
import { ExclusiveCanonicalization, SignedXml } from 'xml-crypto'
import type { TrustedIdp } from '../saml/trust.js'
import { algorithm, ns } from '../words/saml-names.js'

/** The message is beyond this engine, or broken in its eyes. */
export class NotForThisEngine extends Error {
  override readonly name = 'NotForThisEngine'
}

type Answer = { readonly bytes: string } | { readonly why: string }

/**
 * Verifies one signature with one key.
 *
 * @returns the canonical form of what is signed, or why it does not verify
 */
export function signedBytes(
  xml: string,
  { signature, holder }: { signature: Element; holder: Element },
  key: KeyObject,
  { legacyAlgorithms, refusedAlgorithms = [] }: Pick<TrustedIdp, 'legacyAlgorithms' | 'refusedAlgorithms'>,
): Answer {
  const odd = oddForm(signature, holder)
  if (odd !== undefined) return { why: odd }
  const engine = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null })
  const allowed = <T>(all: readonly (readonly [string, T])[]) =>
    Object.fromEntries(all.filter(([uri]) => !refusedAlgorithms.includes(uri)))
  engine.SignatureAlgorithms = allowed(signatures(legacyAlgorithms))
  engine.HashAlgorithms = allowed(hashes(legacyAlgorithms))
  engine.CanonicalizationAlgorithms = Object.fromEntries(
    TRANSFORMS.map(uri => [uri, engine.CanonicalizationAlgorithms[uri] ?? ExclusiveCanonicalization]),
  )
  try {
    engine.loadSignature(signature)
    // it would read the first text node only, and a CDATA section begins another
    Object.assign(engine, { signatureValue: valueOf(signature) })
    if (!engine.checkSignature(xml)) return { why: 'the signature does not verify' }
    return { bytes: engine.getSignedReferences()[0]! }
  } catch (error) {
    return { why: error instanceof Error ? error.message.split('\n')[0]!.slice(0, 200) : 'unknown reason' }
  }
}

const TRANSFORMS = [algorithm.excC14n, algorithm.excC14nWithComments, algorithm.enveloped] as const

const elements = (parent: Element): Element[] =>
  Array.from(parent.childNodes).filter((node): node is Element => node.nodeType === 1)

const named = (parent: Element, local: string): Element[] =>
  elements(parent).filter(child => child.localName === local && child.namespaceURI === ns.ds)

/** @returns what is not as SAML has it: one SignedInfo, one Reference to the holder, two transforms, no Object */
function oddForm(signature: Element, holder: Element): string | undefined {
  const [signedInfo, ...infos] = named(signature, 'SignedInfo')
  const [reference, ...references] = signedInfo ? named(signedInfo, 'Reference') : []
  const [transforms, ...more] = reference ? named(reference, 'Transforms') : []
  if (!reference || !transforms || infos.length + references.length + more.length > 0)
    return 'not one SignedInfo with one Reference and its Transforms'
  if (named(signature, 'Object').length > 0) return 'an Object in the signature'
  if (named(holder, 'Signature').length !== 1) return 'not one signature in its parent'
  const id = holder.getAttribute('ID') ?? ''
  if (id === '' || reference.getAttribute('URI') !== `#${id}`) return 'the reference is not to the parent'
  const [first, second, third] = elements(transforms).map(each => each.getAttribute('Algorithm'))
  const canonical = second === algorithm.excC14n || second === algorithm.excC14nWithComments
  return first === algorithm.enveloped && canonical && third === undefined ? undefined : 'other transforms'
}

const valueOf = (signature: Element): string =>
  named(signature, 'SignatureValue')
    .map(value => value.textContent)
    .join('')
    .replace(/[ \t\r\n]+/g, '')

const hash = (uri: string, name: string) =>
  [
    uri,
    class {
      getAlgorithmName = (): string => uri
      getHash = (xml: string): string => createHash(name).update(xml, 'utf8').digest('base64')
    },
  ] as const

const hashes = (legacy: boolean) => [
  hash(algorithm.sha256, 'sha256'),
  hash(algorithm.sha384, 'sha384'),
  hash(algorithm.sha512, 'sha512'),
  ...(legacy ? [hash(algorithm.sha1, 'sha1')] : []),
]

const signatureBy = (uri: string, name: string, type: 'rsa' | 'ec') =>
  [
    uri,
    class {
      getAlgorithmName = (): string => uri
      getSignature = (): never => {
        throw new Error('this engine only verifies')
      }
      verifySignature = (material: string, key: KeyLike, value: string): boolean =>
        (key as KeyObject).asymmetricKeyType === type &&
        verify(
          name,
          Buffer.from(material),
          { key: key as KeyObject, dsaEncoding: 'ieee-p1363' },
          Buffer.from(value, 'base64'),
        )
    },
  ] as const

const signatures = (legacy: boolean) => [
  signatureBy(algorithm.rsaSha256, 'sha256', 'rsa'),
  signatureBy(algorithm.rsaSha384, 'sha384', 'rsa'),
  signatureBy(algorithm.rsaSha512, 'sha512', 'rsa'),
  signatureBy(algorithm.ecdsaSha256, 'sha256', 'ec'),
  signatureBy(algorithm.ecdsaSha384, 'sha384', 'ec'),
  ...(legacy ? [signatureBy(algorithm.rsaSha1, 'sha1', 'rsa')] : []),
]
