/** The other side of roster-book.ts: answers one question and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import readXlsxFile, { type Sheet } from 'read-excel-file/universal'
import type { BookQuestion, BookReply } from './roster-book.js'
import { unpackBook } from './roster-book-parts.js'
import { examineSheet, type SheetFindings } from './roster-book-sheet.js'
import { tidy } from './names.js'
import { RosterFileError } from './roster-text.js'

const BROKEN = 'Книга Excel испорчена. Откройте её, сохраните заново (.xlsx или «CSV UTF-8») и повторите.'

parentPort!.postMessage(await answer(workerData as BookQuestion))

async function answer(question: BookQuestion): Promise<BookReply> {
  try {
    return await read(question)
  } catch (error) {
    if (error instanceof RosterFileError) return { problem: error.message }
    // a text or a stack that is too large
    if (error instanceof RangeError) return { problem: BROKEN }
    throw error
  }
}

/** Whatever the library stumbles over is the book's fault: it was given nothing else. */
async function valuesOf(plain: ArrayBuffer): Promise<Sheet[]> {
  try {
    return await readXlsxFile(plain)
  } catch (cause) {
    throw new RosterFileError(BROKEN, { cause })
  }
}

async function read({ octets, sheet: wanted, maxRows, headerRow = 1 }: BookQuestion): Promise<BookReply> {
  const { plain, sheets } = unpackBook(octets)
  const findings = sheets.map(xml => examineSheet(xml, maxRows))
  const read = await valuesOf(plain)
  const names = read.map(({ sheet }) => sheet)
  const filled = read.flatMap(({ data }, i) => (data.some(row => row.some(cell => cell !== null)) ? [i] : []))
  const chosen = choose(names, filled, wanted)
  return {
    sheet: names[chosen]!,
    rows: read[chosen]!.data.flatMap((cells, i) =>
      cells.some(cell => cell !== null) ? [{ line: i + 1, cells: cells.map(textOf) }] : [],
    ),
    warnings: judge(findings[chosen], headerRow),
  }
}

/** @throws RosterFileError naming the sheets that there are */
function choose(names: readonly string[], filled: readonly number[], wanted: string | undefined): number {
  const listed = (which: readonly string[]) => which.map(name => `«${name.slice(0, 40)}»`).join(', ')
  if (wanted !== undefined) {
    const found = names.indexOf(wanted)
    if (found >= 0) return found
    throw new RosterFileError(`В книге нет листа «${wanted}». Есть: ${listed(names)}.`)
  }
  const [only, ...others] = filled
  if (only === undefined) throw new RosterFileError('Книга пуста: ни на одном листе ничего нет.')
  if (others.length === 0) return only
  throw new RosterFileError(
    `В книге несколько листов с данными: ${listed(filled.map(i => names[i]!))}. Назовите нужный: --sheet ИМЯ, ` +
      'или sheet в файле соответствия.',
  )
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.valueOf()) ? '#ДАТА' : cell.toISOString().slice(0, 10)
  if (typeof cell === 'boolean') return cell ? 'да' : 'нет'
  return tidy(typeof cell === 'number' ? String(cell) : (cell as string))
}

/** @throws RosterFileError when a cell shows something else than what is read of it */
function judge(found: SheetFindings | undefined, headerRow: number): string[] {
  if (!found) throw new RosterFileError('Книга Excel испорчена: листа, который она называет, в ней нет.')
  const listed = (cells: readonly string[]) =>
    cells.slice(0, 10).join(', ') + (cells.length > 10 ? ` и ещё ${cells.length - 10}` : '')
  const merged = found.merged.filter(area => Number(/(\d+)$/.exec(area)?.[1] ?? headerRow) >= headerRow)
  if (merged.length > 0)
    throw new RosterFileError(
      `В таблице объединены ячейки: ${listed(merged)}. Снимите объединение и впишите значение в каждую строку.`,
    )
  if (found.broken.length > 0)
    throw new RosterFileError(
      `В ячейках ${listed(found.broken)} формула не вычислена или даёт ошибку. Откройте книгу, исправьте, сохраните и повторите.`,
    )
  if (found.formulas.length === 0) return []
  return [`В ячейках с формулами взято то, что таблица показывала при сохранении: ${listed(found.formulas)}.`]
}
