/** Files that are no table at all, or not the right one: nothing of them is taken, and a sentence says why. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { projectFile } from '../../src/base/project-file.js'
import { readCsvRoster, RosterFileError } from '../../src/identity/roster-import.js'
import { cp1251 } from './cp1251.js'
import { HEADER } from './roster-header.js'

const fixture = (name: string): Uint8Array => readFileSync(projectFile(`test/fixtures/rosters/${name}`))
const utf8 = (text: string): Uint8Array => Buffer.from(text)

describe('identity: files of which nothing can be believed', () => {
  const good = `${HEADER}\nivanova;родитель;Иванова;Мария;;;;;;;;`
  const files: readonly [string, Uint8Array, RegExp][] = [
    ['a quote that is never closed', fixture('broken-quote.csv'), /^Строка 3: открытая здесь кавычка .* Из файла ничего не взято/],
    ['a quote inside a cell', utf8(`${good}\nа"б;;;`), /^Строка 3: кавычка .* внутри ячейки/],
    ['text behind a closed quote', utf8(`${good}\n"а"б;;;`), /^Строка 3: кавычка/],
    ['a record without end', utf8(`${good}\n"${'x\n'.repeat(60_000)}`), /^Строка 3: открытая здесь кавычка/],
    ['nothing', utf8(''), /пуст/],
    ['white space', utf8('\ufeff \n\n'), /пуст/],
    ['empty cells', utf8(';;;\n;;;'), /пуст/],
    ['a header alone', utf8(HEADER), /ни одной учётной записи/],
    ['an old Excel book', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /97–2003/],
    ['a PDF', utf8('%PDF-1.7'), /PDF/],
    ['HTML under the name of a table', utf8('<html><table>'), /HTML/],
    ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), /не похож на текстовую таблицу/],
    ['UTF-8 with a broken letter', Buffer.concat([utf8(`${good}\nИванов`), Buffer.from([0xd0, 0x3b])]), /^Строка 3: файл записан в UTF-8/],
    ['two encodings glued', Buffer.concat([utf8(`${good}\n`), cp1251('Ия')]), /^Строка 3: файл записан в UTF-8/],
    ['a doubled column', utf8('Логин;Роль;ФИО;СНИЛС;снилс\n'), /«СНИЛС» и «снилс»/],
    ['a doubled meaning', utf8('ФИО;СНИЛС;ФИО родителя;ФИО родителя 1;Логин родителя\n'), /«ФИО родителя» и «ФИО родителя 1»/],
    ['no role', utf8('Логин;ФИО;СНИЛС\n'), /Не хватает столбцов: Роль\. В первой строке найдены: «Логин», «ФИО», «СНИЛС»/],
    ['no login', utf8('Роль;ФИО;СНИЛС\n'), /Не хватает столбцов: Логин\./],
    ['no СНИЛС', utf8('Логин;Роль;ФИО\n'), /Не хватает столбцов: СНИЛС\./],
    ['no name', utf8('Логин;Роль;Фамилия;СНИЛС\n'), /Не хватает столбцов: Фамилия и Имя/],
    ['a parent without a name', utf8('ФИО;СНИЛС;Логин родителя\n'), /Не хватает столбцов: ФИО родителя\./],
    ['no header', utf8('ivanova;родитель;Иванова Мария;90000000182\n'), /Не хватает столбцов/],
  ] // prettier-ignore
  for (const [what, bytes, sentence] of files) {
    it(`${what} -> ${sentence.source.slice(0, 40)}`, () => {
      expect(() => readCsvRoster(bytes)).to.throw(RosterFileError, sentence)
    })
  }

  it('is larger or longer than the caps', () => {
    expect(() => readCsvRoster(utf8(good), { maxBytes: 100 })).to.throw(RosterFileError, /больше 0 МБ/)
    const long = `${good}${'\nx;учитель;Ф;И;;;;;;;;'.repeat(10)}`
    expect(readCsvRoster(utf8(long), { maxRows: 11 }).rows).to.equal(11)
    expect(() => readCsvRoster(utf8(long), { maxRows: 10 })).to.throw(RosterFileError, /больше 10 строк/)
  })

  it('whatever bytes come, they end in a reading or a clear refusal', () => {
    const rows = fc.array(
      fc.array(fc.oneof(fc.constantFrom('родитель', '90000000182', '"', '=""', '31.05.2014', '701'), fc.string()), {
        maxLength: 14,
      }),
      { maxLength: 8 },
    )
    const text = rows.map(cells => utf8([HEADER, ...cells.map(row => row.join(';'))].join('\n')))
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), bytes => {
        try {
          readCsvRoster(bytes)
        } catch (error) {
          if (!(error instanceof RosterFileError)) throw error
        }
      }),
      { numRuns: 400 },
    ) // prettier-ignore
  })
})
