/** Small changes to the text of a message, as data that fast-check can make and shrink. */
import fc from 'fast-check'

/** Numbers are reduced to what the message has: positions, elements, attributes, texts. */
export type Mutation =
  | { readonly how: 'flip'; readonly at: number; readonly bit: number }
  | { readonly how: 'insert'; readonly at: number; readonly text: string }
  | { readonly how: Pairwise; readonly one: number; readonly other: number }

/** Changes that name one thing and a place, or two things. */
type Pairwise = keyof typeof pairwise

const number = fc.nat({ max: 1_000_000 })

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'

const inserted = fc.constantFrom(
  '<!-- x -->', '<!---->', '<![CDATA[x]]>', '<![CDATA[]]>', '<?x y?>', '&amp;', '&#x20;', '&#13;', '&#10;', '&e;', ' ', '\r', '\r\n',
  '\t', 'x', '\u00a0', '\u0000', '\u0085', '\u2028', '\uFEFF', 'é', 'e\u0301', '&#xD800;', ']]>', '--', '"', "'", '<', '>', '&',
  ' xmlns="urn:x"', ' xmlns=""', ' xmlns:xs="urn:x"', ' xmlns:saml2="urn:x"', ' xmlns:ds="urn:x"', ' xmlns:B="urn:b" xmlns:a="urn:a"',
  ' ID="_x"', ' Id="_x"', ' id="_x"', ' xml:id="_x"', ' xml:lang="ru"', ' xsi:type="xs:string"', ' Algorithm="urn:x"',
  '<x xmlns="urn:x"/>', `<saml2:Advice xmlns:saml2="${SAML}"/>`, `<saml2:OneTimeUse xmlns:saml2="${SAML}"/>`,
  '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs #default saml2"/>',
  '<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>', '<!DOCTYPE x>',
) // prettier-ignore

export interface Span {
  readonly from: number
  readonly to: number
}

/** Where elements stand; coarse, since the text may be broken already. */
function elements(xml: string): Span[] {
  const open: number[] = []
  const found: Span[] = []
  for (const match of xml.matchAll(/<(\/?)[\w:]+(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    const end = match.index + match[0].length
    if (match[1] === '/') {
      const from = open.pop()
      if (from !== undefined) found.push({ from, to: end })
    } else if (match[2] === '/') found.push({ from: match.index, to: end })
    else open.push(match.index)
  }
  return found
}

const spans = (xml: string, pattern: RegExp): Span[] =>
  [...xml.matchAll(pattern)].map(match => ({ from: match.index, to: match.index + match[0].length }))

const texts = (xml: string): Span[] => spans(xml, /(?<=>)[^<>]+(?=<)/g)
const attributes = (xml: string): Span[] => spans(xml, / [\w:]+="[^"]*"/g)
const values = (xml: string): Span[] => spans(xml, /(?<==")[^"]*(?=")/g)
const tags = (xml: string): Span[] => spans(xml, /<[A-Za-z][\w:]*/g)

const pick = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(all.length, 1)]

type Change = (xml: string, one: number, other: number) => string

const put = (xml: string, { from, to }: Span, text: string): string => xml.slice(0, from) + text + xml.slice(to)

/** Exchanges two spans of one kind. */
const exchange =
  (all: (xml: string) => Span[]): Change =>
  (xml, one, other) => {
    const [a, b] = [pick(all(xml), one), pick(all(xml), other)]
    if (!a || !b || a.from === b.from) return xml
    const [first, second] = a.from < b.from ? [a, b] : [b, a]
    if (first.to > second.from) return xml
    const text = (span: Span): string => xml.slice(span.from, span.to)
    return put(put(xml, second, text(first)), first, text(second))
  }

/** Rewrites what one span says. */
const rewrite =
  (all: (xml: string) => Span[], say: (text: string, other: number) => string): Change =>
  (xml, one, other) => {
    const span = pick(all(xml), one)
    return span ? put(xml, span, say(xml.slice(span.from, span.to), other)) : xml
  }

/** Takes one span out, or leaves it, and puts it elsewhere. */
const carry =
  (all: (xml: string) => Span[], places: (xml: string) => Span[], stays: boolean): Change =>
  (xml, one, other) => {
    const span = pick(all(xml), one)
    if (!span) return xml
    const rest = stays ? xml : put(xml, span, '')
    const at = pick(places(rest), other)?.to ?? rest.length
    return rest.slice(0, at) + xml.slice(span.from, span.to) + rest.slice(at)
  }

const gaps = (xml: string): Span[] => spans(xml, />(?=<)/g)
const at = (text: string, index: number): number => index % Math.max(text.length, 1)

const pairwise = {
  'move element': carry(elements, gaps, false),
  'copy element': carry(elements, gaps, true),
  'cut element': rewrite(elements, () => ''),
  'exchange elements': exchange(elements),
  'move attribute': carry(attributes, tags, false),
  'copy attribute': carry(attributes, tags, true),
  'cut attribute': rewrite(attributes, () => ''),
  'exchange values': exchange(values),
  'exchange texts': exchange(texts),
  'text into CDATA': rewrite(texts, text => `<![CDATA[${text}]]>`),
  'sign into reference': rewrite(texts, (text, other) => {
    const where = at(text, other)
    return `${text.slice(0, where)}&#${text.charCodeAt(where)};${text.slice(where + 1)}`
  }),
  'sign into reference in value': rewrite(values, (text, other) =>
    text === '' ? text : put(text, { from: at(text, other), to: at(text, other) + 1 }, `&#x${text.charCodeAt(at(text, other)).toString(16)};`),
  ),
  'comment in text': rewrite(texts, (text, other) => `${text.slice(0, at(text, other))}<!-- -->${text.slice(at(text, other))}`),
  'line end in text': rewrite(texts, (text, other) => `${text.slice(0, at(text, other))}\n${text.slice(at(text, other))}`),
  'single quotes': rewrite(attributes, text => text.replace(/"(.*)"$/s, "'$1'")),
  'space in tag': rewrite(tags, text => `${text}\n\t `),
  'other prefix': rewrite(elements, text => {
    const [, prefix, local] = /^<(\w+):(\w+)/.exec(text) ?? []
    const space = prefix === undefined ? undefined : NAMESPACES[prefix]
    if (prefix === undefined || space === undefined) return text
    return text.replaceAll(`<${prefix}:`, '<q:').replaceAll(`</${prefix}:`, '</q:').replace(`<q:${local!}`, `<q:${local!} xmlns:q="${space}"`)
  }),
} satisfies Record<string, Change> // prettier-ignore

const NAMESPACES: Readonly<Record<string, string>> = {
  saml2: SAML,
  saml2p: 'urn:oasis:names:tc:SAML:2.0:protocol',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
}

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ how: fc.constant('flip' as const), at: number, bit: fc.nat({ max: 7 }) }) },
  { weight: 3, arbitrary: fc.record({ how: fc.constant('insert' as const), at: number, text: inserted }) },
  {
    weight: 8,
    arbitrary: fc.record({
      how: fc.constantFrom(...(Object.keys(pairwise) as Pairwise[])),
      one: number,
      other: number,
    }),
  },
)

/** Octets, since a turned bit may leave text that is no UTF-8. */
export function mutated(octets: Buffer, change: Mutation): Buffer {
  if (change.how !== 'flip') return Buffer.from(rewritten(octets.toString(), change))
  const copy = Buffer.from(octets)
  const where = change.at % Math.max(copy.length, 1)
  copy[where] = copy[where]! ^ (1 << change.bit)
  return copy
}

/** The same for text that stays text: a turned bit changes nothing here. */
export function rewritten(xml: string, change: Mutation): string {
  if (change.how === 'flip') return xml
  if (change.how === 'insert') {
    const where = change.at % (xml.length + 1)
    return xml.slice(0, where) + change.text + xml.slice(where)
  }
  return pairwise[change.how](xml, change.one, change.other)
}
