/** The test people and the school lists that go with them. */
import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { projectFile } from '../../src/base/project-file.js'
import { defaultPeople, personOfKey, personOfLogin, readPeople } from '../../src/mock-idp/people.js'
import { parseSnils } from '../../src/words/snils.js'

const people = defaultPeople()
const rows = (file: string): readonly (readonly string[])[] =>
  readFileSync(projectFile(`docs/examples/${file}`), 'utf8')
    .trim()
    .split('\n')
    .map(line => line.split(';'))
const lists = [...rows('roster-school-1.csv').slice(1), ...rows('roster-school-2.csv').slice(1)]

describe('mock IdP: people', () => {
  it('have СНИЛС that nobody was ever given, each their own', () => {
    const all = people.all.flatMap(person => person.snils ?? [])
    for (const snils of all) {
      expect(parseSnils(snils), snils).not.to.equal(undefined)
      expect(snils).to.match(/^900-000-0\d\d \d\d$|^000-000-600 01$/)
    }
    expect(new Set(all).size).to.equal(all.length)
    expect(new Set(people.all.map(person => person.userId)).size).to.equal(people.all.length)
  })

  it('are found by telephone, e-mail and СНИЛС, and by nothing else', () => {
    const mother = personOfKey(people, 'mother')
    for (const login of ['+7(000)0000001', '8(000)000-00-01', 'Mother@Mail.example ', '900-000-001-82']) {
      expect(personOfLogin(people, login), login).to.equal(mother)
    }
    for (const login of ['', 'mother', '900-000-001 83', '@', '1000900001', 'Соколова']) {
      expect(personOfLogin(people, login), login).to.equal(undefined)
    }
  })

  it('stand in the lists of the schools, but for the one whom nobody knows', () => {
    const known = new Set(lists.map(row => row[6]))
    const unknown = people.all.filter(person => person.snils !== undefined && !known.has(person.snils))
    expect(unknown.map(person => person.key)).to.deep.equal(['nobody'])
    expect(lists.some(row => row[2] === 'Нгуен' && row[6] === '')).to.equal(true)
  })

  it('share a СНИЛС, a changed surname and a wrong number in the lists, as their descriptions say', () => {
    const firstNames = (key: string): readonly string[] => [
      ...new Set(lists.filter(row => row[6] === personOfKey(people, key)!.snils).map(row => `${row[2]} ${row[3]}`)),
    ]
    expect(firstNames('shared-snils')).to.deep.equal(['Павлова Анна', 'Павлов Борис'])
    expect(firstNames('renamed')).to.deep.equal(['Зайцева Дарья'])
    expect(firstNames('wrong-number')).to.deep.equal(['Воробьёва Елена'])
  })

  it('have accounts whose logins name nobody', () => {
    for (const row of lists) {
      expect(row).to.have.length(11)
      expect(row[1]).to.match(/^[aptu]-\d{4}$/)
    }
  })

  for (const [name, text, words] of [
    ['a wrong check number', 'snils: 900-000-001 83', /check number/],
    ['a field that does not exist', 'snlis: 900-000-001 82', /snlis/],
    ['a level that does not exist', 'level: 25', /level/],
  ] as const) {
    it(`are refused with ${name}`, () => {
      const person = `key: a\n    about: a\n    lastName: A\n    firstName: A\n    gender: M\n    birthDate: 2000-01-01\n    userId: '1'`
      const level = text.startsWith('level') ? '' : '\n    level: 30'
      expect(() => readPeople(`password: long enough\npeople:\n  - ${person}${level}\n    ${text}\n`)).to.throw(words)
    })
  }
})
