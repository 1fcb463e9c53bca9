/**
 * The tree that everything received is read from: made once by reader.ts, never changed afterwards, never looked up again in
 * the text. It keeps what exact exclusive canonicalisation needs (prefixes, declarations, comments) and nothing else.
 */

/** An attribute that is no namespace declaration. `ns` is empty without a prefix: the default namespace is not for attributes. */
export interface XmlAttribute {
  /** As it stands in the tag: prefix, colon, local name. */
  readonly written: string
  readonly prefix: string
  readonly local: string
  readonly ns: string
  readonly value: string
  /** Where it stands in the document's source, name, `=`, quotes included. */
  readonly from: number
  readonly to: number
}

/** `xmlns="…"` has the empty prefix; the empty `ns` undeclares the default namespace. */
export interface XmlDeclaration {
  readonly prefix: string
  readonly ns: string
}

/** Neighbouring text, character references and CDATA sections are one node. */
export interface XmlText {
  readonly kind: 'text'
  readonly value: string
}

export interface XmlComment {
  readonly kind: 'comment'
  readonly value: string
}

export interface XmlElement {
  readonly kind: 'element'
  /** As it stands in the tag: prefix, colon, local name. */
  readonly written: string
  readonly prefix: string
  readonly local: string
  readonly ns: string
  readonly attributes: readonly XmlAttribute[]
  readonly declarations: readonly XmlDeclaration[]
  readonly children: readonly XmlNode[]
  /** Of a decrypted element: the EncryptedAssertion that held it, so that namespaces resolve as if it stood there. */
  readonly parent: XmlElement | undefined
  /** Where it stands in its document's source: from `<` of the start tag to behind the end tag. */
  readonly from: number
  readonly to: number
}

export type XmlNode = XmlElement | XmlText | XmlComment

export interface XmlDocument {
  readonly root: XmlElement
  /** The root and every element below it, in document order. */
  readonly elements: readonly XmlElement[]
  /** The text as read, line ends normalised, without byte order mark: what `from` and `to` count in. */
  readonly source: string
}

export const isNamed = (node: XmlNode | undefined, ns: string, local: string): node is XmlElement =>
  node?.kind === 'element' && node.local === local && node.ns === ns

export function childElements(parent: XmlElement): XmlElement[] {
  return parent.children.filter(node => node.kind === 'element')
}

export function childrenNamed(parent: XmlElement, ns: string, local: string): XmlElement[] {
  return parent.children.filter(node => isNamed(node, ns, local))
}

/** @returns the first child of that name. Where a second one would matter, ask childrenNamed. */
export function childNamed(parent: XmlElement, ns: string, local: string): XmlElement | undefined {
  return parent.children.find(node => isNamed(node, ns, local))
}

/** @returns the value, or undefined when there is no such attribute. Without `ns` the attribute has no prefix. */
export function attribute(element: XmlElement, local: string, ns = ''): string | undefined {
  for (const each of element.attributes) if (each.local === local && each.ns === ns) return each.value
  return undefined
}

/** All text inside, in document order. A comment in the middle cuts nothing off (CVE-2017-11427 and its relatives). */
export function textOf(element: XmlElement): string {
  const only = element.children[0]
  if (element.children.length === 1 && only?.kind === 'text') return only.value
  let text = ''
  for (const node of element.children) {
    if (node.kind === 'text') text += node.value
    else if (node.kind === 'element') text += textOf(node) // as deep as the reader's cap allows
  }
  return text
}

/** The element and everything below it, in document order. */
export function elementsOf(root: XmlElement): XmlElement[] {
  const found: XmlElement[] = []
  const ahead: XmlElement[] = [root]
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    found.push(next)
    for (let i = next.children.length - 1; i >= 0; i--) {
      const node = next.children[i]!
      if (node.kind === 'element') ahead.push(node)
    }
  }
  return found
}

/** What a prefix means at this element; undefined when nothing declares it. The empty prefix is the default namespace. */
export function namespaceAt(element: XmlElement | undefined, prefix: string): string | undefined {
  for (let at = element; at !== undefined; at = at.parent) {
    const found = at.declarations.find(declaration => declaration.prefix === prefix)
    if (found !== undefined) return found.ns
  }
  return undefined
}

/** Every declaration in force at this element, the nearest one winning. */
export function scopeOf(element: XmlElement | undefined): Map<string, string> {
  const scope = new Map<string, string>()
  for (let at = element; at !== undefined; at = at.parent) {
    for (const { prefix, ns } of at.declarations) if (!scope.has(prefix)) scope.set(prefix, ns)
  }
  return scope
}
