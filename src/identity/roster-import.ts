/** The school's list, as a file, into the roster. */
import type { Instant } from '../base/clock.js'
import type { SchoolCode } from '../words/school.js'
import type { ImportPlan, Roster, RosterRecord } from './roster.js'
import { isBook, readBook } from './roster-book.js'
import { readColumns } from './roster-columns.js'
import { mapped } from './roster-mapped.js'
import type { Mapping } from './roster-mapping.js'
import { checkLosses, RosterLosses } from './roster-losses.js'
import { mergeDrafts } from './roster-merge.js'
import { newRemarks, type RefusedRow } from './roster-remarks.js'
import { readRow } from './roster-rows.js'
import { readLines, tableOf, type Delimiter, type TableRow } from './roster-table.js'
import { readRosterText, RosterFileError, type RosterEncoding } from './roster-text.js'

export { RosterFileError, type RefusedRow }

/** How the file is written. */
type FileForm =
  | { readonly encoding: RosterEncoding; readonly delimiter: Delimiter }
  | { readonly encoding: 'xlsx'; readonly sheet: string }

export type RosterReading = FileForm & {
  readonly records: readonly RosterRecord[]
  /** In the order of the file. */
  readonly refused: readonly RefusedRow[]
  /** Rows with anything in them, the header and what the mapping skips not counted. */
  readonly rows: number
  /** Russian sentences: what was mended, left out, or will not work. */
  readonly warnings: readonly string[]
}

export interface ReadingOptions {
  readonly mapping?: Mapping
  /** Title of the sheet; counts more than the mapping's. */
  readonly sheet?: string
  /** Octets of the file. */
  readonly maxBytes?: number
  readonly maxRows?: number
}

const MAX_BYTES = 64 * 1024 * 1024
const MAX_ROWS = 200_000
/** A book needs five times the memory of a CSV. */
const MAX_BOOK_ROWS = 100_000

/**
 * Reads the file, CSV or XLSX, and judges every row of it; writes nothing.
 *
 * @throws RosterFileError when no row can be believed: neither CSV nor XLSX, a broken quote, columns missing or doubled
 */
export async function readRoster(file: Uint8Array, options: ReadingOptions = {}): Promise<RosterReading> {
  if (!isBook(file)) return readCsvRoster(file, options)
  const { mapping, sheet = mapping?.sheet, maxBytes = MAX_BYTES, maxRows = MAX_BOOK_ROWS } = options
  if (file.length > maxBytes)
    throw new RosterFileError(`Файл больше ${Math.floor(maxBytes / 1024 / 1024)} МБ. Разделите его по классам.`)
  const book = await readBook({
    octets: file,
    maxRows,
    ...(sheet !== undefined && { sheet }),
    ...(mapping?.headerRow !== undefined && { headerRow: mapping.headerRow }),
  })
  return judge(book.rows, { encoding: 'xlsx', sheet: book.sheet }, { mapping, said: book.warnings })
}

/** The same for CSV, at once. @throws RosterFileError */
export function readCsvRoster(file: Uint8Array, options: ReadingOptions = {}): RosterReading {
  const { text, encoding } = readRosterText(file, options.maxBytes ?? MAX_BYTES)
  const { delimiter, rows } = readLines(text, options.maxRows ?? MAX_ROWS)
  return judge(rows, { encoding, delimiter }, { mapping: options.mapping, said: [] })
}

interface Judging {
  readonly mapping: Mapping | undefined
  readonly said: readonly string[]
}

function judge(lines: readonly TableRow[], form: FileForm, { mapping, said }: Judging): RosterReading {
  const whole = tableOf(lines, mapping?.headerRow)
  const { header, rows, skipped } = mapping ? mapped(whole, mapping) : { ...whole, skipped: 0 }
  const columns = readColumns(header)

  const remarks = newRemarks()
  const drafts = rows.flatMap(row => readRow(row, columns, header.length, remarks))
  const records = mergeDrafts(drafts, remarks)
  const refused = remarks.refused.sort((a, b) => a.line - b.line)
  if (records.length === 0 && refused.length === 0) throw new RosterFileError('В файле нет ни одной учётной записи.')

  const ignored = columns.ignored.map(title => `«${title.slice(0, 40)}»`).join(', ')
  const warnings = [
    ...said,
    ...(ignored === '' ? [] : [`Столбцы не использованы: ${ignored}.`]),
    ...(skipped === 0 ? [] : [`По файлу соответствия пропущено строк: ${skipped}.`]),
    ...remarks.sentences(),
  ]
  return { ...form, records, refused, rows: rows.length, warnings }
}

export interface RosterImport {
  readonly reading: RosterReading
  /** Not there when rows were refused: what they would have changed is unknown. */
  readonly plan?: ImportPlan
  readonly written: boolean
  /** So many accounts would go missing that nothing is written unless the losses are accepted. */
  readonly stopped?: true
}

export interface ImportOrder extends ReadingOptions {
  readonly journal: string
  readonly school: SchoolCode
  readonly dryRun: boolean
  readonly now: Instant
  readonly acceptLosses?: boolean
  /** Hears where the work stands, in Russian. */
  readonly progress?: (what: string) => void
}

/** All or nothing: one refused row, or too many lost accounts, and the roster stays as it was. @throws RosterFileError */
export async function importRoster(
  roster: Pick<Roster, 'plan' | 'replace'>,
  file: Uint8Array,
  order: ImportOrder,
): Promise<RosterImport> {
  const { journal, school, dryRun, now, acceptLosses = false, progress = () => undefined } = order
  progress('Читаю файл…')
  const reading = await readRoster(file, order)
  if (reading.refused.length > 0) return { reading, written: false }
  const check = acceptLosses ? () => undefined : checkLosses
  progress('Сравниваю с прежним списком…')
  const wrote = (done: number, all: number) => progress(`Записываю: ${done} из ${all}`)
  try {
    if (!dryRun) {
      const plan = await roster.replace(journal, school, reading.records, { now, check, wrote })
      return { reading, plan, written: true }
    }
    const plan = await roster.plan(journal, school, reading.records)
    check(plan)
    return { reading, plan, written: false }
  } catch (error) {
    if (!(error instanceof RosterLosses)) throw error
    return { reading, plan: error.plan, written: false, stopped: true }
  }
}
