/** Parts of a signature: references, transforms, algorithms by odd names, and numbers that only look like signatures. */
import { createPublicKey, createSign, constants, sign as signOctets } from 'node:crypto'
import { algorithm, ns } from '../../words/saml-names.js'
import { cut, plain, swap, type Fault, type Shape } from '../fault.js'
import type { SignatureForm } from '../sign.js'

const signedBy =
  (form: Partial<SignatureForm>, sign: Shape['sign'] = 'assertion') =>
  (shape: Shape): Shape => ({ ...plain(sign)(shape), signature: { ...shape.signature, ...form } })

/** SignedInfo is spoilt before it is signed: the signature verifies, and its form is wrong. */
const row = (
  name: string,
  title: string,
  refused: Fault['refused'],
  signedInfo: (xml: string) => string,
  more: Partial<SignatureForm> = {},
): Fault => ({ name, title, refused, shape: signedBy({ ...more, signedInfo }) })

const uri = (name: string, title: string, refused: Fault['refused'], change: (id: string) => string): Fault =>
  row(name, title, refused, xml => swap(xml, / URI="#[^"]*"/, ` URI="${change(/ URI="#([^"]*)"/.exec(xml)![1]!)}"`))

const references: readonly Fault[] = [
  uri('uri-hash-alone', 'Ссылка — одна решётка', 'saml.signature-form', () => '#'),
  uri('uri-without-hash', 'Ссылка без решётки', 'saml.signature-form', id => id),
  uri('uri-two-hashes', 'Ссылка с двумя решётками', 'saml.schema', id => `##${id}`),
  uri('uri-percent-encoded', 'ID в ссылке записан процентами', 'saml.wrapped', id => `#%5f${id.slice(1)}`),
  uri('uri-with-space', 'Пробел в конце ссылки', 'saml.wrapped', id => `#${id} `),
  uri('uri-with-line-end', 'Перевод строки в ссылке', 'saml.wrapped', id => `#&#10;${id}`),
  uri('uri-other-case', 'ID в ссылке прописными буквами', 'saml.wrapped', id => `#${id.toUpperCase()}0`),
  uri('uri-xpointer-id', 'Ссылка xpointer(id(…))', 'saml.wrapped', id => `#xpointer(id('${id}'))`),
  uri('uri-xpath-injection', 'Кавычки в ссылке', 'saml.wrapped', id => `#${id}' or '1'='1`),
  uri(
    'uri-of-our-address',
    'Ссылка с нашим адресом перед ID',
    'saml.signature-form',
    id => `https://vhod.school.example/saml/acs#${id}`,
  ),
  uri('uri-relative', 'Относительная ссылка', 'saml.signature-form', id => `./#${id}`),
  uri('uri-cid', 'Ссылка на вложение (cid:)', 'saml.signature-form', id => `cid:${id}`),
  uri('uri-file', 'Ссылка на файл сервера', 'saml.signature-form', () => 'file:///etc/passwd'),
  uri('uri-of-nobody', 'Ссылка на ID, которого нет', 'saml.wrapped', () => '#_nobody'),
  {
    name: 'assertion-signs-response',
    title: 'Подпись в утверждении подписывает ответ вокруг него',
    refused: 'saml.wrapped',
    shape: plain('response'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:Signature')
      return swap(before + after, /(?<=<saml2:Assertion[^>]*><saml2:Issuer[^>]*>[^<]*<\/saml2:Issuer>)/, element)
    },
  },
]

const CANONICAL = /<ds:Transform Algorithm="[^"]*exc-c14n#">/
const transform = (name: string, title: string, uri: string, refused: Fault['refused'] = 'saml.algorithm'): Fault =>
  row(name, title, refused, xml => swap(xml, CANONICAL, `<ds:Transform Algorithm="${uri}">`), { prefixes: '' })
const third = (name: string, title: string, inserted: string): Fault =>
  row(name, title, 'saml.signature-form', xml => swap(xml, '</ds:Transforms>', `${inserted}</ds:Transforms>`))

const transforms: readonly Fault[] = [
  transform('transform-unknown', 'Неизвестное преобразование', 'urn:x:transform'),
  transform('transform-decrypt', 'Преобразование «расшифруй»', 'http://www.w3.org/2002/07/decrypt#XML'),
  transform(
    'transform-str',
    'Преобразование WS-Security',
    'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform',
  ),
  transform('transform-c14n-without-hash', 'Имя канонизации без решётки', 'http://www.w3.org/2001/10/xml-exc-c14n'),
  transform('transform-c14n-with-space', 'Имя канонизации с пробелом', `${algorithm.excC14n} `),
  transform('transform-c14n-in-capitals', 'Имя канонизации прописными', algorithm.excC14n.toUpperCase()),
  transform('transform-xpointer', 'Преобразование XPointer', 'http://www.w3.org/2001/04/xmldsig-more/xptr'),
  transform('transform-proto', 'Преобразование по имени __proto__', '__proto__'),
  third('canonicalised-twice', 'Канонизация дважды', `<ds:Transform Algorithm="${algorithm.excC14n}"/>`),
  third(
    'enveloped-behind',
    'enveloped-signature ещё раз в конце',
    `<ds:Transform Algorithm="${algorithm.enveloped}"/>`,
  ),
  third('xinclude-transform', 'Преобразование XInclude', '<ds:Transform Algorithm="http://www.w3.org/2001/XInclude"/>'),
  row('enveloped-with-parameter', 'Параметр у enveloped-signature', 'saml.signature-form', xml =>
    swap(
      xml,
      `<ds:Transform Algorithm="${algorithm.enveloped}"/>`,
      `<ds:Transform Algorithm="${algorithm.enveloped}"><ds:XPath>//x</ds:XPath></ds:Transform>`,
    ),
  ),
  row('c14n-with-xpath', 'XPath внутри канонизации', 'saml.signature-form', xml =>
    swap(xml, /(?<=exc-c14n#">)(?=<ec:)/, '<ds:XPath>self::x</ds:XPath>'),
  ),
  row('inclusive-in-digest-method', 'InclusiveNamespaces внутри DigestMethod', 'saml.signature-form', xml =>
    swap(
      xml,
      `<ds:DigestMethod Algorithm="${algorithm.sha256}"/>`,
      `<ds:DigestMethod Algorithm="${algorithm.sha256}"><ec:InclusiveNamespaces xmlns:ec="${ns.excC14n}" PrefixList="xs"/></ds:DigestMethod>`,
    ),
  ),
  row('transforms-doubled', 'Transforms дважды', 'saml.schema', xml => {
    const { before, element, after } = cut(xml, 'ds:Transforms')
    return before + element + element + after
  }),
  row('transforms-empty', 'Transforms без преобразований', 'saml.schema', xml =>
    swap(xml, /<ds:Transforms>.*<\/ds:Transforms>/, '<ds:Transforms/>'),
  ),
  row('digest-method-behind', 'DigestMethod стоит за DigestValue', 'saml.schema', xml => {
    const found = /<ds:DigestMethod [^>]*\/>/.exec(xml)![0]
    return swap(swap(xml, found, ''), '</ds:DigestValue>', `</ds:DigestValue>${found}`)
  }),
  row('digest-value-doubled', 'DigestValue дважды', 'saml.schema', xml =>
    swap(xml, '</ds:DigestValue>', '</ds:DigestValue><ds:DigestValue>AAAA</ds:DigestValue>'),
  ),
  row('signature-method-doubled', 'SignatureMethod дважды', 'saml.schema', xml =>
    swap(xml, '<ds:Reference', `<ds:SignatureMethod Algorithm="${algorithm.rsaSha256}"/><ds:Reference`),
  ),
  row('comment-in-digest', 'Комментарий в DigestValue под канонизацией с комментариями', 'saml.signature-form', xml =>
    swap(
      swap(xml, '<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->'),
      `CanonicalizationMethod Algorithm="${algorithm.excC14n}"`,
      `CanonicalizationMethod Algorithm="${algorithm.excC14nWithComments}"`,
    ),
  ),
]

const method = (name: string, title: string, uri: string): Fault =>
  row(name, title, 'saml.algorithm', xml =>
    swap(xml, `SignatureMethod Algorithm="${algorithm.rsaSha256}"`, `SignatureMethod Algorithm="${uri}"`),
  )
const digest = (name: string, title: string, uri: string): Fault =>
  row(name, title, 'saml.algorithm', xml =>
    swap(xml, `DigestMethod Algorithm="${algorithm.sha256}"`, `DigestMethod Algorithm="${uri}"`),
  )

const algorithms: readonly Fault[] = [
  method('rsa-sha224', 'Подпись rsa-sha224', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha224'),
  method('rsa-ripemd160', 'Подпись rsa-ripemd160', 'http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160'),
  method('rsa-sha256-in-capitals', 'Имя алгоритма прописными', algorithm.rsaSha256.toUpperCase()),
  method('rsa-sha256-with-space', 'Имя алгоритма с пробелом', ` ${algorithm.rsaSha256}`),
  method('rsa-sha256-over-https', 'Имя алгоритма через https', algorithm.rsaSha256.replace('http:', 'https:')),
  method('ecdsa-sha1', 'Подпись ecdsa-sha1', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1'),
  method('eddsa', 'Подпись Ed25519', 'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519'),
  method('signature-none', 'Алгоритм подписи none', 'none'),
  method('signature-digest-name', 'Вместо подписи назван дайджест', algorithm.sha256),
  digest('digest-none', 'Дайджест none', 'none'),
  digest('digest-ripemd160', 'Дайджест ripemd160', 'http://www.w3.org/2001/04/xmlenc#ripemd160'),
  digest('digest-crc32', 'Дайджест crc32', 'urn:x:crc32'),
  digest(
    'digest-sha256-of-another-vocabulary',
    'Дайджест sha256 под выдуманным именем',
    'http://www.w3.org/2001/04/xmldsig-more#sha256',
  ),
  digest('digest-proto', 'Дайджест по имени toString', 'toString'),
]

/** Replaces the number of the signature by another one. */
const value = (
  name: string,
  title: string,
  make: (honest: Buffer, info: Parameters<NonNullable<Fault['signedResponse']>>[1]) => Buffer,
  source?: string,
): Fault => ({
  name,
  title,
  refused: 'saml.untrusted-key',
  ...(source !== undefined && { source }),
  shape: plain('assertion'),
  signedResponse(xml, tools) {
    const honest = Buffer.from(/<ds:SignatureValue>([^<]+)/.exec(xml)![1]!, 'base64')
    return swap(xml, /(?<=<ds:SignatureValue>)[^<]+/, make(honest, tools).toString('base64'))
  },
})

const values: readonly Fault[] = [
  value('signature-one', 'Подпись — число 1', honest =>
    Buffer.concat([Buffer.alloc(honest.length - 1), Buffer.from([1])]),
  ),
  value('signature-of-ones', 'Подпись из единиц', honest => Buffer.alloc(honest.length, 0xff)),
  value('signature-is-modulus', 'Подпись — модуль ключа', (_, { signer }) =>
    Buffer.from(createPublicKey(signer.key).export({ format: 'jwk' }).n!, 'base64url'),
  ),
  value('signature-cut-short', 'Подпись короче на октет', honest => honest.subarray(1)),
  value('signature-with-zero', 'Перед подписью лишний нулевой октет', honest =>
    Buffer.concat([Buffer.alloc(1), honest]),
  ),
  value('signature-doubled', 'Подпись дважды подряд', honest => Buffer.concat([honest, honest])),
  value('signature-reversed', 'Октеты подписи в обратном порядке', honest => Buffer.from(honest).reverse()),
  value('signature-of-100-kb', 'Подпись в 100 КБ', honest => Buffer.concat([honest, Buffer.alloc(100_000)])),
  value('signature-pss', 'Подпись PSS под именем PKCS#1', (_, { signer }) =>
    signOctets('sha256', Buffer.from('x'), { key: signer.key, padding: constants.RSA_PKCS1_PSS_PADDING }),
  ),
  value('signature-of-other-words', 'Честная подпись под другими словами', (_, { signer }) =>
    createSign('sha256').update('x').sign(signer.key),
  ),
]

const base64: readonly Fault[] = [
  { name: 'digest-of-zeros', title: 'Дайджест из нулей', refused: 'saml.untrusted-key', shape: plain('assertion'), signedResponse: xml => swap(xml, /(?<=<ds:DigestValue>)[^<]+/, Buffer.alloc(32).toString('base64')) },
  row('signed-digest-of-zeros', 'Подписан дайджест из нулей', 'saml.altered', xml => swap(xml, /(?<=<ds:DigestValue>)[^<]+/, Buffer.alloc(32).toString('base64'))),
  row('digest-cut-short', 'Дайджест обрезан до 16 октетов', 'saml.altered', xml => swap(xml, /(?<=<ds:DigestValue>)[^<]+/, Buffer.from(/<ds:DigestValue>([^<]+)/.exec(xml)![1]!, 'base64').subarray(0, 16).toString('base64'))),
  row('digest-with-bits', 'Лишние биты в base64 дайджеста', 'saml.schema', xml => swap(xml, /(?<=<ds:DigestValue>)[^<]+/, `${'A'.repeat(42)}B=`)),
  row('digest-empty', 'Пустой дайджест', 'saml.signature-form', xml => swap(xml, /(?<=<ds:DigestValue>)[^<]+/, '')),
] // prettier-ignore

export const partFaults: readonly Fault[] = [...references, ...transforms, ...algorithms, ...values, ...base64]
