/** Signs test messages with xml-crypto: neither its canonicaliser nor its parser is ours. */
import type { KeyObject } from 'node:crypto'
import { SignedXml } from 'xml-crypto'

const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** Signs the first element of that name and puts the signature behind its Issuer. */
export function signXml(xml: string, what: 'Response' | 'Assertion', privateKey: KeyObject): string {
  const signer = new SignedXml({
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: EXC_C14N,
  })
  signer.addReference({
    xpath: `(//*[local-name()="${what}"])[1]`,
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: [ENVELOPED, EXC_C14N],
  })
  const reference = `(//*[local-name()="${what}"]/*[local-name()="Issuer"])[1]`
  signer.computeSignature(xml, { prefix: 'ds', location: { reference, action: 'after' } })
  return signer.getSignedXml()
}
