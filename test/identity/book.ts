/** Books of Excel for the tests: as small as a book can be, and spoilt where a test wants it. */
import { strToU8, zipSync } from 'fflate'

/** Text, or the whole XML of a cell whose place is put in for `@`. */
type CellText = string | { readonly xml: string }

export interface SheetText {
  readonly title: string
  readonly rows?: readonly (readonly CellText[])[]
  /** In place of the rows: what stands inside `<worksheet>`. */
  readonly xml?: string
  readonly merged?: readonly string[]
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
/** A number; with style 1 it is shown as a day. */
export const number = (value: number | string, style = 0): CellText => ({
  xml: `<c r="@" s="${style}"><v>${value}</v></c>`,
})
export const raw = (xml: string): CellText => ({ xml })

function cellXml(cell: CellText, column: number, row: number): string {
  const at = `${column > 25 ? String.fromCharCode(64 + Math.floor(column / 26)) : ''}${String.fromCharCode(65 + (column % 26))}${row}`
  if (typeof cell !== 'string') return cell.xml.replace('@', at)
  return cell === '' ? '' : `<c r="${at}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`
}

function sheetXml({ rows = [], xml, merged = [] }: SheetText): string {
  const lines = rows.map(
    (cells, i) => `<row r="${i + 1}">${cells.map((cell, c) => cellXml(cell, c, i + 1)).join('')}</row>`,
  )
  const areas = merged.map(area => `<mergeCell ref="${area}"/>`).join('')
  const inside =
    xml ?? `<sheetData>${lines.join('')}</sheetData>${areas === '' ? '' : `<mergeCells>${areas}</mergeCells>`}`
  return `<worksheet xmlns="${MAIN}">${inside}</worksheet>`
}

/** The parts of a book by their paths. */
export function bookParts(...sheets: readonly SheetText[]): Record<string, Uint8Array> {
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets
      .map(({ title }, i) => `<sheet name="${escaped(title)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${RELATIONS}"><Relationship Id="st" Type="${OFFICE}/styles" Target="styles.xml"/>${sheets
      .map(
        (_, i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
      )
      .join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  }
  sheets.forEach((sheet, i) => (parts[`xl/worksheets/sheet${i + 1}.xml`] = sheetXml(sheet)))
  return Object.fromEntries(Object.entries(parts).map(([path, text]) => [path, strToU8(text)]))
}

export const book = (...sheets: readonly SheetText[]): Uint8Array => zipSync(bookParts(...sheets), { level: 1 })
