/** The mapping files that we give away, each with its sample list; and mappings that cannot be used. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { readCsvRoster, readRoster, RosterFileError, type RosterReading } from '../../src/identity/roster-import.js'
import { readMapping } from '../../src/identity/roster-mapping.js'
import { book } from './book.js'

const example = (name: string) => readFileSync(projectFile(`docs/examples/${name}`))
const mappingOf = (product: string) =>
  readMapping(example(`mapping-${product}.yaml`).toString(), `mapping-${product}.yaml`)

/** `login role children`, where a child is `id relation until`. */
const seen = ({ records }: RosterReading) =>
  records.map(({ login, role, children }) =>
    [login, role, ...children.map(child => [child.id, child.relation, child.until].filter(Boolean).join(' '))].join(
      ' | ',
    ),
  )

describe('identity: mapping files of journal products', () => {
  const products: Readonly<Record<string, readonly string[]>> = {
    sgo: ['СоколоваМ1 | parent | 501', 'СоколовИ | pupil', 'ЛебедеваО | teacher'],
    bars: ['u7001 | pupil', 'p7001 | parent | 7001 mother | 7002 mother', 'p7002 | parent | 7001 father'],
    dnevnik: [
      'ilya.sokolov | pupil',
      'marina.sokolova | parent | 1000000000501 mother',
      'andrey.sokolov | parent | 1000000000501 father',
      'anna.orlova | pupil',
      'nina.orlova | parent | 1000000000502 guardian 2027-05-31',
    ],
    eljur: ['sokolova_m | parent | 501 | 502', 'sokolov_i | pupil', 'lebedeva_o | class-teacher'],
    '1c': ['u501 | pupil', 'p501 | parent | 000000501 mother', 'p503 | parent | 000000501 relative 2026-12-31'],
  }

  it('every one of them is tried', () => {
    const files = readdirSync(projectFile('docs/examples')).filter(name => name.startsWith('mapping-'))
    expect(files).to.have.members(Object.keys(products).map(product => `mapping-${product}.yaml`))
  })

  for (const [product, expected] of Object.entries(products)) {
    it(`${product}: reads its sample, leaves out who has left, and refuses nobody`, async () => {
      const file = example(`list-${product}.csv`)
      const reading = readCsvRoster(file, { mapping: mappingOf(product) })
      expect(reading.refused).to.deep.equal([])
      expect(seen(reading)).to.deep.equal(expected)
      expect(reading.warnings.join('\n')).to.include('По файлу соответствия пропущено строк: 1.')

      const rows = file.toString().split('\n').map(line => line.split(product === 'dnevnik' ? ',' : ';')) // prettier-ignore
      const asBook = await readRoster(book({ title: 'TDSheet', rows }), { mapping: mappingOf(product) })
      expect(asBook.records, 'as a book of Excel').to.deep.equal(reading.records)
    })
  }

  it('fails without its mapping: the sample is no list of ours', () => {
    for (const product of ['sgo', '1c'])
      expect(() => readCsvRoster(example(`list-${product}.csv`)), product).to.throw(RosterFileError)
  })
})

describe('identity: a mapping', () => {
  const columns = { Логин: 'user', Роль: 'kind', ФИО: 'person', СНИЛС: 'number' }
  const file = Buffer.from(
    'user;kind;person;number;state\na;Педагог;Петров Пётр;;работает\nb;Гость;Иванов Иван;;ушёл\n',
  )
  const read = (mapping: object, octets = file) =>
    readCsvRoster(octets, { mapping: readMapping(JSON.stringify(mapping), 'm.yaml') })

  it('translates words, whatever their case, and leaves others to the usual ones', () => {
    const values = { Роль: { ПЕДАГОГ: 'классный руководитель', гость: 'учитель' } }
    expect(read({ columns, values }).records.map(({ role }) => role)).to.deep.equal(['class-teacher', 'teacher'])
    expect(read({ columns, values: { Роль: { гость: 'учитель' } } }).records[0]!.role).to.equal('teacher')
  })

  it('keeps rows that fit one of `only`, and drops those that fit one of `skip`', () => {
    const logins = (mapping: object) => read({ columns, values: { Роль: { Гость: 'учитель' } }, ...mapping }).records.map(({ login }) => login) // prettier-ignore
    expect(logins({ skip: [{ kind: 'гость' }] })).to.deep.equal(['a'])
    expect(logins({ skip: [{ kind: 'гость', state: 'работает' }] })).to.deep.equal(['a', 'b'])
    expect(logins({ only: [{ state: ['ушёл', 'уволен'] }] })).to.deep.equal(['b'])
    expect(logins({ only: [{ state: 'ушёл' }, { state: 'работает' }] })).to.deep.equal(['a', 'b'])
  })

  it('puts one value into every row', () => {
    const others = { Логин: 'user', ФИО: 'person', СНИЛС: 'number' }
    expect(read({ columns: others, fixed: { Роль: 'администратор' } }).records.map(({ role }) => role)).to.deep.equal(['school-admin', 'school-admin']) // prettier-ignore
  })

  it('still refuses a row that is longer than the header, under its own number', () => {
    const longer = Buffer.from('user;kind;person;number\na;учитель;Петров Пётр;;x\n')
    expect(read({ columns }, longer).refused).to.deep.equal([
      { line: 2, why: 'ячеек больше, чем столбцов: вероятно, внутри ячейки стоит разделитель' },
    ])
  })

  it('names what the file lacks, and may do without', () => {
    expect(() => read({ columns: { ...columns, Класс: 'class' } })).to.throw(RosterFileError, /называет файл соответствия: class\. Есть: «user», «kind»/) // prettier-ignore
    expect(read({ columns: { ...columns, Класс: 'class' }, optional: ['Класс'], skip: [{ kind: 'Гость' }] }).records).to.have.length(1) // prettier-ignore
    expect(() => read({ columns, skip: [{ gone: 'да' }] })).to.throw(RosterFileError, /gone/)
    const twice = Buffer.from('user;USER;kind;person;number\na;b;учитель;Петров Пётр;\n')
    expect(() => read({ columns }, twice)).to.throw(RosterFileError, /стоят в файле дважды: user/)
    expect(() => read({ columns, headerRow: 9 })).to.throw(RosterFileError, /Строка 9 пуста/)
  })

  const wrong: readonly [string, string, RegExp][] = [
    ['no YAML', 'columns: [', /^m\.yaml: это не YAML \(строка 1\)/],
    ['nothing', '', /^m\.yaml: файл: записано не так/],
    ['no columns', 'sheet: x', /columns: записано не так/],
    ['an unknown word', 'colums: {}\ncolumns: {}', /неизвестные слова colums; бывают sheet/],
    ['a column that is none of ours', 'columns: { Должность: x }', /columns → Должность: мост не знает такого столбца/],
    ['the same key twice', 'columns: { ФИО: x }\ncolumns: { ФИО: y }', /не YAML/],
    ['anchors that grow', `a: &a [x]\n${Array.from('bcdefgh', (key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(9)}]`).join('\n')}\ncolumns: { ФИО: x }`, /разрастаются/],
    ['an optional column without a source', 'columns: { ФИО: x }\noptional: [Класс]', /Класс: назовите сначала этот столбец/],
    ['a column twice', 'columns: { Роль: x }\nfixed: { Роль: ученик }', /Роль: стоит и в columns, и в fixed/],
  ] // prettier-ignore
  for (const [what, text, sentence] of wrong) {
    it(`with ${what} is refused`, () => {
      expect(() => readMapping(text, 'm.yaml')).to.throw(RosterFileError, sentence)
    })
  }
})
