/** Our own enveloped signature on a message that travels by POST or SOAP, made by xml-crypto (saml-core 5.4). */
import { SignedXml } from 'xml-crypto'
import { algorithm, ns } from '../words/saml-names.js'
import type { ServiceProvider } from './trust.js'

/**
 * @param xml a message of ours whose document element carries an ID and begins with its Issuer
 * @returns the same with the signature behind the Issuer, where the schema wants it
 */
export function signMessage(xml: string, sp: ServiceProvider, legacy: boolean): string {
  const key = sp.signing[0]
  if (!key) throw new Error('the service provider has no signing key')
  const signature = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificatePem,
    signatureAlgorithm: legacy ? algorithm.rsaSha1 : algorithm.rsaSha256,
    canonicalizationAlgorithm: algorithm.excC14n,
  })
  signature.addReference({
    xpath: '/*',
    transforms: [algorithm.enveloped, algorithm.excC14n],
    digestAlgorithm: legacy ? algorithm.sha1 : algorithm.sha256,
  })
  const issuer = `/*/*[local-name()='Issuer' and namespace-uri()='${ns.assertion}']`
  signature.computeSignature(xml, { prefix: 'ds', location: { reference: issuer, action: 'after' } })
  return signature.getSignedXml()
}
