/** Ciphers that are refused, and ciphertexts that do not open. The Response around them is honestly signed. */
import { algorithm } from '../../words/saml-names.js'
import { TRIPLE_DES, type EncryptionForm } from '../encrypt.js'
import { swap, type Fault, type Shape } from '../fault.js'

const encryptedBy =
  (form: Partial<EncryptionForm>) =>
  (shape: Shape): Shape => ({ ...shape, encryption: { ...shape.encryption, ...form } })

const row = (name: string, title: string, refused: Fault['refused'], form: Partial<EncryptionForm>): Fault => ({
  name,
  title,
  refused,
  shape: encryptedBy(form),
})

/** Turns one bit of the last octet. */
function flipped(octets: Buffer, at = octets.length - 1): Buffer {
  const copy = Buffer.from(octets)
  copy[at] = copy[at]! ^ 1
  return copy
}

export const encryptionFaults: readonly Fault[] = [
  row('rsa-1-5', 'Ключ зашифрован по RSA PKCS#1 1.5', 'saml.algorithm', { transport: algorithm.rsa15 }),
  row('triple-des', 'Шифр 3DES', 'saml.algorithm', { data: TRIPLE_DES }),
  row('aes-cbc', 'Шифр AES-CBC без разрешения', 'saml.algorithm', { data: algorithm.aes128Cbc }),
  row('tag-cut-short', 'Метка подлинности короче', 'saml.decryption', { cipher: octets => octets.subarray(0, -4) }),
  row('tag-altered', 'Метка подлинности изменена', 'saml.decryption', { cipher: octets => flipped(octets) }),
  row('ciphertext-altered', 'Шифртекст изменён', 'saml.decryption', { cipher: octets => flipped(octets, 20) }),
  row('ciphertext-empty', 'Шифртекста почти нет', 'saml.decryption', { cipher: octets => octets.subarray(0, 12) }),
  row('ciphertext-garbage', 'Шифртекст из нулей', 'saml.decryption', { cipher: octets => Buffer.alloc(octets.length) }),
  row('other-key', 'Зашифровано не нам', 'saml.decryption', { wrappedKey: octets => flipped(octets) }),
  row('key-cut-short', 'Зашифрованный ключ короче', 'saml.decryption', {
    wrappedKey: octets => octets.subarray(0, -1),
  }),
  {
    name: 'plaintext-no-assertion',
    title: 'Внутри шифра не утверждение',
    refused: 'saml.decryption',
    signedAssertion: () => '<saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">x</saml2:Issuer>',
  },
  {
    name: 'plaintext-two-assertions',
    title: 'Внутри шифра два утверждения',
    refused: 'saml.decryption',
    signedAssertion: xml => xml + xml,
  },
  {
    name: 'plaintext-no-xml',
    title: 'Внутри шифра не XML',
    refused: 'saml.decryption',
    signedAssertion: xml => xml.slice(0, -10),
  },
  {
    name: 'plaintext-doctype',
    title: 'Внутри шифра DOCTYPE',
    refused: 'saml.decryption',
    signedAssertion: xml => `<!DOCTYPE a [<!ENTITY e "e">]>${xml}`,
  },
  {
    name: 'plaintext-same-id',
    title: 'Внутри шифра тот же ID, что снаружи',
    refused: 'saml.decryption',
    draft: draft => ({ ...draft, assertionId: draft.responseId }),
  },
  {
    name: 'no-encrypted-key',
    title: 'Зашифрованного ключа нет',
    refused: 'saml.decryption',
    response: xml =>
      swap(xml, /<ds:KeyInfo xmlns:ds="[^"]*"><xenc:EncryptedKey[\s\S]*<\/xenc:EncryptedKey><\/ds:KeyInfo>/, ''),
  },
]
