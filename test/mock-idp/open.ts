/** Opens an answer of the mock IdP as a stranger would: with node:crypto, xml-crypto and xmlsec1, by nothing of ours. */
import { execFileSync } from 'node:child_process'
import { constants, createDecipheriv, privateDecrypt, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DOMParser } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'

/** @returns the plaintext of the EncryptedAssertion */
export function decrypt(xml: string, key: KeyObject): string {
  const [wrapped, sealed] = [...xml.matchAll(/<xenc:CipherValue>([^<]+)</g)].map(([, text]) =>
    Buffer.from(text!, 'base64'),
  )
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const contentKey = privateDecrypt({ key, padding, oaepHash: 'sha1' }, wrapped!)
  if (xml.includes('#aes128-cbc')) {
    const cbc = createDecipheriv('aes-128-cbc', contentKey, sealed!.subarray(0, 16)).setAutoPadding(false)
    const plain = Buffer.concat([cbc.update(sealed!.subarray(16)), cbc.final()])
    return plain.subarray(0, plain.length - plain.at(-1)!).toString()
  }
  const gcm = createDecipheriv('aes-256-gcm', contentKey, sealed!.subarray(0, 12))
  gcm.setAuthTag(sealed!.subarray(-16))
  return gcm.update(sealed!.subarray(12, -16), undefined, 'utf8') + gcm.final('utf8')
}

/** Verifies the signature that is a child of the document element, by xml-crypto. */
export function verifiedByXmlCrypto(xml: string, certificatePem: string): boolean {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement
  const signature = Array.from(root.childNodes).find(node => node.nodeName === 'ds:Signature')
  const verifier = new SignedXml({ publicCert: certificatePem, getCertFromKeyInfo: () => null })
  verifier.loadSignature(signature as Element)
  return verifier.checkSignature(xml)
}

function inFolder<T>(files: Readonly<Record<string, string>>, run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'mock-idp-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    return run(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const ids = ['--id-attr:ID', 'Response', '--id-attr:ID', 'Assertion']

/** @throws Error with xmlsec1's words when the first signature of the document does not verify */
export function verifyByXmlsec1(xml: string, certificatePem: string): void {
  inFolder({ 'message.xml': xml, 'idp.crt': certificatePem }, folder => {
    const args = ['--verify', '--pubkey-cert-pem', join(folder, 'idp.crt'), ...ids, join(folder, 'message.xml')]
    execFileSync('xmlsec1', args, { stdio: 'pipe' })
  })
}

/** @returns the decrypted document */
export function decryptByXmlsec1(xml: string, privateKeyPem: string): string {
  return inFolder({ 'message.xml': xml, 'sp.key': privateKeyPem }, folder => {
    const args = ['--decrypt', '--privkey-pem', join(folder, 'sp.key'), join(folder, 'message.xml')]
    return execFileSync('xmlsec1', args, { stdio: 'pipe' }).toString()
  })
}
