/**
 * Answers that look strange and are honest: none changes what was signed, and each must be accepted with the same person
 * read from it. The counterpart of the attack table: a judge that refuses everything odd would pass that one, too.
 */
import { algorithm, ns } from '../words/saml-names.js'
import type { EncryptionForm } from './encrypt.js'
import { cut, plain, swap, type Fault, type Shape } from './fault.js'
import type { SignatureForm } from './sign.js'

export type Oddity = Omit<Fault, 'refused' | 'onlyWhenForced' | 'onlyWhenAsked'>

const signedBy =
  (form: Partial<SignatureForm>) =>
  (shape: Shape): Shape => ({ ...shape, encrypt: false, signature: { ...shape.signature, ...form } })

const encryptedBy =
  (form: Partial<EncryptionForm>) =>
  (shape: Shape): Shape => ({ ...shape, encryption: { ...shape.encryption, ...form } })

/** Written otherwise after it was signed, to the same canonical form. */
const rewritten: readonly Oddity[] = [
  {
    name: 'comment-in-name-id',
    title: 'Комментарий внутри NameID: значение не обрывается',
    source: 'CVE-2017-11427',
    shape: plain('both'),
    signedResponse: (xml, { draft }) =>
      swap(xml, draft.nameId, `${draft.nameId.slice(0, 8)}<!-- -->${draft.nameId.slice(8)}`),
  },
  {
    name: 'comment-in-attribute',
    title: 'Комментарий внутри значения атрибута',
    source: 'CVE-2017-11427',
    shape: plain('both'),
    signedResponse: xml => swap(xml, /(?<=<saml2:AttributeValue[^>]*>[^<]{3})(?=[^<])/, '<!---->'),
  },
  {
    name: 'cdata-in-attribute',
    title: 'Значение атрибута в CDATA',
    shape: plain('both'),
    signedResponse(xml) {
      const value = /<saml2:AttributeValue[^>]*>([^<]+)</.exec(xml)?.[1] ?? ''
      return swap(xml, `>${value}<`, `><![CDATA[${value}]]><`)
    },
  },
  {
    name: 'character-reference',
    title: 'Знак записан числом',
    shape: plain('both'),
    signedResponse: (xml, { draft }) => swap(xml, draft.nameId, `&#x5f;${draft.nameId.slice(1)}`),
  },
  {
    name: 'single-quotes',
    title: 'Одинарные кавычки и лишние пробелы в теге',
    shape: plain('both'),
    signedResponse: xml => swap(xml, ' Version="2.0">', "\n   Version = '2.0' >"),
  },
  {
    name: 'carriage-returns-after-the-end',
    title: '150 КБ возвратов каретки после конца',
    signedResponse: xml => xml + '\r'.repeat(150_000),
  },
  {
    name: 'byte-order-mark',
    title: 'Метка порядка байтов перед объявлением',
    octets: octets => Buffer.concat([Buffer.from('\uFEFF'), octets]),
  },
  {
    name: 'long-comment',
    title: 'Комментарий в 150 КБ',
    shape: plain('both'),
    signedResponse: xml => swap(xml, '<saml2p:Status>', `<!--${'x'.repeat(150_000)}--><saml2p:Status>`),
  },
  {
    name: 'schema-location',
    title: 'Адрес схемы, по которому никто не ходит',
    source: 'server-side request forgery',
    shape: plain('assertion'),
    signedResponse: (xml, { elsewhere }) =>
      swap(
        xml,
        '<saml2p:Response ',
        `<saml2p:Response xmlns:xsi="${ns.xsi}" xsi:schemaLocation="urn:x ${elsewhere}/x.xsd urn:oasis:names:tc:SAML:2.0:protocol ${elsewhere}/y.xsd" xsi:noNamespaceSchemaLocation="${elsewhere}/z.xsd" `,
      ),
  },
  {
    name: 'include-in-extensions',
    title: 'xi:include в расширениях: никто не подставляет',
    source: 'server-side request forgery',
    shape: plain('assertion'),
    signedResponse: (xml, { elsewhere }) =>
      swap(
        xml,
        '<saml2p:Status>',
        `<saml2p:Extensions><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" xml:base="${elsewhere}/" href="x"/></saml2p:Extensions><saml2p:Status>`,
      ),
  },
  {
    name: 'type-prefix-rebound',
    title: 'Приставка xs у типа значения переназначена: тип никто не читает',
    shape: signedBy({ prefixes: '' }),
    signedResponse: xml => swap(xml, '<saml2:AttributeValue ', '<saml2:AttributeValue xmlns:xs="urn:x" '),
  },
  {
    name: 'comment-in-issuer',
    title: 'Комментарий внутри имени поставщика',
    shape: plain('both'),
    signedResponse: xml => swap(xml, /(?<=<saml2:Issuer[^>]*>[^<]{10})/, '<!-- -->'),
  },
  {
    name: 'cdata-in-audience',
    title: 'Имя получателя в CDATA и ссылках на знаки',
    shape: plain('both'),
    signedResponse: xml =>
      swap(
        xml,
        /<saml2:Audience>(.)/,
        `<saml2:Audience>&#${/<saml2:Audience>(.)/.exec(xml)![1]!.charCodeAt(0)};<![CDATA[]]>`,
      ),
  },
  {
    name: 'addresses-by-reference',
    title: 'Адреса, записанные ссылками на знаки',
    shape: plain('both'),
    signedResponse: xml =>
      xml.replace(
        /(Destination|Recipient|InResponseTo)="(.)/g,
        (_, name: string, sign: string) => `${name}="&#x${sign.charCodeAt(0).toString(16)};`,
      ),
  },
  { name: 'no-declaration', title: 'Без объявления XML', signedResponse: xml => swap(xml, /^<\?xml[^>]*>\s*/, '') },
  {
    name: 'comment-outside',
    title: 'Комментарии вокруг документа',
    signedResponse: xml => `${swap(xml, '?>\n', '?>\n<!-- before -->\n')}\n<!-- after -->\n`,
  },
  {
    name: 'lines-of-base64',
    title: 'base64 строками по 76 знаков',
    posted: base64 => base64.replace(/.{76}/g, '$&\r\n'),
  },
]

const keyElsewhere = (name: string, what: string, content: (at: string) => string): Oddity => ({
  name,
  title: `KeyInfo указывает на чужой сайт (${what}): туда никто не ходит`,
  source: 'server-side request forgery',
  shape: plain('assertion'),
  signedResponse: (xml, { elsewhere }) =>
    swap(xml, /(?<=<ds:KeyInfo>).*(?=<\/ds:KeyInfo>)/, content(`${elsewhere}/${name}`)),
})

const withComments = (xml: string): string =>
  xml.replaceAll(`Algorithm="${algorithm.excC14n}"`, `Algorithm="${algorithm.excC14nWithComments}"`)

const signatures: readonly Oddity[] = [
  { name: 'no-key-info', title: 'Подпись без KeyInfo', shape: signedBy({ keyInfo: '' }) },
  {
    name: 'foreign-key-info',
    title: 'Честная подпись с чужим сертификатом рядом: на него никто не смотрит',
    shape: plain('response'),
    signer: tools => ({ key: tools.signer.key, certificatePem: tools.stranger().certificatePem }),
  },
  keyElsewhere('key-elsewhere', 'RetrievalMethod', at => `<ds:RetrievalMethod URI="${at}" Type="${ns.ds}X509Data"/>`),
  keyElsewhere('key-reference', 'KeyInfoReference', at => `<d:KeyInfoReference xmlns:d="${ns.dsig11}" URI="${at}"/>`),
  keyElsewhere('key-named-by-address', 'KeyName', at => `<ds:KeyName>${at}</ds:KeyName>`),
  keyElsewhere(
    'key-issuer',
    'X509IssuerSerial',
    at =>
      `<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>${at}</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>`,
  ),
  keyElsewhere(
    'key-comment',
    'комментарий в сертификате',
    () => '<ds:X509Data><ds:X509Certificate>AA<!-- -->AA</ds:X509Certificate></ds:X509Data>',
  ),
  {
    name: 'sha-512',
    title: 'rsa-sha512 и sha512',
    shape: signedBy({ signature: algorithm.rsaSha512, digest: algorithm.sha512 }),
  },
  { name: 'no-prefix-list', title: 'Без InclusiveNamespaces', shape: signedBy({ prefixes: '' }) },
  {
    name: 'longer-prefix-list',
    title: 'InclusiveNamespaces с приставками, которых нет',
    shape: signedBy({ prefixes: 'xs xsi nobody' }),
  },
  {
    name: 'c14n-with-comments',
    title: 'Канонизация с комментариями',
    shape: signedBy({ signedInfo: withComments }),
  },
  {
    name: 'comment-under-c14n-with-comments',
    title: 'Комментарий под канонизацией с комментариями: ссылка на ID их не видит',
    source: 'xmldsig-core1 4.4.3.3; xml-crypto#586',
    shape: signedBy({ signedInfo: withComments }),
    signedResponse: (xml, { draft }) => swap(xml, draft.nameId, `<!-- a -->${draft.nameId}`),
  },
]

const ciphers: readonly Oddity[] = [
  { name: 'aes-128-gcm', title: 'Шифр AES-128-GCM', shape: encryptedBy({ data: algorithm.aes128Gcm }) },
  {
    name: 'rsa-oaep-sha256',
    title: 'RSA-OAEP из xmlenc 1.1 с SHA-256',
    shape: encryptedBy({ transport: algorithm.rsaOaep }),
  },
  {
    name: 'key-beside-data',
    title: 'Ключ рядом с шифртекстом, а не внутри',
    response(xml) {
      const info = /<ds:KeyInfo xmlns:ds="([^"]+)">(<xenc:EncryptedKey[\s\S]*<\/xenc:EncryptedKey>)<\/ds:KeyInfo>/.exec(
        xml,
      )
      const [whole = '', ds = '', key = ''] = info ?? []
      const outside = swap(
        key,
        '<xenc:EncryptedKey',
        `<xenc:EncryptedKey xmlns:ds="${ds}" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"`,
      )
      return swap(swap(xml, whole, ''), '</xenc:EncryptedData>', `</xenc:EncryptedData>${outside}`)
    },
  },
]

const words: readonly Oddity[] = [
  {
    name: 'several-audiences',
    title: 'Выдано нам и ещё кому-то',
    draft: draft => ({ ...draft, audiences: [['https://somebody-else.example', ...(draft.audiences[0] ?? [])]] }),
  },
  {
    name: 'one-time-use',
    title: 'Условие OneTimeUse',
    draft: draft => ({ ...draft, conditions: '<saml2:OneTimeUse/>' }),
  },
  {
    name: 'unknown-attributes',
    title: 'Двести незнакомых атрибутов',
    draft: draft => ({
      ...draft,
      attributes: [
        ...draft.attributes,
        ...Array.from({ length: 200 }, (_, at) => ({
          name: `urn:x:${at}`,
          friendlyName: `x${at}`,
          values: ['б'],
        })),
      ],
    }),
  },
  {
    name: 'empty-attribute',
    title: 'Атрибут без значений',
    draft: draft => ({ ...draft, moreAttributes: '<saml2:Attribute Name="urn:x:empty"/>' }),
  },
  {
    name: 'extensions',
    title: 'Расширения, которых никто не знает',
    draft: draft => ({ ...draft, extensions: '<x:hint xmlns:x="urn:x">x</x:hint>' }),
  },
  {
    name: 'clock-ahead',
    title: 'Часы поставщика спешат на две минуты',
    draft: draft => ({
      ...draft,
      responseIssueInstant: draft.responseIssueInstant + 120_000,
      assertionIssueInstant: draft.assertionIssueInstant + 120_000,
      notBefore: draft.assertionIssueInstant + 120_000,
    }),
  },
  {
    name: 'second-confirmation',
    title: 'Второе подтверждение, не для нас',
    assertion(xml) {
      const { before, element, after } = cut(xml, 'saml2:SubjectConfirmation')
      const other = '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>'
      return before + other + element + after
    },
  },
]

export const oddities: readonly Oddity[] = [...rewritten, ...signatures, ...ciphers, ...words]
