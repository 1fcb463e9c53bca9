/** Start tags: names, attributes, namespaces, IDs (Namespaces in XML 1.0; XML 1.0, 3.1 and 3.3.3). */
import { ns } from '../words/saml-names.js'
import { nameEnd, resolveReferences } from './characters.js'
import { knownNameAt, knownNamespace, qualifiedName, type QualifiedName } from './known-names.js'
import { addChild, close, count, flushText, NONE, refuse, skipSpace, withOneMore, type Open, type Reading } from './reading.js' // prettier-ignore
import type { XmlAttribute, XmlElement } from './tree.js'

const SLASH = 0x2f
const GREATER = 0x3e
const EQUALS = 0x3d
const COLON = 0x3a
const LESS = 0x3c
const AMPERSAND = 0x26

/** Reads `<name …>` or `<name …/>` and stands behind it. */
export function readStartTag(reading: Reading): void {
  const { at, current } = reading
  flushText(reading)
  count(reading)
  if (current === undefined && reading.root !== undefined) refuse(reading, 'a second document element')
  if (++reading.depth > reading.limits.depth) refuse(reading, 'too many levels', at, 'saml.too-complex')
  reading.at = at + 1
  const { written, prefix, local } = readName(reading)
  const element: Open = {
    kind: 'element', written, prefix, local, ns: '', attributes: NONE, declarations: NONE, children: NONE,
    parent: current ?? (reading.within), from: at, to: at,
  } // prettier-ignore
  const empty = readAttributes(reading, element)
  resolveNames(reading, element)
  reading.root ??= element
  reading.elements.push(element)
  addChild(reading, element)
  reading.current = element
  if (empty) close(reading, element)
}

function readName(reading: Reading): QualifiedName {
  const name = knownNameAt(reading.text, reading.at) ?? readNewName(reading)
  reading.at += name.written.length
  return name
}

function readNewName(reading: Reading): QualifiedName {
  const { text, at } = reading
  const end = nameEnd(text, at)
  if (end === at) refuse(reading, 'a name was expected')
  if (text.charCodeAt(end) !== COLON) return qualifiedName(text, at, at, end)
  const last = nameEnd(text, end + 1)
  if (last === end + 1 || text.charCodeAt(last) === COLON) refuse(reading, 'a malformed qualified name', end)
  return qualifiedName(text, at, end, last)
}

/** @returns whether the element is empty, written `<a/>` */
function readAttributes(reading: Reading, element: Open): boolean {
  const { text, limits } = reading
  for (let number = 0; ; number++) {
    const spaced = skipSpace(reading)
    const next = text.charCodeAt(reading.at)
    if (next === GREATER) return ended(reading, 1)
    if (next === SLASH && text.charCodeAt(reading.at + 1) === GREATER) return ended(reading, 2)
    if (!spaced) refuse(reading, 'a malformed start tag')
    if (number >= limits.attributes) refuse(reading, 'too many attributes', reading.at, 'saml.too-complex')
    readAttribute(reading, element)
  }
}

/** @returns whether the tag was an empty one: two characters, not one, end it */
function ended(reading: Reading, characters: 1 | 2): boolean {
  reading.at += characters
  return characters === 2
}

function readAttribute(reading: Reading, element: Open): void {
  const from = reading.at
  const { written, prefix, local } = readName(reading)
  skipSpace(reading)
  if (reading.text.charCodeAt(reading.at) !== EQUALS) refuse(reading, 'an attribute without a value')
  reading.at++
  skipSpace(reading)
  const value = readValue(reading)
  if (prefix === 'xmlns') declare(reading, element, local, value)
  else if (prefix === '' && local === 'xmlns') declare(reading, element, '', value)
  else
    element.attributes = withOneMore(element.attributes, {
      written,
      prefix,
      local,
      ns: '',
      value,
      from,
      to: reading.at,
    })
}

function readValue(reading: Reading): string {
  const { text, at } = reading
  const quote = text.charCodeAt(at)
  if (quote !== 0x22 && quote !== 0x27) refuse(reading, 'an attribute value without quotes')
  let plain = true
  let end = at + 1
  for (let unit = text.charCodeAt(end); unit !== quote; unit = text.charCodeAt(++end)) {
    if (unit === LESS) refuse(reading, '< in an attribute value')
    if (end >= text.length) refuse(reading, 'an attribute value without an end')
    if (unit === AMPERSAND || unit < 0x20) plain = false
  }
  reading.at = end + 1
  const raw = text.slice(at + 1, end)
  return plain ? raw : normalisedValue(reading, raw)
}

/** XML 1.0, 3.3.3: literal white space becomes a space, a character reference stays what it names. */
function normalisedValue(reading: Reading, raw: string): string {
  const value = resolveReferences(raw.replace(/[\t\n]/g, ' '))
  if (value === undefined) refuse(reading, 'an unknown or malformed reference')
  return value
}

/** Namespaces 1.0, 2.2 and 3; besides, names that canonicalisers are known to write differently. */
function declare(reading: Reading, element: Open, prefix: string, name: string): void {
  if (++reading.declarations > reading.limits.declarations)
    refuse(reading, 'too many namespace declarations', reading.at, 'saml.too-complex')
  for (const each of element.declarations) if (each.prefix === prefix) refuse(reading, 'a prefix declared twice')
  if (prefix === 'xmlns' || (prefix === 'xml') !== (name === ns.xml) || name === ns.xmlns)
    refuse(reading, 'xml or xmlns rebound')
  const known = knownNamespace(name)
  if (known === undefined && (name === '' ? prefix !== '' : !isAbsoluteName(name)))
    refuse(reading, 'an empty, relative or odd namespace name')
  element.declarations = withOneMore(element.declarations, { prefix, ns: known ?? name })
  reading.undo.push({ prefix, before: reading.scope.get(prefix) })
  reading.scope.set(prefix, known ?? name)
}

/** A scheme and a colon, and none of the characters that would have to be escaped. Cut first: the search stays linear. */
const isAbsoluteName = (name: string): boolean =>
  /^[A-Za-z][A-Za-z0-9+.-]{0,60}:/.test(name.slice(0, 64)) && !/[\s&<>"'{}|\\^`]/.test(name)

function resolveNames(reading: Reading, element: Open): void {
  element.ns = resolve(reading, element.prefix) ?? ''
  const { attributes } = element
  for (let i = 0; i < attributes.length; i++) {
    const named = attributes[i]!
    if (named.prefix !== '') named.ns = resolve(reading, named.prefix)!
    for (let k = 0; k < i; k++)
      if (attributes[k]!.local === named.local && attributes[k]!.ns === named.ns)
        refuse(reading, 'the same attribute twice')
    if (ID_NAMES.has(named.local)) noteId(reading, element, named)
  }
}

function resolve(reading: Reading, prefix: string): string | undefined {
  const name = reading.scope.get(prefix)
  if (prefix !== '' && name === undefined) refuse(reading, 'an undeclared prefix')
  return name
}

const ID_NAMES = new Set(['ID', 'Id', 'id'])

/**
 * IDs are unique. Other vocabularies may use the names as they like and repeat their values, but none of ours: there are
 * verifiers that look a reference up by the name of the attribute alone, and would find another element than we do.
 */
function noteId(reading: Reading, element: XmlElement, { prefix, local, value }: XmlAttribute): void {
  const { ids } = reading
  const own = isId(element, prefix, local)
  const theirs = `\0${value}` // no value holds a NUL
  if (ids.has(value) || (own && ids.has(theirs))) refuse(reading, 'the same ID twice', reading.at, 'saml.duplicate-id')
  ids.add(own ? value : theirs)
}

/** saml-core 1.3.4, xmldsig-core 4.1. Other vocabularies may use the name as they like, except xml:id. */
const isId = (element: XmlElement, prefix: string, local: string): boolean =>
  prefix === ''
    ? (local === 'ID' || local === 'Id') && ID_VOCABULARIES.has(element.ns)
    : prefix === 'xml' && local === 'id'

const ID_VOCABULARIES = new Set<string>([ns.protocol, ns.assertion, ns.metadata, ns.ds, ns.dsig11, ns.xenc, ns.xenc11])
