import { CsvError, parse } from 'csv-parse/sync'
import { tidy } from './names.js'
import { RosterFileError } from './roster-text.js'

const delimiters = [';', ',', '\t'] as const
export type Delimiter = (typeof delimiters)[number]

export interface TableRow {
  /** Where it begins in the file, counted from 1. */
  readonly line: number
  /** Tidied. */
  readonly cells: readonly string[]
}

export interface Table {
  readonly header: readonly string[]
  /** Without empty rows. */
  readonly rows: readonly TableRow[]
}

/** UTF-16 units in one record: an open quote swallows the rest of the file, and shall not swallow the memory. */
const MAX_RECORD = 100_000

/** @throws RosterFileError naming the line: a broken quote shifts everything behind it, so nothing of the file is believed */
export function readLines(text: string, maxRows: number): { delimiter: Delimiter; rows: readonly TableRow[] } {
  const declared = /^sep=([;,\t])\n/.exec(text)?.[1] as Delimiter | undefined // Excel's own mark
  const delimiter = declared ?? commonest(text)
  return { delimiter, rows: parseRows(declared ? text.replace(/^sep=.\n/, '\n') : text, delimiter, maxRows + 1) }
}

/**
 * @param headerRow line of the titles; without it the first that holds anything. What stands above is no part of the list.
 * @throws RosterFileError
 */
export function tableOf(rows: readonly TableRow[], headerRow?: number): Table {
  const at = headerRow === undefined ? 0 : rows.findIndex(row => row.line === headerRow)
  if (rows.length === 0) throw new RosterFileError('Файл пуст: в нём нет ни заголовка, ни строк.')
  if (at < 0) throw new RosterFileError(`Строка ${headerRow!} пуста, а по файлу соответствия в ней стоят заголовки.`)
  return { header: rows[at]!.cells, rows: rows.slice(at + 1) }
}

function parseRows(text: string, delimiter: Delimiter, max: number): TableRow[] {
  const rows: TableRow[] = []
  let lastLine = 0 // of the latest whole record
  const keep = (cells: string[], { lines }: { lines: number }): null => {
    if (cells.some(cell => cell.trim() !== '')) rows.push({ line: lastLine + 1, cells: cells.map(tidy) })
    if (rows.length > max) throw new RosterFileError(`В файле больше ${max - 1} строк. Разделите его по классам.`)
    lastLine = lines
    return null
  }
  try {
    parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      max_record_size: MAX_RECORD,
      on_record: keep,
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new RosterFileError(brokenQuote(error, lastLine + 1), { cause: error.code })
  }
  return rows
}

function brokenQuote(error: CsvError, line: number): string {
  const open = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
  const what = open ? 'открытая здесь кавычка " нигде не закрыта' : 'кавычка " стоит внутри ячейки не по правилам CSV'
  return `Строка ${line}: ${what}. Из файла ничего не взято. Уберите кавычку или удвойте её ("") и заключите всю ячейку в кавычки.`
}

/** The delimiter that the header uses most, outside quotes. */
function commonest(text: string): Delimiter {
  const header = text
    .trimStart()
    .split('\n', 1)[0]!
    .replace(/"[^"]*"/g, '')
  const count = (delimiter: Delimiter) => header.split(delimiter).length
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}
