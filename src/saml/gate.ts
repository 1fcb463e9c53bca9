/**
 * The gate: libxml2 parses a copy of its own and holds it against the OASIS schemas. Nothing is ever read from that copy;
 * it may only say no. What two independent parsers call well-formed, and a schema calls SAML, is worth judging.
 */
import { readdirSync, readFileSync } from 'node:fs'
import {
  ParseOption,
  XmlBufferInputProvider,
  xmlCleanupInputProvider,
  XmlDocument as ParsedCopy,
  xmlRegisterInputProvider,
  XmlLibError,
  XsdValidator,
} from 'libxml2-wasm'
import { projectFile } from '../base/project-file.js'
import { Refusal, type Facts } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import { scopeOf, type XmlDocument } from './tree.js'

const OPTIONS: ParseOption =
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_SKIP_IDS

interface Schemas {
  readonly validator: XsdValidator
  /** Names that the schemas define: the only ones that a refusal may repeat. */
  readonly elements: ReadonlySet<string>
}

let compiled: Schemas | undefined

/** Compiles the schemas (about 20 ms), once a process. Called at start, so that no login waits for it. */
export function warmUp(): void {
  compiled ??= compileSchemas()
}

/**
 * @throws Refusal `saml.schema` with the line and, when the schemas know it, the element; `saml.not-xml` when libxml2 reads
 *   no XML where we did; `saml.doctype`
 */
export function gate(document: XmlDocument): void {
  const { validator, elements } = (compiled ??= compileSchemas())
  let copy: ParsedCopy | undefined
  try {
    copy = ParsedCopy.fromBuffer(octetsOf(privateCopy(document)), { option: OPTIONS })
    if (copy.dtd !== null) throw new Refusal('saml.doctype')
    validator.validate(copy)
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    // the parser's own message may quote the document: it is dropped here
    throw new Refusal(copy === undefined ? 'saml.not-xml' : 'saml.schema', whereIn(error, elements))
  } finally {
    copy?.dispose()
  }
}

function compileSchemas(): Schemas {
  const folder = projectFile('metadata/schemas')
  const files: Record<string, Uint8Array> = {}
  const elements = new Set<string>()
  for (const name of readdirSync(folder).filter(each => each.endsWith('.xsd'))) {
    const file = readFileSync(`${folder}/${name}`)
    files[`schemas/${name}`] = file
    const elsewhere = ELSEWHERE[name]
    if (elsewhere !== undefined) files[elsewhere] = file
    for (const [, element] of file.toString('latin1').matchAll(/<(?:\w+:)?element\s+name=["'](\w+)["']/g))
      elements.add(element!)
  }
  return { validator: compile(files), elements }
}

/** Addresses by which the schemas name each other; nothing is fetched. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'xmldsig-core-schema.xsd': 'http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd',
  'xenc-schema.xsd': 'http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd',
  'xml.xsd': 'http://www.w3.org/2001/xml.xsd',
}

function compile(files: Readonly<Record<string, Uint8Array>>): XsdValidator {
  xmlRegisterInputProvider(new XmlBufferInputProvider(files))
  const driver = ParsedCopy.fromBuffer(files['schemas/saml.xsd']!, { url: 'schemas/saml.xsd' })
  try {
    return XsdValidator.fromDoc(driver)
  } finally {
    driver.dispose()
    xmlCleanupInputProvider()
  }
}

/**
 * The source without `xsi:type` on AttributeValue (honest IdPs write types that no schema knows) and without
 * `xsi:schemaLocation` (libxml2 would follow it); with the namespaces that are in force around a decrypted element.
 */
function privateCopy({ root, elements, source }: XmlDocument): string {
  const cuts: { from: number; to: number; put: string }[] = []
  if (root.parent !== undefined) {
    const at = root.from + 1 + root.written.length
    const own = new Set(root.declarations.map(each => each.prefix))
    const around = [...scopeOf(root.parent)].filter(([prefix]) => !own.has(prefix) && prefix !== 'xml')
    // names need no escaping: the reader refuses those that would
    cuts.push({
      from: at,
      to: at,
      put: around.map(([prefix, name]) => ` xmlns${prefix && ':'}${prefix}="${name}"`).join(''),
    })
  }
  for (const element of elements) {
    if (element.attributes.length === 0) continue
    const value = element.local === 'AttributeValue' && element.ns === ns.assertion
    for (const { local, ns: of, from, to } of element.attributes)
      if (of === ns.xsi && local !== 'nil' && (value || local !== 'type')) cuts.push({ from, to, put: '' })
  }
  return cuts.length === 0 ? source : spliced(source, cuts)
}

/** Octets of one message at a time; libxml2 copies them before the next one comes. */
const room = Buffer.allocUnsafeSlow(1024 * 1024)

/** UTF-8, written where the last message stood: libxml2-wasm takes octets several times faster than it takes a string. */
const octetsOf = (text: string): Uint8Array =>
  text.length * 3 <= room.length ? room.subarray(0, room.write(text)) : Buffer.from(text)

function spliced(source: string, cuts: readonly { from: number; to: number; put: string }[]): string {
  let text = ''
  let done = 0
  for (const { from, to, put } of cuts) {
    text += source.slice(done, from) + put
    done = to
  }
  return text + source.slice(done)
}

function whereIn({ details: [first] }: XmlLibError, elements: ReadonlySet<string>): Facts {
  if (first === undefined) return {}
  const element = /^Element '(?:\{[^}]*\})?(\w+)'/.exec(first.message)?.[1]
  return { line: first.line, ...(element !== undefined && elements.has(element) ? { element } : {}) }
}
