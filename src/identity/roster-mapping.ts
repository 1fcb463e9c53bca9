/** A file that says how the list of one journal product is to be read: which of its columns is which of ours, and what its words mean. */
import { parseDocument, type Document } from 'yaml'
import * as z from 'zod'
import { isKnownTitle } from './roster-columns.js'
import { RosterFileError } from './roster-text.js'

const title = z.string().trim().min(1).max(200)
const ours = title.refine(
  isKnownTitle,
  'мост не знает такого столбца; наши столбцы названы в руководстве, раздел «Загрузить список школы»',
)
const condition = z.record(title, z.union([z.string().max(200), z.array(z.string().max(200)).min(1)]))

const schema = z.strictObject({
  sheet: title.optional(),
  headerRow: z.int().min(1).max(1_000).optional(),
  columns: z.record(ours, z.union([title, z.array(title).min(1).max(5)])),
  optional: z.array(ours).default([]),
  fixed: z.record(ours, title).default({}),
  values: z.record(ours, z.record(z.string(), z.coerce.string())).default({}),
  only: z.array(condition).default([]),
  skip: z.array(condition).default([]),
})

/**
 * `columns`: our title -> theirs; several of theirs are joined with a space. `optional`: of ours that a file may lack.
 * `fixed`: our title -> one value for all rows. `values`: our title -> their word -> ours. `only`, `skip`: rows that count, rows
 * that do not, by their own columns.
 */
export type Mapping = Readonly<z.output<typeof schema>>
/** All of its columns must hold one of their words. */
export type Condition = Readonly<z.output<typeof condition>>

/** @param name of the file, for the complaint @throws RosterFileError naming everything that is wrong */
export function readMapping(text: string, name: string): Mapping {
  const document = parseDocument(text, { uniqueKeys: true })
  const [broken] = document.errors
  if (broken) throw new RosterFileError(`${name}: это не YAML (${place(broken.linePos?.[0].line)}).`)
  const read = schema.safeParse(plain(document, name))
  if (read.success) return checked(read.data, name)
  const wrong = read.error.issues.map(issue => `${issue.path.join(' → ') || 'файл'}: ${inRussian(issue)}`)
  throw new RosterFileError(`${name}: ${wrong.join('; ')}.`)
}

function plain(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw new RosterFileError(`${name}: ссылки YAML (& и *) разрастаются или ведут в никуда.`, { cause })
  }
}

const place = (line: number | undefined): string => (line === undefined ? 'место неизвестно' : `строка ${line}`)

function checked(mapping: Mapping, name: string): Mapping {
  const known = new Set([...Object.keys(mapping.columns), ...Object.keys(mapping.fixed)])
  const strangers = [...mapping.optional, ...Object.keys(mapping.values)].filter(each => !known.has(each))
  if (strangers.length > 0)
    throw new RosterFileError(`${name}: ${strangers.join(', ')}: назовите сначала этот столбец в columns.`)
  const twice = Object.keys(mapping.fixed).filter(each => each in mapping.columns)
  if (twice.length > 0) throw new RosterFileError(`${name}: ${twice.join(', ')}: стоит и в columns, и в fixed.`)
  return mapping
}

function inRussian(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `неизвестные слова ${issue.keys.join(', ')}; бывают sheet, headerRow, columns, optional, fixed, values, only, skip`
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'такого названия не бывает'
    case 'custom':
      return issue.message
    default:
      return 'записано не так, как в примерах из docs/examples'
  }
}
