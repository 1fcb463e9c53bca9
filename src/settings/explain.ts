/** From what zod finds to sentences for the person who wrote the file. */
import * as z from 'zod'
import { nearMiss } from './near-miss.js'
import { type Path, printPath } from './problems.js'
import { allowedBy, bare, elementOf, membersOf, notesOf, printLine, schemaAt } from './walk.js'

/** A problem that does not know its line yet. */
export interface Finding {
  readonly path: Path
  readonly message: string
  readonly example?: string
}

export interface Judged {
  readonly schema: z.ZodType
  /** What was written, as `schema` got it. */
  readonly raw: unknown
  /** Where in the file `raw` stands. */
  readonly under: Path
  /** Keys that may stand here but belong to another schema. */
  readonly alsoKnown?: readonly string[]
}

export function explain(issues: readonly z.core.$ZodIssue[], judged: Judged): readonly Finding[] {
  const found = issues.flatMap(issue => explainOne(issue, judged))
  // A misspelt key is one problem, not two: the right one is missing only because of it.
  const meant = new Set(found.map(({ instead }) => instead))
  return found.filter(({ missing, path }) => !missing || !meant.has(printPath(path)))
}

interface Told extends Finding {
  readonly missing?: boolean
  readonly instead?: string
}

function explainOne(issue: z.core.$ZodIssue, judged: Judged): readonly Told[] {
  const inside = issue.path.map(step => (typeof step === 'number' ? step : String(step)))
  const path = [...judged.under, ...inside]
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, inside, judged))
  const schema = schemaAt(judged.schema, inside)
  const value = valueAt(judged.raw, inside)
  const example = schema && exampleOf(inside, schema, judged.schema)
  const shown = example === undefined ? {} : { example }
  if (value === undefined) {
    const about = schema && notesOf(schema).about
    return [{ path, message: `is missing${about === undefined ? '' : `. ${about}`}`, ...shown, missing: true }]
  }
  if (typeof value === 'string' && schema && takesSecretRef(schema)) return [{ path, message: NO_SECRET_HERE }]
  if (issue.code === 'custom' && issue.message !== 'Invalid input') return [{ path, message: issue.message }]
  return [{ path, message: `must be ${whatIsAllowed(schema, issue)}${hint(value, schema)}`, ...shown }]
}

const NO_SECRET_HERE =
  'must be `{ file: … }` or `{ env: … }`. A secret never stands in this file, which is copied, mailed and committed; if it is a real one, make a new one'

function whatIsAllowed(schema: z.ZodType | undefined, issue: z.core.$ZodIssue): string {
  if (!schema) return issue.message
  const allowed = allowedBy(schema)
  if (allowed !== undefined) return allowed
  const members = membersOf(schema)
  if (members.length > 0) return `a group of settings: ${members.map(([key]) => key).join(', ')}`
  return `something else: ${issue.message}. ${notesOf(schema).about ?? ''}`.trim()
}

function hint(value: unknown, schema: z.ZodType | undefined): string {
  if (value === null) return '; there is nothing after the colon'
  const only = schema && bare(schema)
  if (only instanceof z.ZodEnum && typeof value === 'string') {
    const meant = nearMiss(value, only.options.map(String))
    return meant === undefined ? '' : `. Did you mean ${meant}?`
  }
  const takesText = only instanceof z.ZodString || only instanceof z.ZodUnion
  return takesText && typeof value === 'number' ? '; put it in quotes, or leading zeros get lost' : ''
}

function unknownKey(key: string, inside: Path, { schema, under, alsoKnown = [] }: Judged): Told {
  const path = [...under, ...inside, key]
  const group = schemaAt(schema, inside)
  const members = [...(group ? membersOf(group).map(([name]) => name) : []), ...alsoKnown]
  const meant = nearMiss(key, members)
  if (meant !== undefined) {
    const instead = printPath([...under, ...inside, meant])
    return { path, message: `is not a setting. Did you mean ${meant}?`, instead }
  }
  const elsewhere = placesOf(key, schema)
  const whole = `Known here: ${members.join(', ')}`
  return {
    path,
    message: `is not a setting here. ${elsewhere.length > 0 ? `It belongs under ${elsewhere[0]!}` : whole}`,
  }
}

/** @returns the groups in which this key is a setting */
function placesOf(key: string, schema: z.ZodType, at: Path = []): readonly string[] {
  const element = elementOf(schema)
  if (element) return placesOf(key, element, at)
  return membersOf(schema).flatMap(([name, member]) => {
    const here = name === key ? [at.length === 0 ? 'the top level' : printPath(at)] : []
    return [...here, ...placesOf(key, member, [...at, name])]
  })
}

/** A line of YAML that would be right; of a list item, the whole list. */
export function exampleOf(path: Path, schema: z.ZodType, root: z.ZodType): string | undefined {
  const key = path.findLast(step => typeof step === 'string')
  const { example } = notesOf(schema)
  if (key === undefined || example === undefined) return undefined
  const inList = typeof path.at(-1) === 'number'
  const list = inList ? schemaAt(root, path.slice(0, -1)) : undefined
  const shown = list ? (notesOf(list).example ?? [example]) : example
  return printLine(key, shown)
}

function takesSecretRef(schema: z.ZodType): boolean {
  const only = bare(schema)
  if (only instanceof z.ZodUnion) return (only.options as z.ZodType[]).some(takesSecretRef)
  return membersOf(only).some(([key]) => key === 'file' || key === 'env')
}

export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined,
    raw,
  )
}
