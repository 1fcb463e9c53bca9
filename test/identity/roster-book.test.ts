/** Lists as books of Excel, honest and hostile. */
import { expect } from 'chai'
import { strToU8, zipSync } from 'fflate'
import {
  readRoster,
  RosterFileError,
  type ReadingOptions,
  type RosterReading,
} from '../../src/identity/roster-import.js'
import { readMapping } from '../../src/identity/roster-mapping.js'
import { book, bookParts, number, raw, type SheetText } from './book.js'

const header = ['Логин', 'Роль', 'ФИО', 'СНИЛС', 'Дата рождения']
const ivanova = ['ivanova', 'родитель', 'Иванова Мария', '900-000-001 82', '31.05.1984']
const list = (...rows: NonNullable<SheetText['rows']>): SheetText => ({ title: 'Список', rows: [header, ...rows] })

async function refusal(octets: Uint8Array, options: ReadingOptions = {}): Promise<string> {
  try {
    await readRoster(octets, options)
  } catch (error) {
    expect(error).to.be.instanceOf(RosterFileError)
    return (error as Error).message
  }
  throw new Error('the book was read')
}

const complaints = ({ refused }: RosterReading) => refused.map(row => `${row.line} ${row.column ?? ''}: ${row.why}`)

describe('identity: the list as a book of Excel', () => {
  it('text, numbers without their zeros and days come out as in a CSV', async () => {
    const reading = await readRoster(
      book(
        list(
          ivanova,
          [],
          ['petrov', 'учитель', 'Петров Пётр', number(8765430300), number(41790, 1)],
          ['sidorov', 'учитель', 'Сидоров Иван', number('9.0000000283E10'), '2014-05-31'],
        ),
      ),
    )
    expect(complaints(reading)).to.deep.equal([])
    expect(reading).to.deep.include({ encoding: 'xlsx', sheet: 'Список', rows: 3 })
    expect(reading.records.map(({ login, snils, person }) => [login, snils, person.birthDate])).to.deep.equal([
      ['ivanova', '90000000182', '1984-05-31'],
      ['petrov', '08765430300', '2014-05-31'],
      ['sidorov', '90000000283', '2014-05-31'],
    ])
    expect(reading.warnings).to.deep.equal(['Таблица потеряла ведущие нули СНИЛС, они восстановлены: строка 4.'])
  })

  it('names rows as the sheet numbers them, and a day that is shown as a number', async () => {
    const reading = await readRoster(book(list([], ['petrov', 'учитель', 'Петров Пётр', '', number(41790)])))
    expect(complaints(reading)).to.have.length(1)
    expect(complaints(reading)[0]).to.match(/^3 Дата рождения: дата записана числом/)
  })

  it('takes what a formula showed, says so, and refuses one that nobody has calculated', async () => {
    const formula = raw('<c r="@" t="str"><f>"iva"&amp;"nova"</f><v>ivanova</v></c>')
    const shown = await readRoster(book(list([formula, ...ivanova.slice(1)])))
    expect(shown.records[0]!.login).to.equal('ivanova')
    expect(shown.warnings[0]).to.equal('В ячейках с формулами взято то, что таблица показывала при сохранении: A2.')
    for (const cell of [
      '<c r="@"><f>A1</f></c>',
      '<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c r="@"><f>A1</f><v/></c>',
    ])
      expect(await refusal(book(list([raw(cell), ...ivanova.slice(1)]))), cell).to.match(
        /^В ячейках A2 формула не вычислена/,
      )
  })

  it('refuses merged cells of the list, and lets those above it be', async () => {
    expect(await refusal(book({ ...list(ivanova, ivanova), merged: ['A2:A3'] }))).to.match(/объединены ячейки: A2:A3/)
    const titled = { title: 'Л', rows: [['Список школы'], header, ivanova], merged: ['A1:E1'] }
    expect(await refusal(book(titled))).to.match(/объединены ячейки: A1:E1/)
    const columns = Object.fromEntries(header.map(title => [title, title]))
    const mapping = readMapping(JSON.stringify({ headerRow: 2, columns }), 'm.yaml')
    expect((await readRoster(book(titled), { mapping })).records).to.have.length(1)
  })

  it('takes the only sheet that holds something, and asks when there are several', async () => {
    const [empty, second] = [{ title: 'Лист1' }, { title: 'Ещё', rows: [['заметка']] }]
    expect((await readRoster(book(empty, list(ivanova)))).records).to.have.length(1)
    const several = book(second, list(ivanova))
    expect(await refusal(several)).to.match(/несколько листов с данными: «Ещё», «Список»/)
    expect(await readRoster(several, { sheet: 'Список' })).to.deep.include({ sheet: 'Список', rows: 1 })
    expect(await refusal(several, { sheet: 'Нет' })).to.match(/нет листа «Нет». Есть: «Ещё», «Список»/)
    expect(await refusal(book(empty))).to.match(/ни на одном листе/)
  })

  describe('hostile books', () => {
    const row = (number: string, cell: string) => `<sheetData><row r="${number}">${cell}</row></sheetData>`
    const one = (xml: string) => book({ title: 'Л', xml })
    const hostile: readonly [string, () => Uint8Array, RegExp][] = [
      ['a bomb of 200 megabytes in one', () => zipSync({ ...bookParts(list(ivanova)), 'xl/bomb.xml': new Uint8Array(200 << 20) }, { level: 1 }), /заняла бы больше 192 МБ/],
      ['an archive of three thousand parts', () => zipSync(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`${i}.xml`, strToU8('x')])), { level: 0 }), /больше 2000 файлов/],
      ['a million rows', () => one(`<sheetData>${Array.from({ length: 1_000_000 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}"><v>1</v></c></row>`).join('')}</sheetData>`), /Ячейка A100101 заполнена, а строк в книге читается не больше 100000/],
      ['a row beyond Excel', () => one(row('999999999', '')), /невозможный номер/],
      ['a row beyond Excel in other quotes', () => one(row('1', '').replace('"1"', "'4000000000'")), /невозможный номер/],
      ['a column far out', () => one(row('1', '<c r="XFD1"><v>1</v></c>')), /Ячейка XFD1 заполнена/],
      ['a column beyond Excel', () => one(row('1', '<c r="ZZZZZZ1"><v>1</v></c>')), /невозможный адрес/],
      ['cells out of order', () => one(row('1', '<c r="B1"><v>1</v></c><c r="A1"><v>1</v></c>')), /испорчена/],
      ['a string that is not there', () => one(row('1', '<c r="A1" t="s"><v>7</v></c>')), /испорчена/],
      ['XML that breaks off', () => one('<sheetData><row r="1"><c r="A1"'), /пуста|испорчена/],
      ['a cut archive', () => book(list(ivanova)).slice(0, 400), /Архив испорчен/],
      ['an archive of something else', () => zipSync({ 'content.xml': strToU8('<office/>') }), /не книга Excel/],
      ['a workbook without its sheet', () => { const parts = bookParts(list(ivanova)); delete parts['xl/worksheets/sheet1.xml']; return zipSync(parts) }, /испорчена/],
    ] // prettier-ignore
    for (const [what, make, sentence] of hostile) {
      it(`${what} -> ${sentence.source.slice(0, 40)}`, async () => {
        const octets = make()
        const before = process.memoryUsage().rss
        expect(await refusal(octets)).to.match(sentence)
        expect(process.memoryUsage().rss - before, 'memory').to.be.below(1.5 * 2 ** 30)
      })
    }

    it('is larger than the cap', async () => {
      expect(await refusal(book(list(ivanova)), { maxBytes: 100 })).to.match(/больше 0 МБ/)
    })
  })
})
