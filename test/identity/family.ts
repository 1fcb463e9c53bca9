/** A mother, her account in two schools, and where she wants to go. */
import type { Destination } from '../../src/identity/match.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import type { Person } from '../../src/words/person.js'
import { parseSnils } from '../../src/words/snils.js'
import { schoolOf } from './evidence.js'

export const snils = parseSnils('900-000-001 82')!
export const stranger = parseSnils('900-000-002 83')!

export const maria: Person = {
  idp: 'https://idp.example/', snils, lastName: 'Иванова', firstName: 'Мария', middleName: 'Игоревна', birthDate: '1984-05-31',
  level: 'confirmed', globalRole: 'P', authenticatedAt: 0,
} // prettier-ignore

export const vasya = { id: '701', name: 'Иванов Василий', className: '5А' }
export const anna = { id: '702', name: 'Иванова Анна' }
export const parent: RosterEntry = {
  accountId: 'acc-1', journal: 'sgo', school: 'school-1', login: 'ivanova', role: 'parent', snils,
  person: { lastName: 'Иванова', firstName: 'Мария', birthDate: '1984-05-31' }, children: [vasya, anna],
} // prettier-ignore
export const elsewhere: RosterEntry = {
  ...parent,
  accountId: 'acc-2',
  school: 'school-2',
  login: 'ivanova2',
  children: [],
}
export const named = (entry: RosterEntry, person: Partial<RosterEntry['person']>): RosterEntry => ({
  ...entry,
  person: { ...entry.person, ...person },
})

export const destination: Destination = {
  journal: { id: 'sgo', schools: ['school-1', 'school-2'], roles: ['parent', 'teacher'] },
  schools: new Map([
    ['school-1', schoolOf('school-1', { aliases: { ogrn: ['1027700132195'] } })],
    ['school-2', schoolOf('school-2', { level: 'standard' })],
  ]),
  now: Date.parse('2026-11-29T09:00:00Z'),
}
