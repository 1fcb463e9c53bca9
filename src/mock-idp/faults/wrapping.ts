/**
 * Signature wrapping (Somorovsky et al., "On Breaking SAML", 2012): an honest signature is carried along, and what is read
 * is something else. The numbers are those of SAML Raider. Where the schema already refuses the classic form, a second row
 * hides the honest part where the schema lets it be.
 */
import { cut, plain, swap, without, type Fault, type Tools } from '../fault.js'

const EVIL = '_00000000000000000000000000000000000000e1'
const EVIL_ASSERTION = '_00000000000000000000000000000000000000e2'
const EVIL_NAME = '_000000000000000000000000000000e1'

/** The assertion that the attacker would have us read: another ID, another person, no signature. */
function forged(assertion: string, { draft }: Tools): string {
  const bare = assertion.includes('<ds:Signature') ? without(assertion, 'ds:Signature') : assertion
  return swap(swap(bare, ` ID="${draft.assertionId}"`, ` ID="${EVIL}"`), draft.nameId, EVIL_NAME)
}

/** The same, carrying the signature of the honest one. */
const forgedWithSignature = (assertion: string, tools: Tools, inside = ''): string => {
  const { element } = cut(assertion, 'ds:Signature')
  const signature = inside === '' ? element : swap(element, '</ds:Signature>', `${inside}</ds:Signature>`)
  return swap(forged(assertion, tools), '</saml2:Issuer>', `</saml2:Issuer>${signature}`)
}

/** Rows that play with a signed assertion inside an unsigned Response. */
const onAssertion =
  (change: (assertion: string, tools: Tools) => string): NonNullable<Fault['signedResponse']> =>
  (xml, tools) => {
    const { before, element, after } = cut(xml, 'saml2:Assertion')
    return before + change(element, tools) + after
  }

const inExtensions = (xml: string, content: string): string =>
  swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`)

const withoutDeclaration = (xml: string): string => xml.replace(/^<\?xml[^>]*>\s*/, '')

/** A forged Response that carries the honest signature, which covers `honest` somewhere inside. */
function forgedResponse(xml: string, tools: Tools, place: (signature: string, honest: string) => string): string {
  const { before, element, after } = cut(xml, 'ds:Signature')
  const honest = withoutDeclaration(before + after)
  const evil = swap(before, ` ID="${tools.draft.responseId}"`, ` ID="${EVIL}"`)
  const lie = swap(
    swap(after, tools.draft.nameId, EVIL_NAME),
    ` ID="${tools.draft.assertionId}"`,
    ` ID="${EVIL_ASSERTION}"`,
  )
  return evil + place(element, honest) + lie
}

const response: readonly Fault[] = [
  {
    name: 'xsw-1',
    title: 'XSW1: честный ответ вложен в подпись подложного',
    refused: 'saml.schema',
    source: 'Somorovsky 2012',
    shape: plain('response'),
    signedResponse: (xml, tools) =>
      forgedResponse(xml, tools, (signature, honest) => swap(signature, '</ds:Signature>', `${honest}</ds:Signature>`)),
  },
  {
    name: 'xsw-1-object',
    title: 'XSW1: честный ответ спрятан в ds:Object',
    refused: 'saml.assertion-count',
    source: 'Somorovsky 2012; CVE-2025-23369',
    shape: plain('response'),
    signedResponse: (xml, tools) =>
      forgedResponse(xml, tools, (signature, honest) =>
        swap(signature, '</ds:Signature>', `<ds:Object>${honest}</ds:Object></ds:Signature>`),
      ),
  },
  {
    name: 'xsw-2',
    title: 'XSW2: честный ответ стоит перед подписью подложного',
    refused: 'saml.schema',
    source: 'Somorovsky 2012',
    shape: plain('response'),
    signedResponse: (xml, tools) => forgedResponse(xml, tools, (signature, honest) => honest + signature),
  },
  {
    name: 'response-renamed',
    title: 'Подпись ссылается на ID, которого больше нет',
    refused: 'saml.wrapped',
    shape: plain('response'),
    signedResponse: (xml, { draft }) => swap(xml, ` ID="${draft.responseId}"`, ` ID="${EVIL}"`),
  },
  {
    name: 'response-signature-of-assertion',
    title: 'Подпись утверждения выдана за подпись ответа',
    refused: 'saml.wrapped',
    shape: plain('assertion'),
    signedResponse(xml) {
      const { before, element, after } = cut(xml, 'ds:Signature')
      return swap(before + after, '<saml2p:Status>', `${element}<saml2p:Status>`)
    },
  },
]

const assertion: readonly Fault[] = [
  {
    name: 'xsw-3',
    title: 'XSW3: подложное утверждение перед честным',
    refused: 'saml.assertion-count',
    source: 'Somorovsky 2012',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) => forged(honest, tools) + honest),
  },
  {
    name: 'xsw-4',
    title: 'XSW4: честное утверждение внутри подложного',
    refused: 'saml.schema',
    source: 'Somorovsky 2012',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) =>
      swap(forged(honest, tools), '</saml2:Assertion>', `${honest}</saml2:Assertion>`),
    ),
  },
  {
    name: 'xsw-5',
    title: 'XSW5: подложное утверждение с честной подписью, честное без подписи рядом',
    refused: 'saml.assertion-count',
    source: 'Somorovsky 2012',
    shape: plain('assertion'),
    signedResponse: onAssertion(
      (honest, tools) => forgedWithSignature(honest, tools) + without(honest, 'ds:Signature'),
    ),
  },
  {
    name: 'xsw-6',
    title: 'XSW6: честное утверждение внутри подписи подложного',
    refused: 'saml.schema',
    source: 'Somorovsky 2012',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) => forgedWithSignature(honest, tools, without(honest, 'ds:Signature'))),
  },
  {
    name: 'xsw-7',
    title: 'XSW7: подложное утверждение с тем же ID в Extensions',
    refused: 'saml.duplicate-id',
    source: 'Somorovsky 2012',
    shape: plain('assertion'),
    signedResponse(xml, { draft }) {
      const { element } = cut(xml, 'saml2:Assertion')
      return inExtensions(xml, swap(without(element, 'ds:Signature'), draft.nameId, EVIL_NAME))
    },
  },
  {
    name: 'xsw-8',
    title: 'XSW8: честное утверждение в ds:Object подписи подложного',
    refused: 'saml.assertion-count',
    source: 'Somorovsky 2012; CVE-2025-23369',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) =>
      forgedWithSignature(honest, tools, `<ds:Object>${without(honest, 'ds:Signature')}</ds:Object>`),
    ),
  },
  {
    name: 'assertion-renamed',
    title: 'Утверждение переименовано после подписи',
    refused: 'saml.wrapped',
    shape: plain('assertion'),
    signedResponse: (xml, { draft }) => swap(xml, ` ID="${draft.assertionId}"`, ` ID="${EVIL}"`),
  },
  {
    name: 'honest-in-extensions',
    title: 'Честное утверждение в Extensions, подложное на его месте',
    refused: 'saml.assertion-count',
    source: 'OneUptime#2957',
    shape: plain('assertion'),
    signedResponse(xml, tools) {
      const { before, element, after } = cut(xml, 'saml2:Assertion')
      return inExtensions(before + forged(element, tools) + after, element)
    },
  },
  {
    name: 'honest-in-advice',
    title: 'Честное утверждение в Advice подложного',
    refused: 'saml.assertion-count',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) =>
      swap(forged(honest, tools), '</saml2:Conditions>', `</saml2:Conditions><saml2:Advice>${honest}</saml2:Advice>`),
    ),
  },
  {
    name: 'honest-in-attribute',
    title: 'Честное утверждение внутри значения атрибута подложного',
    refused: 'saml.assertion-count',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) =>
      swap(
        forged(honest, tools),
        '</saml2:AttributeStatement>',
        `<saml2:Attribute Name="a"><saml2:AttributeValue>${honest}</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>`,
      ),
    ),
  },
]

/** Everything is covered by an honest signature of the Response; an assertion stands where none may stand. */
const count: readonly Fault[] = [
  {
    name: 'second-assertion',
    title: 'Второе утверждение без подписи',
    refused: 'saml.assertion-count',
    source: 'dex#895; CVE-2022-41912',
    shape: plain('assertion'),
    signedResponse: onAssertion((honest, tools) => honest + forged(honest, tools)),
  },
  {
    name: 'two-assertions-signed',
    title: 'Два утверждения под одной честной подписью',
    refused: 'saml.assertion-count',
    shape: plain('response'),
    signedAssertion: (xml, tools) => xml + forged(xml, tools),
  },
  {
    name: 'no-assertion',
    title: 'Успех без утверждения',
    refused: 'saml.assertion-count',
    shape: plain('response'),
    signedAssertion: () => '',
  },
  {
    name: 'plain-beside-encrypted',
    title: 'Открытое утверждение рядом с зашифрованным',
    refused: 'saml.assertion-count',
    response(xml, tools) {
      const evil = `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="${EVIL}" IssueInstant="${new Date(tools.draft.assertionIssueInstant).toISOString()}" Version="2.0"><saml2:Issuer>x</saml2:Issuer><saml2:Subject><saml2:NameID>x</saml2:NameID></saml2:Subject></saml2:Assertion>`
      return swap(xml, '<saml2:EncryptedAssertion', `${evil}<saml2:EncryptedAssertion`)
    },
  },
  {
    name: 'encrypted-twice',
    title: 'Два зашифрованных утверждения',
    refused: 'saml.assertion-count',
    response(xml) {
      const { before, element, after } = cut(xml, 'saml2:EncryptedAssertion')
      return before + element + element.replace(/ Id="_/g, ' Id="_0') + after
    },
  },
  ...(['advice', 'extensions', 'moreAttributes'] as const).map((place): Fault => ({
    name: `stray-in-${place === 'moreAttributes' ? 'attribute' : place}`,
    title: `Лишнее утверждение под честной подписью: ${place === 'moreAttributes' ? 'в атрибуте' : place}`,
    refused: 'saml.assertion-count',
    shape: plain('response'),
    draft(draft) {
      const stray = `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="${EVIL}" IssueInstant="${new Date(draft.assertionIssueInstant).toISOString()}" Version="2.0"><saml2:Issuer>x</saml2:Issuer><saml2:Subject><saml2:NameID>x</saml2:NameID></saml2:Subject></saml2:Assertion>`
      const attribute = `<saml2:Attribute Name="a"><saml2:AttributeValue>${stray}</saml2:AttributeValue></saml2:Attribute>`
      return { ...draft, [place]: place === 'moreAttributes' ? attribute : stray }
    },
  })),
  {
    name: 'same-id-twice',
    title: 'Ответ и утверждение с одним ID',
    refused: 'saml.duplicate-id',
    shape: plain('response'),
    draft: draft => ({ ...draft, assertionId: draft.responseId }),
  },
]

export const wrappingFaults: readonly Fault[] = [...response, ...assertion, ...count]
