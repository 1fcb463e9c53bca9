/**
 * Exclusive XML Canonicalization 1.0 (W3C, 18 July 2002) over our tree: the octets that a signature covers.
 *
 * The subtree is written as if it stood alone, but prefixes of the InclusiveNamespaces list are resolved in the real
 * document, ancestors outside the subtree included (section 3). Cost is linear: declarations are compared where they stand.
 */
import { namespaceAt, type XmlElement } from './tree.js'

export interface CanonicalForm {
  readonly comments: boolean
  /** Prefixes treated as inclusive canonicalisation treats all; the empty one is the list's `#default`. */
  readonly inclusive: readonly string[]
  /** Left out, with all below it: the enveloped signature. */
  readonly without?: XmlElement
}

interface Writing {
  readonly form: CanonicalForm
  readonly inclusive: ReadonlySet<string>
  /** What the nearest element written above says about a prefix. */
  readonly rendered: Map<string, string>
  out: string
}

/** @returns the canonical form; its UTF-8 octets are what is hashed */
export function canonicalise(apex: XmlElement, form: CanonicalForm): string {
  const writing: Writing = { form, inclusive: new Set(form.inclusive), rendered: new Map(), out: '' }
  const fromOutside: [string, string][] = []
  for (const prefix of writing.inclusive) {
    const name = namespaceAt(apex, prefix)
    if (name !== undefined && prefix !== 'xml') fromOutside.push([prefix, name])
  }
  writeElement(writing, apex, fromOutside)
  return writing.out
}

/** @param inherited values of inclusive prefixes that were declared above; empty below the apex, where they stand as they are */
function writeElement(writing: Writing, element: XmlElement, inherited: readonly [string, string][]): void {
  const declarations = newDeclarations(writing, element, inherited)
  const before = declarations.map(([prefix]) => [prefix, writing.rendered.get(prefix)] as const)
  const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`
  writing.out += `<${name}`
  for (const [prefix, value] of declarations) {
    writing.out += prefix === '' ? ` xmlns="${escapeAttribute(value)}"` : ` xmlns:${prefix}="${escapeAttribute(value)}"`
    writing.rendered.set(prefix, value)
  }
  for (const { prefix, local, value } of sortedAttributes(element))
    writing.out += ` ${prefix === '' ? local : `${prefix}:${local}`}="${escapeAttribute(value)}"`
  writing.out += '>'
  writeChildren(writing, element)
  writing.out += `</${name}>`
  for (const [prefix, value] of before) {
    if (value === undefined) writing.rendered.delete(prefix)
    else writing.rendered.set(prefix, value)
  }
}

function writeChildren(writing: Writing, element: XmlElement): void {
  for (const node of element.children) {
    if (node.kind === 'text') writing.out += escapeText(node.value)
    else if (node.kind === 'comment') writing.out += writing.form.comments ? `<!--${node.value}-->` : ''
    else if (node !== writing.form.without) writeElement(writing, node, [])
  }
}

/** Section 3, steps 2 and 3: what is visibly used here or on the list, and not yet said above in the output. */
function newDeclarations(
  { inclusive, rendered }: Writing,
  element: XmlElement,
  inherited: readonly [string, string][],
): [string, string][] {
  const fresh = new Map<string, string>()
  const say = (prefix: string, name: string): void => {
    // the empty default namespace is said only where another one has to be undone
    if (prefix !== 'xml' && (rendered.get(prefix) ?? (prefix === '' ? '' : undefined)) !== name) fresh.set(prefix, name)
  }
  for (const [prefix, name] of inherited) say(prefix, name)
  for (const { prefix, ns } of element.declarations) if (inclusive.has(prefix)) say(prefix, ns)
  say(element.prefix, element.ns)
  for (const { prefix, ns } of element.attributes) if (prefix !== '') say(prefix, ns)
  return fresh.size < 2 ? [...fresh] : [...fresh].sort(([a], [b]) => comparePoints(a, b))
}

/** By namespace name, then by local name; those without a namespace first (Canonical XML 1.0, 2.3). */
function sortedAttributes({ attributes }: XmlElement): XmlElement['attributes'] {
  if (attributes.length < 2) return attributes
  return [...attributes].sort((a, b) => comparePoints(a.ns, b.ns) || comparePoints(a.local, b.local))
}

/** Order of code points, which differs from that of UTF-16 units between U+E000 and the surrogates. */
export function comparePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit)

const TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const VALUE: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '"': '&quot;', '\t': '&#x9;', '\n': '&#xA;', '\r': '&#xD;',
} // prettier-ignore

const escapeText = (text: string): string =>
  /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, sign => TEXT[sign]!) : text

const escapeAttribute = (text: string): string =>
  /[&<"\t\n\r]/.test(text) ? text.replace(/[&<"\t\n\r]/g, sign => VALUE[sign]!) : text
