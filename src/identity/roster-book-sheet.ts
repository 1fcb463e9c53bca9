/** What a reader of values cannot say of a sheet: how far it reaches, and which cells show something else than they hold. */
import { attribute, tags } from './roster-book-parts.js'
import { RosterFileError } from './roster-text.js'

export interface SheetFindings {
  /** Cells that hold an error, or a formula that nobody has calculated: `C5`. */
  readonly broken: readonly string[]
  /** Formulas with a value. */
  readonly formulas: readonly string[]
  /** Merged areas: `A2:A3`. */
  readonly merged: readonly string[]
}

/** The last row and columns of Excel. */
const LAST_ROW = 1_048_576
/** No list has more, and a single far cell makes every row as wide. */
const MAX_COLUMN = 200

/** @throws RosterFileError when the sheet reaches further than any list does */
export function examineSheet(xml: string | undefined, maxRows: number): SheetFindings | undefined {
  if (xml === undefined) return undefined
  const [broken, formulas]: [string[], string[]] = [[], []]
  let filled = 0
  let cell: Cell | undefined
  const end = () => {
    if (!cell) return
    if (cell.hasValue && ++filled > 0) checkReach(cell.at, maxRows)
    if (cell.isError || (cell.hasFormula && !cell.hasValue)) broken.push(cell.at)
    else if (cell.hasFormula) formulas.push(cell.at)
  }
  for (const tag of tags(xml, 'row|c|f|v|is')) {
    const name = /^<(?:[\w.-]+:)?(\w+)/.exec(tag)![1]
    if (name === 'row') checkRow(attribute(tag, 'r'))
    else if (name === 'c') {
      end()
      cell = newCell(tag)
    } else if (cell) {
      if (name === 'f') cell.hasFormula = true
      else cell.hasValue ||= !tag.endsWith('/>')
    }
  }
  end()
  return { broken, formulas, merged: Array.from(tags(xml, 'mergeCell'), tag => attribute(tag, 'ref') ?? '?') }
}

interface Cell {
  readonly at: string
  readonly isError: boolean
  hasFormula: boolean
  hasValue: boolean
}

const newCell = (tag: string): Cell => ({
  at: attribute(tag, 'r') ?? '?',
  isError: attribute(tag, 't') === 'e',
  hasFormula: false,
  hasValue: false,
})

function checkRow(number: string | undefined): void {
  if (number === undefined || (/^\d{1,7}$/.test(number) && Number(number) <= LAST_ROW)) return
  throw new RosterFileError('Книга Excel испорчена: у строки листа невозможный номер.')
}

function checkReach(at: string, maxRows: number): void {
  const [, letters, row] = /^([A-Z]{1,3})(\d{1,7})$/.exec(at) ?? []
  if (letters === undefined) throw new RosterFileError('Книга Excel испорчена: у ячейки листа невозможный адрес.')
  const column = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
  if (column > MAX_COLUMN)
    throw new RosterFileError(
      `Ячейка ${at} заполнена, а столбцов в списке не бывает больше ${MAX_COLUMN}. Очистите её.`,
    )
  if (Number(row) > maxRows + 100)
    throw new RosterFileError(
      `Ячейка ${at} заполнена, а строк в книге читается не больше ${maxRows}. Сохраните список как CSV.`,
    )
}
