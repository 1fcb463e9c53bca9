/** Honest parts in strange clothes: envelopes, hidden assertions, IDs of other vocabularies, characters that two readers read differently. */
import { ns } from '../../words/saml-names.js'
import { cut, plain, swap, without, type Fault, type Tools } from '../fault.js'

const EVIL = '_00000000000000000000000000000000000000e3'

const stray = (at: number): string =>
  `<saml2:Assertion xmlns:saml2="${ns.assertion}" ID="${EVIL}" IssueInstant="${new Date(at).toISOString()}" Version="2.0">` +
  '<saml2:Issuer>x</saml2:Issuer><saml2:Subject><saml2:NameID>x</saml2:NameID></saml2:Subject></saml2:Assertion>'

const extended =
  (content: string) =>
  (xml: string): string =>
    swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`)

const inside = (xml: string): string => xml.replace(/^<\?xml[^>]*>\s*/, '')

const envelopes: readonly Fault[] = [
  {
    name: 'soap-envelope',
    title: 'Честный ответ в конверте SOAP',
    refused: 'saml.schema',
    signedResponse: xml =>
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inside(xml)}</s:Body></s:Envelope>`,
  },
  {
    name: 'artifact-response',
    title: 'Честный ответ внутри ArtifactResponse',
    refused: 'saml.not-response',
    signedResponse: (xml, { draft }) =>
      `<saml2p:ArtifactResponse xmlns:saml2p="${ns.protocol}" ID="${EVIL}" IssueInstant="${new Date(draft.responseIssueInstant).toISOString()}" Version="2.0">` +
      `<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>${inside(xml)}</saml2p:ArtifactResponse>`,
  },
  {
    name: 'response-in-extensions',
    title: 'Честный ответ в Extensions подложного',
    refused: 'saml.schema',
    source: 'samlify#634',
    shape: plain('response'),
    signedResponse(xml, { draft }) {
      const evil = swap(without(xml, 'ds:Signature'), ` ID="${draft.responseId}"`, ` ID="${EVIL}"`)
      return extended(inside(xml))(swap(evil, ` ID="${draft.assertionId}"`, ` ID="${EVIL}a"`))
    },
  },
  {
    name: 'two-documents-in-one-field',
    title: 'Два base64 через запятую',
    refused: 'saml.not-base64',
    posted: base64 => `${base64},${base64}`,
  },
]

const forgedAround = (xml: string, { draft }: Tools): string => {
  const bare = without(xml, 'ds:Signature')
  const { element } = cut(xml, 'ds:Signature')
  const evil = swap(swap(bare, ` ID="${draft.assertionId}"`, ` ID="${EVIL}"`), draft.nameId, '_evil')
  const signature = swap(element, '</ds:Signature>', `<ds:Object>${bare}</ds:Object></ds:Signature>`)
  return swap(evil, '</saml2:Issuer>', `</saml2:Issuer>${signature}`)
}

const encrypted =
  (sign: 'assertion' | 'none'): NonNullable<Fault['shape']> =>
  shape => ({ ...shape, sign })

const ciphers: readonly Fault[] = [
  {
    name: 'encrypted-wrapping',
    title: 'XSW8 внутри шифра: зашифровать может каждый',
    refused: 'saml.decryption',
    shape: encrypted('assertion'),
    signedAssertion: forgedAround,
  },
  {
    name: 'encrypted-altered',
    title: 'Внутри шифра NameID изменён после подписи',
    refused: 'saml.altered',
    shape: encrypted('assertion'),
    signedAssertion: (xml, { draft }) => swap(xml, draft.nameId, `${draft.nameId}0`),
  },
  {
    name: 'encrypted-foreign-key',
    title: 'Внутри шифра утверждение с чужой подписью',
    refused: 'saml.untrusted-key',
    shape: encrypted('assertion'),
    signer: tools => tools.stranger(),
  },
  {
    name: 'encrypted-signature-outside',
    title: 'Подпись утверждения снаружи шифра',
    refused: 'saml.wrapped',
    shape: encrypted('assertion'),
    signedAssertion: xml => without(xml, 'ds:Signature'),
    response(xml, { draft }) {
      const signature = `<ds:Signature xmlns:ds="${ns.ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${ns.excC14n}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><ds:Reference URI="#${draft.assertionId}"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="${ns.excC14n}"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>`
      return swap(xml, '<saml2p:Status>', `${signature}<saml2p:Status>`)
    },
  },
  {
    name: 'encrypted-deep',
    title: 'Внутри шифра 10 000 уровней',
    refused: 'saml.decryption',
    signedAssertion: xml =>
      swap(xml, '</saml2:Issuer>', `</saml2:Issuer>${'<a xmlns="urn:x">'.repeat(1_500)}${'</a>'.repeat(1_500)}`),
  },
  {
    name: 'encrypted-response',
    title: 'Внутри шифра целый ответ',
    refused: 'saml.decryption',
    signedAssertion: xml => `<saml2p:Response xmlns:saml2p="${ns.protocol}">${xml}</saml2p:Response>`,
  },
  {
    name: 'cipher-reference',
    title: 'Вместо шифртекста адрес, откуда его взять',
    refused: 'saml.decryption',
    source: 'server-side request forgery',
    response: xml =>
      swap(
        xml,
        /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(?=<\/xenc:CipherData><\/xenc:EncryptedData>)/,
        '<xenc:CipherReference URI="http://169.254.169.254/latest/meta-data"/>',
      ),
  },
]

const identifiers: readonly Fault[] = [
  {
    name: 'xml-id',
    title: 'Тот же ID ещё раз, как xml:id',
    refused: 'saml.duplicate-id',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) => extended(`<a xmlns="urn:x" xml:id="${draft.assertionId}"/>`)(xml),
  },
  {
    name: 'object-id',
    title: 'Тот же ID у ds:Object',
    refused: 'saml.duplicate-id',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) =>
      swap(xml, '</ds:Signature>', `<ds:Object Id="${draft.assertionId}">x</ds:Object></ds:Signature>`),
  },
  {
    name: 'encrypted-data-id',
    title: 'Тот же ID у EncryptedData',
    refused: 'saml.duplicate-id',
    shape: shape => ({ ...shape, sign: 'both' }),
    response: (xml, { draft }) =>
      swap(
        xml,
        /(<xenc:EncryptedData [^>]*)Id="[^"]*"/,
        /(<xenc:EncryptedData [^>]*)Id="/.exec(xml)![1]! + `Id="${draft.responseId}"`,
      ),
  },
  {
    name: 'id-with-space',
    title: 'ID с пробелом: схема его не видит, ссылка видит',
    refused: 'saml.wrapped',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) => swap(xml, ` ID="${draft.assertionId}"`, ` ID=" ${draft.assertionId}"`),
  },
  {
    name: 'stray-in-evidence',
    title: 'Лишнее утверждение в Evidence под честной подписью',
    refused: 'saml.assertion-count',
    shape: plain('response'),
    assertion: (xml, { draft }) =>
      swap(
        xml,
        '<saml2:AttributeStatement>',
        `<saml2:AuthzDecisionStatement Decision="Permit" Resource="urn:x"><saml2:Action Namespace="urn:x">x</saml2:Action><saml2:Evidence>${stray(draft.assertionIssueInstant)}</saml2:Evidence></saml2:AuthzDecisionStatement><saml2:AttributeStatement>`,
      ),
  },
  {
    name: 'stray-in-object',
    title: 'Лишнее утверждение в ds:Object честной подписи',
    refused: 'saml.assertion-count',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) =>
      swap(xml, '</ds:Signature>', `<ds:Object>${stray(draft.assertionIssueInstant)}</ds:Object></ds:Signature>`),
  },
]

const malformed = (name: string, title: string, content: string, more: Partial<Fault> = {}): Fault => ({
  name,
  title,
  refused: 'saml.not-xml',
  shape: plain('assertion'),
  signedResponse: extended(content),
  ...more,
})

const characters: readonly Fault[] = [
  malformed('xml-rebound', 'Приставка xml переназначена', '<a xmlns="urn:x" xmlns:xml="urn:x"/>'),
  malformed(
    'xml-borrowed',
    'Пространство xml под другой приставкой',
    '<a xmlns="urn:x" xmlns:p="http://www.w3.org/XML/1998/namespace"/>',
  ),
  malformed('xmlns-declared', 'Приставка xmlns объявлена', '<a xmlns="urn:x" xmlns:xmlns="urn:x"/>'),
  malformed(
    'prefix-undeclared-again',
    'Приставка отменена (XML 1.1)',
    '<p:a xmlns:p="urn:x"><b xmlns="urn:x" xmlns:p=""/></p:a>',
  ),
  malformed('namespace-with-ampersand', 'Пространство имён с &amp;', '<a xmlns="urn:x?a=1&amp;b=2"/>'),
  malformed('unknown-entity', 'Неизвестная сущность', '<a xmlns="urn:x">&nbsp;</a>'),
  malformed('reference-to-surrogate', 'Ссылка на половину знака', '<a xmlns="urn:x">&#xD800;</a>'),
  malformed('reference-overflow', 'Ссылка на знак за пределами Юникода', '<a xmlns="urn:x">&#x100000041;</a>'),
  malformed('control-character', 'Управляющий знак', '<a xmlns="urn:x">\u0001</a>'),
  malformed('noncharacter', 'Знак U+FFFE', '<a xmlns="urn:x">\uFFFE</a>'),
  malformed('less-than-in-attribute', 'Знак < в значении атрибута', '<a xmlns="urn:x" b="<"/>'),
  malformed('comment-with-dashes', 'Комментарий с «--» внутри', '<a xmlns="urn:x"><!-- a -- b --></a>'),
  malformed('cdata-end-in-text', 'Конец CDATA в тексте', '<a xmlns="urn:x">]]></a>'),
  malformed('two-colons', 'Имя с двумя двоеточиями', '<a:b:c xmlns:a="urn:x"/>'),
  malformed('lower-case-doctype', 'doctype строчными буквами', '', {
    signedResponse: xml => swap(xml, '<saml2p:Response', '<!doctype a><saml2p:Response'),
  }),
  malformed('text-behind-the-end', 'Текст за концом документа', '', { signedResponse: xml => `${xml}x` }),
  malformed('two-byte-order-marks', 'Две метки порядка байтов', '', {
    octets: octets => Buffer.concat([Buffer.from('\uFEFF\uFEFF'), octets]),
  }),
  malformed('late-declaration', 'Объявление XML не с начала', '', {
    refused: 'saml.processing-instruction',
    signedResponse: xml => `\n${xml}`,
  }),
  malformed('doctype-behind', 'DOCTYPE за концом документа', '', {
    refused: 'saml.doctype',
    signedResponse: xml => `${xml}<!DOCTYPE a>`,
  }),
  malformed('parameter-entity', 'Параметрическая сущность', '', {
    refused: 'saml.doctype',
    source: 'CVE-2025-25291',
    signedResponse: xml =>
      swap(xml, '<saml2p:Response', '<!DOCTYPE a [<!ENTITY % p "<!ENTITY e \'e\'>">%p;]><saml2p:Response'),
  }),
  malformed('byte-order-mark-and-utf-16', 'Метка UTF-8 и объявление UTF-16', '', {
    refused: 'saml.declaration',
    signedResponse: xml => `\uFEFF${swap(xml, 'encoding="UTF-8"', 'encoding="UTF-16"')}`,
  }),
  malformed('declared-utf-7', 'Объявлена кодировка UTF-7', '', {
    refused: 'saml.declaration',
    signedResponse: xml => swap(xml, 'encoding="UTF-8"', 'encoding="UTF-7"'),
  }),
  malformed('surrogates-as-utf-8', 'Половины знака отдельными октетами (CESU-8)', '', {
    refused: 'saml.not-utf8',
    octets: octets => Buffer.concat([octets, Buffer.from([0xed, 0xa0, 0x80])]),
  }),
  malformed('utf-16-without-mark', 'UTF-16 без метки', '', {
    shape: shape => shape, // encrypted: nothing but ASCII
    signedResponse: inside,
    octets: octets => Buffer.from(octets.toString(), 'utf16le'),
  }),
  malformed('namespaces-everywhere', 'Пять тысяч элементов, каждый со своим пространством имён', '', {
    refused: 'saml.too-complex',
    signedResponse: xml =>
      extended(`<a xmlns="urn:x">${Array.from({ length: 5_000 }, (_, at) => `<b xmlns="urn:n:${at}"/>`).join('')}</a>`)(
        xml,
      ),
  }),
]

export const disguiseFaults: readonly Fault[] = [...envelopes, ...ciphers, ...identifiers, ...characters]
