import { X509Certificate } from 'node:crypto'
import { Refusal } from '../../base/refusal.js'
import { ns } from '../../words/saml-names.js'
import { verifySignature } from '../signature.js'
import { childNamed, childrenNamed, textOf, type XmlElement } from '../tree.js'
import type { TrustedKey } from '../trust.js'
import type { Looked } from './lint.js'

/**
 * Whether the file is still as it was signed, by the certificate that it brings along. That says nothing about who signed
 * it: whom to trust is for the settings to say.
 */
export function remarkSignature({ within, entity, remark }: Looked): void {
  const signed = within.find(element => childrenNamed(element, ns.ds, 'Signature').length > 0)
  if (!signed) {
    remark(
      'unsigned',
      entity,
      'the metadata is not signed',
      'compare the SHA-256 of its keys with the IdP by telephone',
    )
    return
  }
  const keys = keyIn(signed)
  if (keys.length === 0) return
  try {
    verifySignature(signed, { signingKeys: keys, legacyAlgorithms: false })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'saml.algorithm' && holdsWithSha1(signed, keys))
      remark('weak-signature', signed, 'the metadata is signed with SHA-1', 'ask the IdP to sign it with sha256')
    else if (['saml.altered', 'saml.untrusted-key'].includes(error.code))
      remark('bad-signature', signed, 'the signature of the metadata does not hold', 'somebody changed the file after it was signed, be it by saving it in an editor: fetch it again') // prettier-ignore
    else
      remark('signature-form', signed, `the signature of the metadata is not of a form that we take (${error.code})`, 'nothing for a file that you installed; the bridge will not refresh it from an address with signedBy') // prettier-ignore
  }
}

function holdsWithSha1(signed: XmlElement, keys: readonly TrustedKey[]): boolean {
  try {
    verifySignature(signed, { signingKeys: keys, legacyAlgorithms: true })
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return false
  }
}

/** The certificate beside the signature. */
function keyIn(signed: XmlElement): readonly TrustedKey[] {
  const info = childNamed(childNamed(signed, ns.ds, 'Signature')!, ns.ds, 'KeyInfo')
  const data = info && childNamed(info, ns.ds, 'X509Data')
  const certificate = data && childNamed(data, ns.ds, 'X509Certificate')
  if (!certificate) return []
  try {
    return [{ key: new X509Certificate(Buffer.from(textOf(certificate), 'base64')).publicKey, fingerprint: '' }]
  } catch {
    return []
  }
}
