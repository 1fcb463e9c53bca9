/**
 * SAML: how an answer becomes a person, and what we say to the IdP.
 * Does not touch: cookies, sessions, who the person is for a school.
 * Called by: login, web (through login), the command line.
 *
 * This file: our strict XML reader. A small subset of XML 1.0 (fifth edition) with Namespaces 1.0: no DTD, no processing
 * instructions, no entities but the five built in. One pass, linear in the text, no recursion over the depth. The document
 * is never quoted in a refusal: `line` and a fixed sentence must do.
 */
import { ns } from '../words/saml-names.js'
import { forbiddenAt, isSpace, resolveReferences } from './characters.js'
import {
  addChild,
  close,
  count,
  flushText,
  MESSAGE_LIMITS,
  refuse,
  skipSpace,
  type Reading,
  type ReaderLimits,
} from './reading.js'
import { readStartTag } from './start-tag.js'
import { scopeOf, type XmlDocument, type XmlElement } from './tree.js'

export interface ReaderOptions {
  readonly limits?: ReaderLimits
  /** The element that the text stands in: what it declares is in force here. */
  readonly within?: XmlElement
  /** IDs seen so far. Hand one set to several documents whose IDs must differ. */
  readonly ids?: Set<string>
}

/**
 * Reads a document, or with `within` an element that stood encrypted inside another one.
 *
 * @throws Refusal `saml.not-xml`, `saml.declaration`, `saml.doctype`, `saml.processing-instruction`, `saml.too-complex`,
 *   `saml.duplicate-id`
 */
export function readXml(text: string, options: ReaderOptions = {}): XmlDocument {
  const reading = startReading(normalised(text), options)
  const { text: source } = reading
  const bad = forbiddenAt(source)
  if (bad >= 0) refuse(reading, 'a character that XML forbids', bad)
  if (source.startsWith('<?xml') && isSpace(source.charCodeAt(5))) readDeclaration(reading)
  while (reading.at < source.length) {
    if (source.charCodeAt(reading.at) === LESS) readMarkup(reading)
    else readText(reading)
  }
  const root = reading.root
  if (root === undefined || reading.current !== undefined) refuse(reading, 'the document ends too early')
  return { root, elements: reading.elements, source }
}

const LESS = 0x3c
const SLASH = 0x2f
const GREATER = 0x3e
const AMPERSAND = 0x26
const BRACKET = 0x5d

/** Line ends as XML 1.0, 2.11 wants them. Two passes of the engine's own search: linear for any number of CR. */
function normalised(text: string): string {
  const start = text.startsWith('\uFEFF') ? text.slice(1) : text
  return start.includes('\r') ? start.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : start
}

function startReading(text: string, { limits = MESSAGE_LIMITS, within, ids = new Set() }: ReaderOptions): Reading {
  const scope = scopeOf(within).set('xml', ns.xml)
  const counters = { at: 0, depth: 0, nodes: 0, declarations: 0 }
  const empty = { root: undefined, current: undefined, pending: '' }
  return { text, limits, ids, scope, undo: [], within, elements: [], ...counters, ...empty }
}

const DECLARATION =
  /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.0\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])[uU][tT][fF]-8\2)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\3)?[ \t\n]*\?>$/

/** Version 1.0 and UTF-8, or nothing: whoever believed another encoding would read another document. */
function readDeclaration(reading: Reading): void {
  const end = reading.text.indexOf('?>') + 2
  const head = end > 1 && end <= 200 ? reading.text.slice(0, end) : ''
  if (!DECLARATION.test(head)) refuse(reading, 'version 1.0 and UTF-8 only', 0, 'saml.declaration')
  reading.at = end
}

function readText(reading: Reading): void {
  const { text, at, current } = reading
  let references = false
  let end = at
  for (let unit = text.charCodeAt(end); unit !== LESS && end < text.length; unit = text.charCodeAt(++end)) {
    if (current === undefined && !isSpace(unit)) refuse(reading, 'text outside the document', end)
    if (unit === AMPERSAND) references = true
    // what stands before a text ends with `>`: both brackets are of this text
    if (unit === GREATER && text.charCodeAt(end - 1) === BRACKET && text.charCodeAt(end - 2) === BRACKET)
      refuse(reading, ']]> in text')
  }
  const raw = text.slice(at, end)
  const value = references ? resolveReferences(raw) : raw
  if (value === undefined) refuse(reading, 'an unknown or malformed reference')
  if (current !== undefined) reading.pending += value
  reading.at = end
}

function readMarkup(reading: Reading): void {
  const { text, at } = reading
  const next = text.charCodeAt(at + 1)
  if (next === SLASH) readEndTag(reading)
  else if (next === 0x3f) refuse(reading, 'a processing instruction', at, 'saml.processing-instruction')
  else if (next !== 0x21) readStartTag(reading)
  else if (text.startsWith('<!--', at)) readComment(reading)
  else if (text.startsWith('<![CDATA[', at)) readCdata(reading)
  else if (text.startsWith('<!DOCTYPE', at)) refuse(reading, 'a document type declaration', at, 'saml.doctype')
  else refuse(reading, 'unknown markup')
}

function readComment(reading: Reading): void {
  const { text, at } = reading
  const end = text.indexOf('--', at + 4)
  if (end < 0 || text.charCodeAt(end + 2) !== GREATER) refuse(reading, 'a malformed comment')
  flushText(reading)
  count(reading)
  addChild(reading, { kind: 'comment', value: text.slice(at + 4, end) })
  reading.at = end + 3
}

function readCdata(reading: Reading): void {
  const { text, at } = reading
  const end = text.indexOf(']]>', at + 9)
  if (end < 0 || reading.current === undefined) refuse(reading, 'a misplaced or unfinished CDATA section')
  reading.pending += text.slice(at + 9, end)
  reading.at = end + 3
}

function readEndTag(reading: Reading): void {
  const { text, current } = reading
  flushText(reading)
  if (current === undefined) refuse(reading, 'an end tag without a start tag')
  const at = reading.at + 2
  if (!text.startsWith(current.written, at)) refuse(reading, 'an end tag that closes another element')
  reading.at = at + current.written.length
  skipSpace(reading)
  if (text.charCodeAt(reading.at) !== GREATER) refuse(reading, 'an end tag that closes another element')
  reading.at++
  close(reading, current)
}
