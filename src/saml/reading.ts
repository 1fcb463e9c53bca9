/** Where the reader stands, and what it may not exceed. */
import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import { isSpace } from './characters.js'
import type { XmlAttribute, XmlDeclaration, XmlElement, XmlNode } from './tree.js'

export interface ReaderLimits {
  readonly depth: number
  /** Elements, texts and comments. */
  readonly nodes: number
  /** Of one element, namespace declarations included. */
  readonly attributes: number
  /** Namespace declarations of the whole document. Shibboleth repeats `xmlns:xsi` on each AttributeValue. */
  readonly declarations: number
}

/** Of one message: an honest one has about 100 nodes and 12 levels, and at most a declaration or two a value. */
export const MESSAGE_LIMITS: ReaderLimits = { depth: 64, nodes: 20_000, attributes: 64, declarations: 4_096 }
/** Of a metadata file: federations publish thousands of entities in one. */
export const METADATA_LIMITS: ReaderLimits = { depth: 64, nodes: 4_000_000, attributes: 64, declarations: 200_000 }

/** An element under construction; nobody outside sees it before it is finished. */
export interface Open extends XmlElement {
  attributes: readonly OpenAttribute[]
  declarations: readonly XmlDeclaration[]
  children: readonly XmlNode[]
  readonly parent: Open | undefined
  prefix: string
  ns: string
  to: number
}

/** Its prefix is resolved when the whole start tag has been read. */
export interface OpenAttribute extends XmlAttribute {
  ns: string
}

export interface Reading {
  readonly text: string
  readonly limits: ReaderLimits
  readonly ids: Set<string>
  /** Every prefix in force at the place that is read. */
  readonly scope: Map<string, string>
  /** What the scope held before each open element: taken back at its end tag. */
  readonly undo: { readonly prefix: string; readonly before: string | undefined }[]
  readonly within: XmlElement | undefined
  /** Every element so far, in document order. */
  readonly elements: XmlElement[]
  at: number
  depth: number
  nodes: number
  declarations: number
  root: Open | undefined
  current: Open | undefined
  /** Text since the last tag or comment. */
  pending: string
}

export function refuse(reading: Reading, what: string, at = reading.at, code: RefusalCode = 'saml.not-xml'): never {
  let line = 1
  for (let end = reading.text.indexOf('\n'); end >= 0 && end < at; end = reading.text.indexOf('\n', end + 1)) line++
  throw new Refusal(code, { what, line })
}

export function count(reading: Reading): void {
  if (++reading.nodes > reading.limits.nodes) refuse(reading, 'too many nodes', reading.at, 'saml.too-complex')
}

export function flushText(reading: Reading): void {
  if (reading.pending === '') return
  count(reading)
  addChild(reading, { kind: 'text', value: reading.pending })
  reading.pending = ''
}

/** What has none of something has this: most elements declare nothing, many have no attribute or no child. */
export const NONE: readonly never[] = []

/** A list of one needs no room for more, and most lists are of one: an empty array to push into takes seventeen places. */
export function withOneMore<T>(list: readonly T[], one: T): readonly T[] {
  if (list.length === 0) return [one]
  ;(list as T[]).push(one) // made here, and nobody outside has seen it
  return list
}

export function addChild({ current }: Reading, node: XmlNode): void {
  if (current !== undefined) current.children = withOneMore(current.children, node)
}

export function close(reading: Reading, element: Open): void {
  element.to = reading.at
  for (let i = element.declarations.length; i > 0; i--) {
    const { prefix, before } = reading.undo.pop()!
    if (before === undefined) reading.scope.delete(prefix)
    else reading.scope.set(prefix, before)
  }
  reading.current = element === reading.root ? undefined : element.parent
  reading.depth--
}

export function skipSpace(reading: Reading): boolean {
  const before = reading.at
  while (isSpace(reading.text.charCodeAt(reading.at))) reading.at++
  return reading.at > before
}
