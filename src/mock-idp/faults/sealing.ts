/** Ciphers, wrapped keys and plaintexts of a wrong kind: whoever has our certificate can make them, signed or not. */
import { algorithm, ns } from '../../words/saml-names.js'
import { swap, without, type Fault } from '../fault.js'

const inCipher = (name: string, title: string, refused: Fault['refused'], from: string | RegExp, to: string): Fault => ({
  name,
  title,
  refused,
  response: xml => swap(xml, from, to),
}) // prettier-ignore

const KEY_VALUE = /(?<=<xenc:CipherValue>)[^<]*(?=<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedKey>)/
const DATA_VALUE = /(?<=<xenc:CipherValue>)[^<]*(?=<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/
const OAEP = `<xenc:EncryptionMethod Algorithm="${algorithm.rsaOaepMgf1p}"><ds:DigestMethod Algorithm="${algorithm.sha1}"/></xenc:EncryptionMethod>`

const methods: readonly Fault[] = [
  inCipher('gcm-called-cbc', 'Шифртекст GCM выдан за CBC', 'saml.algorithm', algorithm.aes256Gcm, algorithm.aes256Cbc),
  inCipher('gcm-of-another-length', 'Ключ другой длины, чем назван шифр', 'saml.decryption', algorithm.aes256Gcm, algorithm.aes128Gcm),
  inCipher('cipher-unknown', 'Неизвестный шифр', 'saml.algorithm', algorithm.aes256Gcm, 'urn:x:cipher'),
  inCipher('cipher-proto', 'Шифр по имени __proto__', 'saml.algorithm', algorithm.aes256Gcm, '__proto__'),
  inCipher('cipher-unnamed', 'Шифр не назван', 'saml.algorithm', /<xenc:EncryptionMethod Algorithm="[^"]*gcm"\/>/, ''),
  inCipher('cipher-camellia', 'Шифр Camellia', 'saml.algorithm', algorithm.aes256Gcm, 'http://www.w3.org/2001/04/xmldsig-more#camellia256-cbc'),
  inCipher('key-by-aes', 'Ключ обёрнут общим ключом (kw-aes256)', 'saml.algorithm', OAEP, `<xenc:EncryptionMethod Algorithm="${ns.xenc}kw-aes256"/>`),
  inCipher('key-by-agreement', 'Ключ по соглашению ECDH', 'saml.algorithm', OAEP, `<xenc:EncryptionMethod Algorithm="${ns.xenc11}ECDH-ES"/>`),
  inCipher('key-method-unnamed', 'Способ обёртки ключа не назван', 'saml.algorithm', OAEP, ''),
  inCipher('key-digest-md5', 'OAEP с MD5', 'saml.algorithm', `<ds:DigestMethod Algorithm="${algorithm.sha1}"/></xenc:EncryptionMethod>`, '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#md5"/></xenc:EncryptionMethod>'),
  inCipher('key-mask-unknown', 'OAEP с неизвестной маской', 'saml.algorithm', OAEP, `<xenc:EncryptionMethod Algorithm="${algorithm.rsaOaep}"><ds:DigestMethod Algorithm="${algorithm.sha1}"/><xenc11:MGF xmlns:xenc11="${ns.xenc11}" Algorithm="${ns.xenc11}mgf1md5"/></xenc:EncryptionMethod>`),
  inCipher('key-label', 'OAEP с чужой меткой', 'saml.decryption', OAEP, OAEP.replace('<ds:', '<xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:')),
  inCipher('key-label-no-base64', 'Метка OAEP — не base64', 'saml.decryption', OAEP, OAEP.replace('<ds:', '<xenc:OAEPparams>!</xenc:OAEPparams><ds:')),
  inCipher('key-value-empty', 'Зашифрованный ключ пуст', 'saml.decryption', KEY_VALUE, ''),
  inCipher('key-value-one', 'Зашифрованный ключ — число 1', 'saml.decryption', KEY_VALUE, Buffer.concat([Buffer.alloc(255), Buffer.from([1])]).toString('base64')),
  inCipher('key-value-large', 'Зашифрованный ключ больше модуля', 'saml.decryption', KEY_VALUE, Buffer.alloc(256, 0xff).toString('base64')),
  inCipher('key-value-long', 'Зашифрованный ключ в 64 КБ', 'saml.decryption', KEY_VALUE, Buffer.alloc(65_536, 1).toString('base64')),
  inCipher('cipher-value-empty', 'Шифртекст пуст', 'saml.decryption', DATA_VALUE, ''),
  inCipher('cipher-value-bits', 'Лишние биты в base64 шифртекста', 'saml.schema', DATA_VALUE, 'AAB='),
  inCipher('nine-keys', 'Девять зашифрованных ключей', 'saml.decryption', /<xenc:EncryptedKey [\s\S]*<\/xenc:EncryptedKey>/, Array.from({ length: 9 }, () => `<xenc:EncryptedKey>${OAEP}<xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`).join('')),
  inCipher('two-ciphertexts', 'Два EncryptedData', 'saml.schema', '</xenc:EncryptedData>', `</xenc:EncryptedData><xenc:EncryptedData xmlns:xenc="${ns.xenc}"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`),
  inCipher('two-values', 'Два CipherValue', 'saml.schema', '</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>', '</xenc:CipherValue><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>'),
  inCipher('plain-behind-cipher', 'Открытое утверждение внутри EncryptedAssertion', 'saml.schema', '</saml2:EncryptedAssertion>', '<saml2:Issuer>x</saml2:Issuer></saml2:EncryptedAssertion>'),
] // prettier-ignore

const within = (name: string, title: string, change: (xml: string) => string, more: Partial<Fault> = {}): Fault => ({
  name,
  title,
  refused: 'saml.decryption',
  signedAssertion: change,
  ...more,
}) // prettier-ignore

const onlyInside: Fault['shape'] = shape => ({ ...shape, sign: 'assertion' })

const plaintexts: readonly Fault[] = [
  within('plaintext-empty', 'Внутри шифра пусто', () => ' '),
  within('plaintext-comment', 'Внутри шифра один комментарий', () => '<!-- -->'),
  within('plaintext-text', 'Внутри шифра текст', () => 'Assertion'),
  within('plaintext-instruction', 'Внутри шифра инструкция обработки', xml => `<?x y?>${xml}`),
  within('plaintext-utf-16', 'Внутри шифра объявлена UTF-16', xml => `<?xml version="1.0" encoding="UTF-16"?>${xml}`),
  within('plaintext-text-before', 'Внутри шифра текст перед утверждением', xml => `x${xml}`),
  within('plaintext-text-behind', 'Внутри шифра текст за утверждением', xml => `${xml}x`),
  within('plaintext-entity', 'Внутри шифра неизвестная сущность', xml => swap(xml, '</saml2:Issuer>', '&e;</saml2:Issuer>')),
  within('plaintext-encrypted-again', 'Внутри шифра снова шифр', () => `<saml2:EncryptedAssertion xmlns:saml2="${ns.assertion}"><xenc:EncryptedData xmlns:xenc="${ns.xenc}"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml2:EncryptedAssertion>`),
  within('plaintext-without-prefix', 'Внутри шифра приставка, которой нет', xml => swap(xml, /<saml2:Issuer/, '<nobody:x/><saml2:Issuer')),
  within('plaintext-saml-1', 'Внутри шифра утверждение SAML 1.1', xml => swap(xml, ns.assertion, 'urn:oasis:names:tc:SAML:1.0:assertion')),
  within('plaintext-other-case', 'Внутри шифра «assertion» со строчной буквы', xml => xml.replaceAll('saml2:Assertion', 'saml2:assertion')),
  within('plaintext-unknown-element', 'Внутри шифра элемент, которого нет в схеме', xml => swap(xml, '</saml2:Conditions>', '</saml2:Conditions><saml2:Nonsense/>')),
  within('plaintext-second-inside', 'Внутри шифра второе утверждение в Advice', (xml) => xml, {
    draft: draft => ({ ...draft, advice: '<saml2:AssertionURIRef>urn:x</saml2:AssertionURIRef><saml2:EncryptedAssertion><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml2:EncryptedAssertion>' }),
  }),
  within('plaintext-stray-signature', 'Внутри шифра вторая подпись не на месте', xml => {
    const signature = /<ds:Signature [\s\S]*?<\/ds:Signature>/.exec(xml)![0]
    return swap(xml, /(?<=<saml2:AttributeValue[^>]*>)(?=[^<])/, signature)
  }),
  within('plaintext-signature-removed', 'Внутри шифра подпись вырезана', xml => without(xml, 'ds:Signature'), { refused: 'saml.unsigned', shape: onlyInside }),
  within('plaintext-renamed', 'Внутри шифра утверждение переименовано', xml => swap(xml, / ID="[^"]*"/, ' ID="_00000000000000000000000000000000000000e5"'), { refused: 'saml.wrapped', shape: onlyInside }),
  within('plaintext-two-signatures', 'Внутри шифра две подписи', xml => {
    const signature = /<ds:Signature [\s\S]*?<\/ds:Signature>/.exec(xml)![0]
    return swap(xml, signature, signature + signature)
  }, { shape: onlyInside }),
  {
    name: 'outer-signature-moved-in',
    title: 'Подпись ответа перенесена внутрь шифра',
    refused: 'saml.schema',
    signedResponse(xml) {
      const signature = /<ds:Signature [\s\S]*?<\/ds:Signature>/.exec(xml)![0]
      return swap(swap(xml, signature, ''), '</saml2:EncryptedAssertion>', `${signature}</saml2:EncryptedAssertion>`)
    },
  },
  {
    name: 'outer-signature-in-key-info',
    title: 'Подпись ответа спрятана в KeyInfo шифра',
    refused: 'saml.signature-form',
    signedResponse(xml) {
      const signature = /<ds:Signature [\s\S]*?<\/ds:Signature>/.exec(xml)![0]
      return swap(swap(xml, signature, ''), '</xenc:EncryptedData>', `<xenc:EncryptionProperties><xenc:EncryptionProperty>${signature}</xenc:EncryptionProperty></xenc:EncryptionProperties></xenc:EncryptedData>`)
    },
  },
] // prettier-ignore

export const sealingFaults: readonly Fault[] = [...methods, ...plaintexts]
