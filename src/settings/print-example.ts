/** Prints bridge.example.yaml from the schema: what is written about a setting as comment, its example as value. */
import type * as z from 'zod'
import { connectorKinds, connectorSchema } from './connectors.js'
import { bridgeYaml } from './schema.js'
import { allowedBy, defaultOf, elementOf, isOptional, membersOf, notesOf, printLine } from './walk.js'

const HEAD = `# Settings of the bridge. Copy this file to bridge.yaml and change what is yours.
# It is printed from src/settings/schema.ts by \`node scripts/print-docs.js\`; docs/configuration.md holds the same as tables.
# Durations look like 90s, 10m, 8h or 7d. A line \`#key: value\` shows a setting that may be left out.
`
const WIDTH = 118

export const printExample = (): string =>
  `${HEAD}${membersOf(bridgeYaml)
    .map(([key, schema]) => `\n${printMember(key, schema).join('\n')}\n`)
    .join('')}`

function printMember(key: string, schema: z.ZodType, asComment = isOptional(schema)): readonly string[] {
  const { example, inFull } = notesOf(schema)
  const comment = printComment(schema)
  const element = inFull && elementOf(schema)
  if (element) return [...comment, `${key}:`, ...asItem(printMembers(membersOf(element)))]
  if (key === 'connector') return [...comment, `${key}:`, ...indented(printMembers(connectorMembers(schema)))]
  const members = membersOf(schema)
  if (members.length > 0 && example === undefined) return [...comment, `${key}:`, ...indented(printMembers(members))]
  const line = printLine(key, example)
  const simple = typeof example !== 'object' || Array.isArray(example)
  return [...comment, asComment && simple ? `#${line}` : line]
}

/** What may be left out is shown as a comment, but not a whole group: an empty one would be an error. */
function printMembers(members: ReturnType<typeof membersOf>): readonly string[] {
  const nothingElse = members.every(([, schema]) => isOptional(schema))
  return members.flatMap(([key, schema]) => printMember(key, schema, isOptional(schema) && !nothingElse))
}

const connectorMembers = (schema: z.ZodType) => {
  const block = connectorSchema(connectorKinds[0]!)
  return [...membersOf(schema), ...(block ? membersOf(block) : [])]
}

function printComment(schema: z.ZodType): readonly string[] {
  const { about = '' } = notesOf(schema)
  const allowed = allowedBy(schema)
  const usual = defaultOf(schema)
  const more = [
    ...(allowed === undefined || plain.has(allowed) ? [] : [`Allowed: ${allowed}.`]),
    ...(isShort(usual) ? [`Default: ${usual}.`] : []),
  ]
  return [...wrap(about), ...wrap(more.join(' '))].map(line => `# ${line}`)
}

/** Whatever the example shows well enough. */
const plain = new Set(['one line of text', 'true or false', 'an e-mail address', 'the path of a PEM file'])

function wrap(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.filter(line => line !== '')
}

const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`)

/** One item of a list: the dash stands before its first setting, comments before the dash. */
function asItem(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex(line => !line.startsWith('#'))
  return lines.map((line, i) => (i === first ? `  - ${line}` : `    ${line}`))
}

const isShort = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)
