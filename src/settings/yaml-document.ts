import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
} from 'yaml'
import type { Path } from './problems.js'

/** The YAML as plain values that still know their lines. */
export interface YamlDocument {
  /** undefined when the text is not YAML or is empty. */
  readonly raw: unknown
  /** What makes it no YAML, or YAML that says something twice. */
  readonly faults: readonly { readonly line: number; readonly message: string }[]
  /** @returns the line of the key or list item at `path`; where that is missing, the line of what should hold it */
  readonly lineOf: (path: Path) => number
}

/** Aliases may not multiply a small file into a large one. */
const MOST_ALIASES = 100

export function openYaml(text: string): YamlDocument {
  const deep = lineTooDeep(text)
  if (deep !== undefined) {
    return {
      raw: undefined,
      faults: [{ line: deep, message: 'is nested deeper than any settings are' }],
      lineOf: () => 1,
    }
  }
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, version: '1.2' })
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line)
  const faults = worthTelling([...document.errors, ...document.warnings]).map(({ code, message, pos }) => ({
    line: lineAt(pos[0]),
    message: explained[code] ?? `is not valid YAML here: ${message}`,
  }))
  const broken = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')
  const lineOf = (path: Path) => lineAt(offsetOf(document, path))
  if (broken) return { raw: undefined, faults, lineOf }
  try {
    return { raw: document.toJS({ maxAliasCount: MOST_ALIASES }), faults, lineOf }
  } catch {
    const message = 'uses an alias that is not defined before it, or too many of them; write the values out'
    return { raw: undefined, faults: [...faults, { line: 1, message }], lineOf }
  }
}

/** Beyond these nobody reads on: the file is no YAML at all. */
const MOST_FAULTS = 20

/** After a tab the parser misunderstands what follows: then only the tabs are told. */
function worthTelling<Fault extends { readonly code: string }>(faults: readonly Fault[]): readonly Fault[] {
  const tabs = faults.filter(({ code }) => code === 'TAB_AS_INDENT')
  return (tabs.length > 0 ? tabs : faults).slice(0, MOST_FAULTS)
}

const DEEPEST = 100

/**
 * The parser recurses, and some thousand levels end the whole process. Brackets inside of texts count, too; nobody writes a
 * hundred of them without closing one.
 *
 * @returns the first line that is too deep
 */
function lineTooDeep(text: string): number | undefined {
  let depth = 0
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^(?:[ \t]|[-?](?=[ \t])){200}/.test(line)) return i + 1
    for (const sign of line) {
      if (sign === '[' || sign === '{') depth++
      if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1)
      if (depth > DEEPEST) return i + 1
    }
  }
  return undefined
}

const explained: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'this line is indented with a tab; YAML takes spaces only',
  DUPLICATE_KEY: 'this key stands twice in the same group; keep one of the two',
  MULTIPLE_DOCS: 'a second document begins here (a line `---`); keep one',
  TAG_RESOLVE_FAILED: 'tags (words that begin with `!`) are not used here; write a plain value',
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!isPair(pair)) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

const startOf = (node: unknown): number | undefined =>
  isNode(node) ? ((node as ParsedNode).range as ParsedNode['range'] | undefined)?.[0] : undefined
