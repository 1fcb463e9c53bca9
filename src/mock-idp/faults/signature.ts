/** Signatures that are missing, foreign, weak, of a wrong form, or over something else than what is read. */
import { createHash, createPublicKey } from 'node:crypto'
import { algorithm } from '../../words/saml-names.js'
import { cut, plain, swap, without, type Fault, type Shape } from '../fault.js'
import { canonicalOf, HMAC_SHA1, HMAC_SHA256, MD5, type SignatureForm } from '../sign.js'

/** Signs by another form; both signatures, unless `sign` says otherwise. */
const signedBy =
  (form: Partial<SignatureForm>, sign: Shape['sign'] = 'response') =>
  (shape: Shape): Shape => ({ ...plain(sign)(shape), signature: { ...shape.signature, ...form } })

const missing: readonly Fault[] = [
  { name: 'unsigned', title: 'Ничего не подписано', refused: 'saml.unsigned', shape: plain('none') },
  {
    name: 'unsigned-encrypted',
    title: 'Зашифровано, но не подписано: шифровать может каждый',
    refused: 'saml.unsigned',
    shape: shape => ({ ...shape, sign: 'none' }),
  },
  {
    name: 'response-signature-removed',
    title: 'Подпись ответа вырезана',
    refused: 'saml.unsigned',
    shape: plain('response'),
    signedResponse: xml => without(xml, 'ds:Signature'),
  },
  {
    name: 'assertion-signature-removed',
    title: 'Подпись утверждения вырезана',
    refused: 'saml.unsigned',
    shape: plain('assertion'),
    signedResponse: xml => without(xml, 'ds:Signature'),
  },
]

const foreign: readonly Fault[] = [
  {
    name: 'cloned-certificate',
    title: 'Подписано чужим ключом, сертификат скопирован с настоящего',
    refused: 'saml.untrusted-key',
    signer: tools => tools.stranger(),
  },
  {
    name: 'honest-certificate',
    title: 'Подписано чужим ключом, приложен настоящий сертификат',
    refused: 'saml.untrusted-key',
    signer: tools => ({ key: tools.stranger().key, certificatePem: tools.signer.certificatePem }),
  },
  {
    name: 'key-value',
    title: 'Чужой ключ лежит рядом с подписью (KeyValue)',
    refused: 'saml.untrusted-key',
    shape: plain('response'),
    signer: tools => tools.stranger(),
    signedResponse(xml, tools) {
      const { n = '', e = '' } = createPublicKey(tools.stranger().key).export({ format: 'jwk' })
      const value = (text: string): string => Buffer.from(text, 'base64url').toString('base64')
      const key = `<ds:RSAKeyValue><ds:Modulus>${value(n)}</ds:Modulus><ds:Exponent>${value(e)}</ds:Exponent></ds:RSAKeyValue>`
      return swap(xml, /<ds:X509Data>.*<\/ds:X509Data>/, `<ds:KeyValue>${key}</ds:KeyValue>`)
    },
  },
  {
    name: 'one-of-two-foreign',
    title: 'Подпись утверждения честная, подпись ответа чужая',
    refused: 'saml.untrusted-key',
    shape: plain('both'),
    signedResponse: xml => swap(xml, /(?<=<ds:SignatureValue>)[^<]{8}/, 'AAAAAAAA'),
  },
  {
    name: 'signature-value-altered',
    title: 'Число подписи изменено',
    refused: 'saml.untrusted-key',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, /(?<=<ds:SignatureValue>)[^<]{8}/, 'AAAAAAAA'),
  },
  {
    name: 'digest-altered',
    title: 'Текст изменён, и его дайджест переписан',
    refused: 'saml.untrusted-key',
    shape: plain('assertion'),
    signedResponse(xml, { draft }) {
      const altered = swap(xml, draft.nameId, `${draft.nameId}0`)
      const bare = without(altered, 'ds:Signature')
      const digest = createHash('sha256')
        .update(canonicalOf(bare, draft.assertionId, 'xs'))
        .digest('base64')
      return swap(altered, /(?<=<ds:DigestValue>)[^<]+/, digest)
    },
  },
]

const altered: readonly Fault[] = [
  {
    name: 'name-id-altered',
    title: 'NameID изменён после подписи',
    refused: 'saml.altered',
    shape: plain('both'),
    signedResponse: (xml, { draft }) => swap(xml, draft.nameId, `${draft.nameId}0`),
  },
  {
    name: 'attribute-altered',
    title: 'СНИЛС изменён после подписи',
    refused: 'saml.altered',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, /(?<=<saml2:AttributeValue[^>]*>)[^<]+/, '900-000-014 87'),
  },
  {
    name: 'attribute-added',
    title: 'Атрибут добавлен после подписи',
    refused: 'saml.altered',
    shape: plain('assertion'),
    signedResponse: xml =>
      swap(
        xml,
        '</saml2:AttributeStatement>',
        '<saml2:Attribute Name="urn:esia:globalRole"><saml2:AttributeValue>E</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>',
      ),
  },
  {
    name: 'response-altered',
    title: 'Зашифрованное утверждение подменено под подписью ответа',
    refused: 'saml.altered',
    signedResponse: xml => swap(xml, /(?<=<xenc:CipherValue>)[^<]{8}/, 'AAAAAAAA'),
  },
  {
    name: 'carriage-returns',
    title: '190 КБ возвратов каретки внутри подписанного',
    refused: 'saml.altered',
    source: 'parse-xml: quadratic line-end normalisation',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, '<saml2:AttributeStatement>', `<saml2:AttributeStatement>${'\r'.repeat(190_000)}`),
  },
]

const weak: readonly Fault[] = [
  {
    name: 'rsa-sha1',
    title: 'Подпись rsa-sha1',
    refused: 'saml.algorithm',
    shape: signedBy({ signature: algorithm.rsaSha1 }),
  },
  {
    name: 'digest-sha1',
    title: 'Дайджест sha1',
    refused: 'saml.algorithm',
    shape: signedBy({ digest: algorithm.sha1 }),
  },
  {
    name: 'rsa-md5',
    title: 'Подпись rsa-md5',
    refused: 'saml.algorithm',
    shape: signedBy({ signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5' }),
  },
  { name: 'digest-md5', title: 'Дайджест md5', refused: 'saml.algorithm', shape: signedBy({ digest: MD5 }) },
  {
    name: 'hmac-sha256',
    title: 'HMAC, ключом которого служит сертификат',
    refused: 'saml.algorithm',
    shape: signedBy({ signature: HMAC_SHA256 }),
  },
  {
    name: 'hmac-sha1',
    title: 'HMAC-SHA1, ключом которого служит сертификат',
    refused: 'saml.algorithm',
    shape: signedBy({ signature: HMAC_SHA1 }, 'assertion'),
  },
  {
    name: 'unknown-algorithm',
    title: 'Алгоритм подписи, которого мы не знаем (ГОСТ Р 34.10-2012)',
    refused: 'saml.algorithm',
    shape: signedBy({
      signature: 'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256',
    }),
  },
  {
    name: 'inclusive-c14n',
    title: 'Канонизация, которую SAML не советует',
    refused: 'saml.algorithm',
    shape: signedBy({
      signedInfo: xml => swap(xml, algorithm.excC14n, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
    }),
  },
]

const reference = (change: (reference: string) => string) => (xml: string) => {
  const { before, element, after } = cut(xml, 'ds:Reference')
  return before + change(element) + after
}
const uri = (value: string) => signedBy({ signedInfo: xml => swap(xml, /URI="#[^"]*"/, value) })

/** The signature verifies; what it says about itself is not what SAML allows. */
const form: readonly Fault[] = [
  {
    name: 'empty-uri',
    title: 'Подписан «весь документ» (URI="")',
    refused: 'saml.signature-form',
    shape: uri('URI=""'),
  },
  { name: 'no-uri', title: 'Ссылка без URI', refused: 'saml.signature-form', shape: uri('') },
  {
    name: 'xpointer',
    title: 'Ссылка XPointer вместо ID',
    refused: 'saml.wrapped',
    shape: uri('URI="#xpointer(/)"'),
  },
  {
    name: 'external-uri',
    title: 'Ссылка на чужой сайт',
    refused: 'saml.signature-form',
    shape: uri('URI="https://somebody-else.example/assertion.xml"'),
  },
  {
    name: 'two-references',
    title: 'Две ссылки в одной подписи',
    refused: 'saml.signature-form',
    shape: signedBy({ signedInfo: reference(element => element + element) }),
  },
  {
    name: 'hundred-references',
    title: 'Сто ссылок в одной подписи',
    refused: 'saml.signature-form',
    source: 'node-saml: 100 references take seconds',
    shape: signedBy({ signedInfo: reference(element => element.repeat(100)) }),
  },
  {
    name: 'xslt-transform',
    title: 'Преобразование XSLT',
    refused: 'saml.signature-form',
    shape: signedBy({
      signedInfo: xml =>
        swap(
          xml,
          '</ds:Transforms>',
          '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></ds:Transforms>',
        ),
    }),
  },
  {
    name: 'xpath-transform',
    title: 'Преобразование XPath: подписано не всё',
    refused: 'saml.signature-form',
    shape: signedBy({
      signedInfo: xml =>
        swap(
          xml,
          `<ds:Transform Algorithm="${algorithm.enveloped}"/>`,
          '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>',
        ),
    }),
  },
  {
    name: 'base64-transform',
    title: 'Преобразование base64 вместо канонизации',
    refused: 'saml.algorithm',
    shape: signedBy({
      signedInfo: xml =>
        swap(
          xml,
          /<ds:Transform Algorithm="[^"]*exc-c14n#">/,
          '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64">',
        ),
      prefixes: '',
    }),
  },
  {
    name: 'long-prefix-list',
    title: 'Тысяча приставок в InclusiveNamespaces',
    refused: 'saml.signature-form',
    shape: signedBy({ prefixes: Array.from({ length: 1_000 }, (_, at) => `p${at}`).join(' ') }),
  },
  {
    name: 'hmac-output-length',
    title: 'HMACOutputLength у подписи RSA',
    refused: 'saml.signature-form',
    source: 'CVE-2009-0217',
    shape: signedBy({
      signedInfo: xml =>
        swap(
          xml,
          `<ds:SignatureMethod Algorithm="${algorithm.rsaSha256}"/>`,
          `<ds:SignatureMethod Algorithm="${algorithm.rsaSha256}"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>`,
        ),
    }),
  },
]

const pieces: readonly Fault[] = [
  {
    name: 'digest-comment',
    title: 'Подложный дайджест в комментарии',
    refused: 'saml.signature-form',
    source: 'CVE-2025-29775',
    shape: plain('assertion'),
    signedResponse(xml, { draft }) {
      const lie = swap(xml, draft.nameId, `${draft.nameId}0`)
      const bare = without(lie, 'ds:Signature')
      const digest = createHash('sha256')
        .update(canonicalOf(bare, draft.assertionId, 'xs'))
        .digest('base64')
      return swap(lie, '<ds:DigestValue>', `<ds:DigestValue><!--${digest}-->`)
    },
  },
  {
    name: 'two-signed-infos',
    title: 'Два SignedInfo в одной подписи',
    refused: 'saml.schema',
    source: 'CVE-2025-29774',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:SignedInfo')
      return before + element + element + after
    },
  },
  {
    name: 'two-signatures',
    title: 'Две подписи в одном утверждении',
    refused: 'saml.schema',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:Signature')
      return before + element + element + after
    },
  },
  {
    name: 'object',
    title: 'В подпись вложен ds:Object',
    refused: 'saml.signature-form',
    shape: plain('assertion'),
    signedResponse: xml => swap(xml, '</ds:Signature>', '<ds:Object>ds:Object</ds:Object></ds:Signature>'),
  },
  {
    name: 'signature-in-extensions',
    title: 'Подпись ответа стоит не на своём месте',
    refused: 'saml.signature-form',
    shape: plain('response'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:Signature')
      return `${before}<saml2p:Extensions>${element}</saml2p:Extensions>${after}`
    },
  },
]

export const signatureFaults: readonly Fault[] = [...missing, ...foreign, ...altered, ...weak, ...form, ...pieces]
