/** Writes test/fixtures/foreign anew: `node dist/test/support/make-foreign.js`. Needs xmlsec1 and openssl. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ecPair, encrypt, OAEP, responseXml, RSA_SHA256, rsaPair, sign, withTemplate } from './foreign.js'
import { WORDING } from './judging.js'

const folder = fileURLToPath(new URL('../../../test/fixtures/foreign/', import.meta.url))
const write = (name: string, text: string): void => writeFileSync(folder + name, text)

const DS = 'http://www.w3.org/2000/09/xmldsig#'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const SHA1 = { ...RSA_SHA256, method: `${DS}rsa-sha1`, digest: `${DS}sha1` }
const ECDSA = { ...RSA_SHA256, method: `${MORE}ecdsa-sha256` }

const [rsa, ec, sp] = [rsaPair(), ecPair('prime256v1'), rsaPair()]
for (const [name, { publicKey }] of [
  ['idp-rsa', rsa],
  ['idp-ec', ec],
] as const)
  write(`${name}.pub.pem`, String(publicKey.export({ type: 'spki', format: 'pem' })))
write('sp-decryption.key.pem', String(sp.privateKey.export({ type: 'pkcs8', format: 'pem' })))

const plain = responseXml(WORDING)
const assertion = sign(withTemplate(plain, 'Assertion', RSA_SHA256), 'Assertion', rsa.privateKey)
write('signed-assertion.xml', assertion)
write('signed-response.xml', sign(withTemplate(plain, 'Response', RSA_SHA256), 'Response', rsa.privateKey))
write('signed-ecdsa.xml', sign(withTemplate(plain, 'Assertion', ECDSA), 'Assertion', ec.privateKey))
const sealed = encrypt(assertion, sp.publicKey, { data: 'aes256-gcm', transport: OAEP, beside: false })
write('encrypted.xml', sign(withTemplate(sealed, 'Response', RSA_SHA256), 'Response', rsa.privateKey))
const old = sign(withTemplate(plain, 'Assertion', SHA1), 'Assertion', rsa.privateKey)
const oldSealed = encrypt(old, sp.publicKey, { data: 'aes128-cbc', transport: OAEP, beside: false })
write('legacy-esia.xml', sign(withTemplate(oldSealed, 'Response', SHA1), 'Response', rsa.privateKey))

/** RSA-OAEP by openssl, with every pair of hashes that IdPs are known to use. */
const vectors = [
  ['sha1', 'sha1', ''],
  ['sha256', 'sha1', ''],
  ['sha512', 'sha1', '6c6162656c'],
  ['sha256', 'sha256', ''],
  ['sha1', 'sha256', ''],
].map(([digest, mgf, label]) => {
  const options = ['rsa_padding_mode:oaep', `rsa_oaep_md:${digest!}`, `rsa_mgf1_md:${mgf!}`]
  if (label !== '') options.push(`rsa_oaep_label:${label!}`)
  const args = options.flatMap(option => ['-pkeyopt', option])
  const key = ['-inkey', `${folder}sp-decryption.key.pem`]
  const made = execFileSync('openssl', ['pkeyutl', '-encrypt', ...key, ...args], { input: 'sixteen octets 16' })
  return { digest, mgf, label, message: 'sixteen octets 16', ciphertext: made.toString('base64') }
})
write('oaep.json', `${JSON.stringify(vectors, null, 2)}\n`)
