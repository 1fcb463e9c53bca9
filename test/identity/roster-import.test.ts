import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { projectFile } from '../../src/base/project-file.js'
import { readCsvRoster, RosterFileError, type RosterReading } from '../../src/identity/roster-import.js'
import type { RosterRecord } from '../../src/identity/roster.js'
import { cp1251 } from './cp1251.js'
import { HEADER } from './roster-header.js'

const fixture = (name: string): Uint8Array => readFileSync(projectFile(`test/fixtures/rosters/${name}`))
const utf8 = (text: string): Uint8Array => Buffer.from(text)
const read = (text: string): RosterReading => readCsvRoster(utf8(text))

const people = (...rows: string[]): RosterReading => read([HEADER, ...rows].join('\n'))
const why = (reading: RosterReading): string[] =>
  reading.refused.map(row => `${row.line} ${row.column ?? ''}: ${row.why}`)

const maria: RosterRecord = {
  login: 'ivanova', role: 'parent', snils: '90000000182' as never,
  person: { lastName: 'Иванова', firstName: 'Мария', middleName: 'Игоревна', birthDate: '1984-05-31' },
  email: 'maria@mail.example',
  children: [
    { id: '701', name: 'Иванов Василий', className: '5А' },
    { id: '702', name: 'Иванова Алёна', className: '2Б' },
  ],
} // prettier-ignore
const alyona: RosterRecord = {
  login: 'alyona', role: 'pupil', snils: '90000000384' as never, className: '2Б', children: [],
  person: { lastName: 'Иванова', firstName: 'Алёна', birthDate: '2016-02-29' },
} // prettier-ignore
const teacher: RosterRecord = {
  login: 'petrov', role: 'class-teacher', snils: '00000060001' as never, className: '5А', children: [],
  person: { lastName: 'Ёжиков-Д\'Артаньян', firstName: 'Пётр' },
} // prettier-ignore
const family = [maria, alyona, teacher]

describe('identity: reading the school’s list', () => {
  const forms: readonly [string, string, string, string][] = [
    ['people-utf8.csv', 'UTF-8 with BOM, semicolons', 'utf-8', ';'],
    ['people-cp1251.csv', 'Windows-1251, semicolons, CRLF, as Excel saves it', 'windows-1251', ';'],
    ['people-tab.csv', 'UTF-8 without BOM, tabs', 'utf-8', '\t'],
    ['people-utf16.csv', 'UTF-16, tabs, "Unicode text" of Excel', 'utf-16le', '\t'],
    ['people-comma.csv', 'commas, names in one quoted column, other words', 'utf-8', ','],
  ]
  for (const [file, what, encoding, delimiter] of forms) {
    it(`${what}: the same family`, () => {
      const reading = readCsvRoster(fixture(file))
      expect(reading.refused).to.deep.equal([])
      expect(reading).to.include({ encoding, delimiter, rows: 4 })
      expect(reading.records).to.deep.equal(family)
    })
  }

  it('one pupil a row, parents beside', () => {
    const reading = readCsvRoster(fixture('pupils-cp1251.csv'))
    expect(reading.refused).to.deep.equal([])
    const seen = reading.records.map(r => [
      r.login,
      r.role,
      r.person.firstName,
      r.className ?? '',
      ...r.children.map(c => `${c.id} ${c.name} ${c.className ?? ''}`),
    ])
    expect(seen).to.deep.equal([
      ['vasya', 'pupil', 'Василий', '5А'],
      ['ivanova', 'parent', 'Мария', '', '701 Иванов Василий 5А', '702 Иванова Алёна 2Б'],
      ['ivanov', 'parent', 'Игорь', '', '701 Иванов Василий 5А'],
    ]) // prettier-ignore
    expect(reading.warnings).to.deep.equal([
      'Столбцы не использованы: «№ п/п», «Пол», «Степень родства».',
      'Нет СНИЛС, эти люди пока не смогут войти через Госуслуги: строка 2.',
      'У родителя нет логина, его учётная запись не прочитана: строка 3.',
      'Ни у ученика, ни у родителей нет логина, строка не даёт учётных записей: строка 5.',
    ])
  })

  it('mother and father, the pupil’s login for a code', () => {
    const { records } = read(
      'Ученик;Логин ученика;Снилс ученика;Мать;Логин матери;СНИЛС матери;Отец: ФИО;Отец: логин;Отец (СНИЛС)\n' +
        'Иванов Василий;vasya;;Иванова Мария;ivanova;90000000182;Иванов Игорь;ivanov;900-000-002 83',
    )
    expect(records.map(r => [r.login, r.role, r.children[0]?.id])).to.deep.equal([
      ['vasya', 'pupil', undefined],
      ['ivanova', 'parent', 'vasya'],
      ['ivanov', 'parent', 'vasya'],
    ])
  })

  it('a pupil’s row with a role may have parents beside, too', () => {
    const { records, refused } = read(
      'Роль;Логин;ФИО;СНИЛС;Логин родителя;ФИО родителя;СНИЛС родителя\n' +
        'ученик;vasya;Иванов Василий;;ivanova;Иванова Мария;90000000182\nучитель;petrov;Петров Пётр;;;;\nучитель;sidorov;Сидоров Иван;;x;Иванов Пётр;',
    )
    expect(records.map(record => record.login)).to.deep.equal(['vasya', 'ivanova', 'petrov'])
    expect(refused).to.deep.equal([{ line: 4, why: 'столбцы родителей заполнены не у ученика' }])
  })

  describe('cells', () => {
    const row = (cells: Partial<Record<'login' | 'role' | 'last' | 'first' | 'middle' | 'born' | 'snils' | 'class' | 'id' | 'child' | 'childClass' | 'email', string>>): string => {
      const all = { login: 'ivanova', role: 'родитель', last: 'Иванова', first: 'Мария', middle: '', born: '', snils: '90000000182', class: '', id: '', child: '', childClass: '', email: '', ...cells }
      return Object.values(all).join(';')
    } // prettier-ignore

    const taken: readonly [string, string, (record: RosterRecord) => unknown, unknown][] = [
      ['СНИЛС with separators', row({ snils: '900-000-001 82' }), r => r.snils, '90000000182'],
      ['СНИЛС as Excel text', row({ snils: '"=""90000000182"""' }), r => r.snils, '90000000182'],
      ['СНИЛС with decimals', row({ snils: '"90000000182,00"' }), r => r.snils, '90000000182'],
      ['СНИЛС that lost a zero', row({ snils: '8765430300' }), r => r.snils, '08765430300'],
      ['СНИЛС that lost two zeros', row({ snils: '299998900' }), r => r.snils, '00299998900'],
      ['СНИЛС that is missing', row({ snils: 'нет' }), r => r.snils, undefined],
      ['ISO date', row({ born: '1984-05-31' }), r => r.person.birthDate, '1984-05-31'],
      ['date with midnight', row({ born: '31.05.1984 0:00:00' }), r => r.person.birthDate, '1984-05-31'],
      ['no middle name', row({ middle: '-' }), r => r.person.middleName, undefined],
      ['spaces', row({ first: '  Анна \u00a0 Мария ' }), r => r.person.firstName, 'Анна Мария'],
      ['formula-like text', row({ login: '=cmd()' }), r => r.login, '=cmd()'],
      ['role in capitals with Ё', row({ role: 'ОПЕКУН' }), r => r.role, 'parent'],
      ['role in words', row({ role: 'Родитель (законный представитель)' }), r => r.role, 'parent'],
      ['role with hyphen', row({ role: 'Учитель-предметник' }), r => r.role, 'teacher'],
      ['class of the child from the only class column', row({ class: '5 «А»', id: '1', child: 'Иванов Василий' }), r => r.children[0]?.className, '5 «А»'],
      ['a wrong e-mail', row({ email: 'по телефону' }), r => r.email, undefined],
    ] // prettier-ignore
    for (const [what, text, of, value] of taken) {
      it(`${what} -> ${String(value)}`, () => {
        const reading = people(text)
        expect(why(reading)).to.deep.equal([])
        expect(of(reading.records[0]!)).to.equal(value)
      })
    }

    const refused: readonly [string, string, string][] = [
      ['a wrong check number', row({ snils: '900-000-001 83' }), 'СНИЛС: СНИЛС ***-***-*01 83: не сходится контрольное число'],
      ['scientific notation', row({ snils: '"9,0E+10"' }), 'СНИЛС: таблица превратила СНИЛС в число'],
      ['lost zeros that prove nothing', row({ snils: '60001' }), 'СНИЛС: в СНИЛС не хватает цифр'],
      ['lost zeros, wrong check number', row({ snils: '8765430301' }), 'СНИЛС: в СНИЛС не хватает цифр'],
      ['text for a number', row({ snils: 'Иванова' }), 'СНИЛС: СНИЛС — это одиннадцать цифр'],
      ['an impossible day', row({ born: '31.02.1984' }), 'Дата рождения: дата рождения пишется'],
      ['a year of two digits', row({ born: '31.05.84' }), 'Дата рождения: дата рождения пишется'],
      ['an unknown role', row({ role: 'завхоз' }), 'Роль: роль неизвестна'],
      ['no role', row({ role: '' }), 'Роль: роль неизвестна'],
      ['no login', row({ login: '' }), 'Логин: логин не заполнен'],
      ['an invisible sign in the login', row({ login: 'iva\u200bnova' }), 'Логин: логин содержит невидимые знаки'],
      ['no last name', row({ last: '' }), 'Фамилия: фамилия не заполнена'],
      ['no first name', row({ first: '' }), 'Имя: имя не заполнено'],
      ['no name', row({ last: '', first: '' }), 'ФИО: в ФИО нужны'],
      ['a child without a code', row({ child: 'Иванов Василий' }), 'Код ребёнка: ребёнок назван'],
      ['a child without a name', row({ id: '701' }), 'ФИО ребёнка: в ФИО нужны'],
      ['a cell too many', `${row({})};ещё`, ': ячеек больше, чем столбцов'],
      ['a cell that swallowed a page', row({ email: 'x'.repeat(301) }), ': ячейка длиннее 300'],
    ] // prettier-ignore
    for (const [what, text, complaint] of refused) {
      it(`${what} -> ${complaint.slice(0, 50)}`, () => {
        const reading = people(row({ login: 'other', last: 'Петрова' }), text)
        expect(why(reading)).to.have.length(1)
        expect(why(reading)[0]!.startsWith(`3 ${complaint}`), why(reading)[0]).to.equal(true)
        expect(reading.records.map(record => record.login)).to.deep.equal(['other'])
        expect(why(reading).join()).not.to.match(/Иванов|900000001|900-000/)
      })
    }

    it('all that is wrong with a row is said at once', () => {
      expect(people(row({ login: '', born: 'вчера', snils: '1' })).refused).to.have.length(3)
    })

    it('says which rows were mended or will not work', () => {
      const reading = people(
        row({ snils: '8765430300' }),
        row({ login: 'a', snils: '' }),
        row({ login: 'b', email: 'x' }),
      )
      expect(reading.warnings).to.deep.equal([
        'Таблица потеряла ведущие нули СНИЛС, они восстановлены: строка 2.',
        'Нет СНИЛС, эти люди пока не смогут войти через Госуслуги: строка 3.',
        'E-mail записан неверно и пропущен: строка 4.',
      ])
    })

    it('one СНИЛС on two people is said, and left to the school', () => {
      const reading = people(row({}), row({ login: 'b', first: 'Ольга' }), row({ login: 'c', snils: '90000000283' }))
      expect(reading.records).to.have.length(3)
      expect(reading.warnings.join()).to.match(/Один СНИЛС стоит у людей .*: строки 2, 3\.$/)
    })

    describe('the same login again', () => {
      const child = { id: '701', child: 'Иванов Василий' }
      it('is the same account with another child', () => {
        const { records } = people(
          row(child),
          row({ id: '702', child: 'Иванова Анна', born: '31.05.1984' }),
          row(child),
        )
        expect(records).to.have.length(1)
        expect(records[0]!.children.map(one => one.id)).to.deep.equal(['701', '702'])
        expect(records[0]!.person.birthDate).to.equal('1984-05-31')
      })
      it('is the same class teacher with another class', () => {
        const { records } = people(
          ...['5А', '6Б', '5А'].map(name => row({ role: 'классный руководитель', class: name })),
        )
        expect(records.map(record => record.className)).to.deep.equal(['5А, 6Б'])
      })
      it('is another account in another role', () => {
        expect(people(row({}), row({ role: 'учитель' })).records).to.have.length(2)
      })
      const conflicts: readonly [string, string, RegExp][] = [
        ['another first name', row({ first: 'Ольга' }), /другим именем \(строка 2\)/],
        ['another last name', row({ last: 'Петрова' }), /другим именем/],
        ['another middle name', row({ middle: 'Петровна' }), /другим именем/],
        ['another СНИЛС', row({ snils: '900-000-002 83' }), /другим СНИЛС/],
        ['another birth date', row({ born: '01.01.1990' }), /другой датой рождения/],
        ['the child’s code on another child', row({ id: '701', child: 'Петров Иван' }), /у другого ребёнка/],
      ]
      for (const [what, text, complaint] of conflicts) {
        it(`with ${what} is refused`, () => {
          const reading = people(row({ ...child, middle: 'Игоревна', born: '31.05.1984' }), text)
          expect(why(reading)).to.have.length(1)
          expect(why(reading)[0]).to.match(complaint)
        })
      }
      it('of a pupil in another class is refused', () => {
        const reading = people(...['5А', '6А'].map(name => row({ role: 'ученик', class: name })))
        expect(why(reading)[0]).to.match(/в другом классе/)
      })
    })
  })

  describe('what a parent is to the child, and for how long', () => {
    const head = 'Логин;Роль;ФИО;СНИЛС;Код ребёнка;ФИО ребёнка;Родство;Действует с;Действует до'
    const rows = (...cells: string[]) => read([head, ...cells].join('\n'))
    const parent = (said: string, child = '701;Иванов Василий') =>
      `ivanova;родитель;Иванова Мария;90000000182;${child};${said}`
    const children = (reading: RosterReading) => reading.records.map(({ children: [child] }) => child)

    it('stands beside the child that the row names', () => {
      const child = { id: '701', name: 'Иванов Василий' }
      const said: readonly [string, object][] = [
        ['опекун;01.09.2026;31.05.2027', { relation: 'guardian', from: '2026-09-01', until: '2027-05-31' }],
        ['Мать;;', { relation: 'mother' }],
        ['отец;;2027-05-31', { relation: 'father', until: '2027-05-31' }],
        ['Бабушка;31.05.2027;31.05.2027', { relation: 'relative', from: '2027-05-31', until: '2027-05-31' }],
        ['родитель;нет;-', {}],
        [';;', {}],
      ]
      for (const [text, expected] of said) {
        const reading = rows(parent(text))
        expect(why(reading), text).to.deep.equal([])
        expect(children(reading), text).to.deep.equal([{ ...child, ...expected }])
      }
    })

    it('has English headers, too', () => {
      const { records } = read(
        'login,role,full name,snils,child id,child name,relation,valid from,valid until\n' +
          'ivanova,parent,Иванова Мария,90000000182,701,Иванов Василий,guardian,2026-09-01,2027-05-31',
      )
      expect(records[0]!.children[0]).to.include({ relation: 'guardian', from: '2026-09-01', until: '2027-05-31' })
    })

    it('stands in the columns of each parent, or in the only one', () => {
      const two = read(
        'Ученик;Логин ученика;Мать;Логин матери;Родство матери;ФИО отца;Логин отца;СНИЛС отца;Родство отца;Действует до (отец)\n' +
          'Иванов Василий;vasya;Иванова Мария;ivanova;мать;Иванов Игорь;ivanov;;опекун;31.05.2027',
      )
      expect(children(two)).to.deep.equal([
        undefined,
        { id: 'vasya', name: 'Иванов Василий', relation: 'mother' },
        { id: 'vasya', name: 'Иванов Василий', relation: 'guardian', until: '2027-05-31' },
      ])
      const one = read(
        'Ученик;Логин ученика;ФИО родителя;Логин родителя;СНИЛС родителя;Степень родства;Опека до\n' +
          'Иванов Василий;vasya;Иванова Мария;ivanova;;опекун;31.05.2027',
      )
      expect(children(one)[1]).to.include({ relation: 'guardian', until: '2027-05-31' })
    })

    it('a limit that could be either parent’s stops the whole file', () => {
      const file =
        'Ученик;Логин ученика;Мать;Логин матери;ФИО отца;Логин отца;СНИЛС отца;Действует до\nИванов Василий;v;;;;;;'
      expect(() => read(file)).to.throw(RosterFileError, '«Действует до» не говорит, о каком из родителей речь')
    })

    const refused: readonly [string, string, string][] = [
      ['an unknown word', parent('кум;;'), 'Родство: родство неизвестно'],
      ['no date', parent('мать;;до лета'), 'Действует до: срок пишется'],
      ['the end before the beginning', parent('мать;31.05.2027;30.05.2027'), 'Действует до: срок полномочий кончается раньше'],
      ['a limit and no child', parent(';;31.05.2027', ';'), 'Код ребёнка: срок полномочий указан, а ребёнок не назван'],
      ['a limit of a teacher', 'petrov;учитель;Петров Пётр;;;;;;31.05.2027', ': срок полномочий пишут в строке родителя'],
    ] // prettier-ignore
    for (const [what, row, complaint] of refused) {
      it(`${what} is refused`, () => {
        const reading = rows(row)
        expect(why(reading)).to.have.length(1)
        expect(why(reading)[0]!.startsWith(`2 ${complaint}`), why(reading)[0]).to.equal(true)
        expect(reading.records).to.deep.equal([])
      })
    }

    it('may be completed by another row of the same child, and not contradicted', () => {
      const completed = rows(parent('мать;;'), parent(';;31.05.2027'))
      expect(why(completed)).to.deep.equal([])
      expect(children(completed)).to.deep.equal([
        { id: '701', name: 'Иванов Василий', relation: 'mother', until: '2027-05-31' },
      ])
      const contradicted = rows(parent('мать;;31.05.2027'), parent('мать;;31.05.2028'))
      expect(why(contradicted)[0]).to.match(/^3 Логин: .*другим родством или сроком \(строка 2\)/)
    })
  })

  it('counts lines as an editor does: empty ones, CRLF, line ends in cells, the separator’s line', () => {
    const text = `sep=;\r\n\r\n${HEADER}\r\n\r\nx;учитель;Ф;"И\r\nО";;;;;;;;\r\n;;;\r\ny;завхоз;Ф;И;;;;;;;;`
    const reading = read(text)
    expect(reading.refused.map(row => row.line)).to.deep.equal([8])
    expect(reading.records[0]!.person.firstName).to.equal('И О')
    expect(reading.rows).to.equal(2)
  })

  it('reads the same records whatever the encoding and delimiter', () => {
    const word = fc.stringMatching(/^[А-ЯЁ][а-яё]{1,9}$/)
    const account = fc.record({
      login: fc.stringMatching(/^[a-z]{3,12}$/),
      lastName: word,
      firstName: word,
      className: word,
    })
    fc.assert(
      fc.property(fc.uniqueArray(account, { selector: one => one.login, minLength: 1, maxLength: 20 }), accounts => {
        const table = [['Логин', 'Роль', 'Фамилия', 'Имя', 'СНИЛС', 'Класс'], ...accounts.map(a => [a.login, 'ученик', a.lastName, a.firstName, '', a.className])]
        const text = (delimiter: string) => table.map(cells => cells.map(cell => `"${cell}"`).join(delimiter)).join('\r\n')
        const expected = accounts.map(a => ({ login: a.login, role: 'pupil', person: { lastName: a.lastName, firstName: a.firstName }, children: [], className: a.className }))
        const files = [utf8(text(';')), utf8(`\ufeff${text(',')}`), cp1251(text(';')), cp1251(text('\t')), Buffer.from(`\ufeff${text('\t')}`, 'utf16le')]
        for (const file of files) expect(readCsvRoster(file).records).to.deep.equal(expected)
      }),
      { numRuns: 40 },
    ) // prettier-ignore
  })
})
