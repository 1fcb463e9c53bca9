/**
 * Honest parts where the schema lets anything be, and IDs that a careless verifier would find first: signature wrapping in
 * every open place of SAML, XML Signature and XML Encryption.
 */
import { ENCRYPTED_ELEMENT, ns } from '../../words/saml-names.js'
import { cut, plain, swap, without, type Fault, type Tools } from '../fault.js'

const EVIL = '_00000000000000000000000000000000000000e4'

const extended =
  (content: string) =>
  (xml: string): string =>
    swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`)

/** What the attacker would have us read, carrying the honest signature. */
function forged(xml: string, { draft }: Tools): { evil: string; honest: string } {
  const { before, element, after } = cut(xml, 'saml2:Assertion')
  const renamed = swap(swap(element, ` ID="${draft.assertionId}"`, ` ID="${EVIL}"`), draft.nameId, '_evil')
  return { evil: before + renamed + after, honest: without(element, 'ds:Signature') }
}

/** The honest assertion moves into `place` of the forged answer. */
const hidden = (
  name: string,
  title: string,
  place: (evil: string, honest: string) => string,
  more: Partial<Fault> = {},
): Fault => ({
  name,
  title,
  refused: 'saml.assertion-count',
  source: 'Somorovsky 2012',
  shape: plain('assertion'),
  signedResponse(xml, tools) {
    const { evil, honest } = forged(xml, tools)
    return place(evil, honest)
  },
  ...more,
})

const inside =
  (tag: string, wrap: (honest: string) => string = honest => honest) =>
  (evil: string, honest: string): string =>
    swap(evil, tag, `${wrap(honest)}${tag}`)

const object = (content: string): string => `<ds:Object>${content}</ds:Object>`

const wrapping: readonly Fault[] = [
  hidden('honest-in-key-info', 'Честное утверждение в KeyInfo подложного', inside('</ds:KeyInfo>')),
  hidden('honest-in-x509-data', 'Честное утверждение в X509Data подложного', inside('</ds:X509Data>')),
  hidden(
    'honest-in-manifest-reference',
    'Честное утверждение в параметре преобразования внутри ds:Manifest',
    inside('</ds:Signature>', honest =>
      object(
        `<ds:Manifest><ds:Reference><ds:Transforms><ds:Transform Algorithm="urn:x">${honest}</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:Manifest>`,
      ),
    ),
  ),
  hidden(
    'honest-in-signature-property',
    'Честное утверждение в SignatureProperty',
    inside('</ds:Signature>', honest =>
      object(
        `<ds:SignatureProperties><ds:SignatureProperty Target="">${honest}</ds:SignatureProperty></ds:SignatureProperties>`,
      ),
    ),
  ),
  hidden('honest-in-signature-method', 'Честное утверждение внутри SignatureMethod', (evil, honest) =>
    swap(
      evil,
      /(<ds:SignatureMethod [^>]*)\/>/,
      `<ds:SignatureMethod Algorithm="urn:x">${honest}</ds:SignatureMethod>`,
    ),
  ),
  hidden(
    'honest-in-status-detail',
    'Честное утверждение в StatusDetail',
    inside('</saml2p:Status>', honest => `<saml2p:StatusDetail>${honest}</saml2p:StatusDetail>`),
  ),
  hidden('honest-in-confirmation-data', 'Честное утверждение в SubjectConfirmationData подложного', (evil, honest) =>
    swap(
      evil,
      /<saml2:SubjectConfirmationData([^>]*)\/>/,
      `<saml2:SubjectConfirmationData${/<saml2:SubjectConfirmationData([^>]*)\/>/.exec(evil)![1]!}>${honest}</saml2:SubjectConfirmationData>`,
    ),
  ),
  hidden(
    'honest-in-context-declaration',
    'Честное утверждение в AuthnContextDecl подложного',
    inside('</saml2:AuthnContext>', honest => `<saml2:AuthnContextDecl>${honest}</saml2:AuthnContextDecl>`),
  ),
  hidden('honest-in-foreign-element', 'Честное утверждение глубоко в чужом элементе', (evil, honest) =>
    extended(`<a xmlns="urn:x"><b><c>${honest}</c></b></a>`)(evil),
  ),
  hidden(
    'honest-in-pgp-data',
    'Честное утверждение в PGPData',
    inside('</ds:KeyInfo>', honest => `<ds:PGPData><ds:PGPKeyID>AAAA</ds:PGPKeyID>${honest}</ds:PGPData>`),
  ),
  hidden(
    'honest-behind-cdata',
    'Честное утверждение как текст CDATA: подпись указывает в пустоту',
    inside('</saml2p:Status>', honest => `<saml2p:StatusMessage><![CDATA[${honest}]]></saml2p:StatusMessage>`),
    { refused: 'saml.wrapped' },
  ),
  hidden(
    'honest-behind-comment',
    'Честное утверждение в комментарии',
    inside('</saml2p:Status>', honest => `<!--${honest}-->`),
    { refused: 'saml.wrapped' },
  ),
  hidden(
    'honest-behind-references',
    'Честное утверждение, записанное ссылками на знаки',
    inside(
      '</saml2p:Status>',
      honest => `<saml2p:StatusMessage>${honest.replaceAll('<', '&#60;')}</saml2p:StatusMessage>`,
    ),
    { refused: 'saml.wrapped' },
  ),
]

const sameId = (name: string, title: string, element: (id: string) => string): Fault => ({
  name,
  title,
  refused: 'saml.duplicate-id',
  source: 'xml-crypto looks a reference up by the name of the attribute alone',
  shape: plain('assertion'),
  signedResponse: (xml, { draft }) => extended(element(draft.assertionId))(xml),
})

const identifiers: readonly Fault[] = [
  sameId('foreign-id', 'Тот же ID у чужого элемента', id => `<a xmlns="urn:x" ID="${id}"/>`),
  sameId('foreign-id-lower-case', 'Тот же ID как id у чужого элемента', id => `<a xmlns="urn:x" id="${id}"/>`),
  sameId('foreign-id-mixed-case', 'Тот же ID как Id у чужого элемента', id => `<a xmlns="urn:x" Id="${id}"/>`),
  sameId('foreign-id-prefixed', 'Тот же ID под приставкой', id => `<a xmlns="urn:x" xmlns:p="urn:y" p:ID="${id}"/>`),
  sameId(
    'foreign-id-by-reference',
    'Тот же ID, записанный ссылками на знаки',
    id => `<a xmlns="urn:x" ID="&#${id.charCodeAt(0)};${id.slice(1)}"/>`,
  ),
  sameId(
    'signature-id',
    'Тот же ID у ds:Object чужой подписи без значения',
    id =>
      `<ds:Manifest xmlns:ds="${ns.ds}" Id="${id}"><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:Manifest>`,
  ),
  {
    name: 'xml-id-in-confirmation',
    title: 'Тот же ID как xml:id в SubjectConfirmationData',
    refused: 'saml.duplicate-id',
    shape: plain('assertion'),
    assertion: (xml, { draft }) =>
      swap(xml, '<saml2:SubjectConfirmationData ', `<saml2:SubjectConfirmationData xml:id="${draft.assertionId}" `),
  },
  {
    name: 'id-prefixed-on-assertion',
    title: 'У утверждения два ID: свой и под приставкой',
    refused: 'saml.schema',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) =>
      swap(xml, ` ID="${draft.assertionId}"`, ` ID="${EVIL}" saml2:ID="${draft.assertionId}"`),
  },
  {
    name: 'id-lower-case-on-assertion',
    title: 'У утверждения два ID: ID и id',
    refused: 'saml.schema',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) =>
      swap(xml, ` ID="${draft.assertionId}"`, ` ID="${EVIL}" id="${draft.assertionId}"`),
  },
  {
    name: 'no-id-on-assertion',
    title: 'У утверждения нет ID',
    refused: 'saml.schema',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) => swap(xml, ` ID="${draft.assertionId}"`, ''),
  },
]

const inAdvice = (
  name: string,
  title: string,
  advice: string,
  refused: Fault['refused'] = 'saml.assertion-count',
): Fault => ({
  name,
  title,
  refused,
  shape: plain('both'),
  draft: draft => ({ ...draft, advice }),
})

const SEALED = `<xenc:EncryptedData xmlns:xenc="${ns.xenc}"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`

const places: readonly Fault[] = [
  inAdvice(
    'encrypted-in-advice',
    'Зашифрованное утверждение в Advice',
    `<saml2:EncryptedAssertion>${SEALED}</saml2:EncryptedAssertion>`,
  ),
  inAdvice(
    'signature-in-advice',
    'Подпись в Advice',
    `<ds:Signature xmlns:ds="${ns.ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:x"/><ds:SignatureMethod Algorithm="urn:x"/><ds:Reference><ds:DigestMethod Algorithm="urn:x"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>`,
    'saml.signature-form',
  ),
  {
    name: 'assertion-in-encryption-property',
    title: 'Утверждение в EncryptionProperty зашифрованного',
    refused: 'saml.assertion-count',
    response: (xml, { draft }) =>
      swap(
        xml,
        '</xenc:EncryptedData>',
        `<xenc:EncryptionProperties><xenc:EncryptionProperty><saml2:Assertion ID="${EVIL}" IssueInstant="${new Date(draft.assertionIssueInstant).toISOString()}" Version="2.0"><saml2:Issuer>x</saml2:Issuer><saml2:Subject><saml2:NameID>x</saml2:NameID></saml2:Subject></saml2:Assertion></xenc:EncryptionProperty></xenc:EncryptionProperties></xenc:EncryptedData>`,
      ),
  },
  {
    name: 'response-in-status-detail',
    title: 'Честный ответ в StatusDetail подложного',
    refused: 'saml.assertion-count',
    source: 'Somorovsky 2012; samlify#634',
    shape: plain('response'),
    signedResponse(xml, { draft }) {
      const honest = xml.replace(/^<\?xml[^>]*>\s*/, '')
      const evil = swap(
        swap(without(xml, 'ds:Signature'), ` ID="${draft.responseId}"`, ` ID="${EVIL}"`),
        ` ID="${draft.assertionId}"`,
        ` ID="${EVIL}a"`,
      )
      return swap(evil, '</saml2p:Status>', `<saml2p:StatusDetail>${honest}</saml2p:StatusDetail></saml2p:Status>`)
    },
  },
  {
    name: 'signature-between-elements',
    title: 'Подпись утверждения стоит между ответом и утверждением',
    refused: 'saml.wrapped',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:Signature')
      return swap(before + after, /(?<=<\/saml2:Issuer>)(?=<saml2p:Status>)/, element)
    },
  },
  {
    name: 'assertion-outside-response',
    title: 'Утверждение за концом ответа',
    refused: 'saml.not-xml',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'saml2:Assertion')
      return before + after + element
    },
  },
  {
    name: 'assertion-before-status',
    title: 'Утверждение перед статусом',
    refused: 'saml.schema',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'saml2:Assertion')
      return swap(before + after, '<saml2p:Status>', `${element}<saml2p:Status>`)
    },
  },
  {
    name: 'encrypted-content',
    title: 'Зашифрован не элемент, а содержимое',
    refused: 'saml.decryption',
    source: 'saml-core 2.3.4',
    response: xml => swap(xml, `Type="${ENCRYPTED_ELEMENT}"`, `Type="${ns.xenc}Content"`),
  },
]

export const placeFaults: readonly Fault[] = [...wrapping, ...identifiers, ...places]
