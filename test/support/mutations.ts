/** Small changes to the text of a message, as data that fast-check can make and shrink. */
import fc from 'fast-check'

/** Numbers are reduced to what the message has: positions, elements, attributes. */
export type Mutation =
  | { readonly how: 'flip'; readonly at: number; readonly bit: number }
  | { readonly how: 'move' | 'copy' | 'cut'; readonly element: number; readonly to: number }
  | { readonly how: 'swap values'; readonly element: number; readonly to: number }
  | { readonly how: 'insert'; readonly at: number; readonly text: string }

const number = fc.nat({ max: 1_000_000 })

const inserted = fc.constantFrom(
  '<!-- x -->',
  '<![CDATA[x]]>',
  '<![CDATA[]]>',
  '<?x y?>',
  '&amp;',
  '&#x20;',
  '&e;',
  ' ',
  '\r',
  '\r\n',
  '\t',
  'x',
  '\u00a0',
  '\u0000',
  ' xmlns="urn:x"',
  ' xmlns:xs="urn:x"',
  ' xmlns:saml2="urn:x"',
  ' ID="_x"',
  ' xml:id="_x"',
  '<x xmlns="urn:x"/>',
  '<saml2:Advice xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"/>',
)

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ how: fc.constant('flip' as const), at: number, bit: fc.nat({ max: 7 }) }),
  fc.record({ how: fc.constantFrom('move' as const, 'copy' as const, 'cut' as const), element: number, to: number }),
  fc.record({ how: fc.constant('swap values' as const), element: number, to: number }),
  fc.record({ how: fc.constant('insert' as const), at: number, text: inserted }),
)

interface Span {
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

const pick = <T>(all: readonly T[], index: number): T | undefined => all[index % Math.max(all.length, 1)]

/** Octets, since a turned bit may leave text that is no UTF-8. */
export function mutated(octets: Buffer, change: Mutation): Buffer {
  if (change.how === 'flip') {
    const copy = Buffer.from(octets)
    const at = change.at % copy.length
    copy[at] = copy[at]! ^ (1 << change.bit)
    return copy
  }
  return Buffer.from(rewritten(octets.toString(), change))
}

function rewritten(xml: string, change: Exclude<Mutation, { how: 'flip' }>): string {
  if (change.how === 'insert') {
    const at = change.at % (xml.length + 1)
    return xml.slice(0, at) + change.text + xml.slice(at)
  }
  if (change.how === 'swap values') {
    const values = spans(xml, /(?<==")[^"]*(?=")/g)
    const [a, b] = [pick(values, change.element), pick(values, change.to)]
    if (!a || !b || a.from === b.from) return xml
    const [first, second] = a.from < b.from ? [a, b] : [b, a]
    const text = (span: Span): string => xml.slice(span.from, span.to)
    return (
      xml.slice(0, first.from) + text(second) + xml.slice(first.to, second.from) + text(first) + xml.slice(second.to)
    )
  }
  const element = pick(elements(xml), change.element)
  if (!element) return xml
  const text = xml.slice(element.from, element.to)
  const rest = change.how === 'copy' ? xml : xml.slice(0, element.from) + xml.slice(element.to)
  if (change.how === 'cut') return rest
  const place = pick(spans(rest, />(?=<)/g), change.to)?.to ?? rest.length
  return rest.slice(0, place) + text + rest.slice(place)
}
