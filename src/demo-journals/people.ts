/** The journal's own base of people, read from the school's list. Tokens bring logins and codes, never names. */
import { parse } from 'csv-parse/sync'
import type { DemoRoster } from './options.js'
import type { Visit } from './memory.js'

export interface Pupil {
  /** The child's code, else the pupil's login: one and the same for the pupil and both parents. */
  readonly key: string
  readonly name: string
  readonly className?: string
}

export interface Teacher {
  readonly login: string
  /** «Лебедева О. Н.» */
  readonly name: string
  readonly subject: string
  /** Whose class teacher it is. */
  readonly className?: string
}

export interface People {
  schoolTitle(school: string): string
  knows(school: string, login: string): boolean
  /** Somebody new, whom no list names; forgotten when the journal stops. */
  take(school: string, person: NewPerson): void
  /** @returns the name of the account's owner, else the login */
  ownerOf(visit: Visit): string
  /** The child whose diary is shown: a parent's child, or the pupil. */
  childOf(visit: Visit): Pupil
  /** Whose diaries the account may open: all children of a parent in this school, or the pupil alone. */
  childrenOf(visit: Visit): readonly Pupil[]
  /** Classes that stand in the school's list, in order. */
  classesOf(school: string): readonly string[]
  pupilsOf(school: string, className: string): readonly Pupil[]
  teachersOf(school: string): readonly Teacher[]
}

export interface NewPerson {
  readonly login: string
  /** As lists write it: «родитель». */
  readonly role: string
  readonly lastName?: string
  readonly firstName?: string
  readonly middleName?: string
}

type Row = Readonly<Record<string, string>>

/** The list says who teaches, not what: the demo gives the subjects out in the order of the list. */
const TAUGHT = ['Математика', 'История', 'Русский язык', 'Биология', 'Английский язык', 'Литература', 'Информатика', 'Музыка', 'Физкультура', 'Окружающий мир'] // prettier-ignore
const TEACHING = ['учитель', 'классный руководитель']

export function readPeople(rosters: readonly DemoRoster[]): People {
  const schools = new Map(rosters.map(({ school, title, csv }) => [school, { title, rows: readRows(csv) }]))
  const rowsOf = (school: string): readonly Row[] => schools.get(school)?.rows ?? []
  const ownRows = ({ school, login }: Visit) => rowsOf(school).filter(row => row.Логин === login)
  const childrenOf = (visit: Visit): readonly Pupil[] => {
    const rows = ownRows(visit)
    if (visit.child === undefined) return [pupilOf(rows[0], rowsOf(visit.school), visit.login)]
    const listed = rows.flatMap(row => childIn(row) ?? [])
    return listed.some(({ key }) => key === visit.child) ? listed : [{ key: visit.child, name: visit.child }]
  }
  return {
    knows: (school, login) => rowsOf(school).some(row => row.Логин === login),
    take: (school, { login, role, lastName = '', firstName = '', middleName = '' }) => {
      const row = { Роль: role, Логин: login, Фамилия: lastName, Имя: firstName, Отчество: middleName }
      schools.set(school, { title: school, ...schools.get(school), rows: [...rowsOf(school), row] })
    },
    schoolTitle: school => schools.get(school)?.title ?? school,
    ownerOf: visit => {
      const row = ownRows(visit)[0]
      return (row && joined(row.Фамилия, row.Имя, row.Отчество)) || visit.login
    },
    childOf: visit => {
      const children = childrenOf(visit)
      return children.find(({ key }) => key === visit.child) ?? children[0]!
    },
    childrenOf,
    classesOf: school => {
      const named = rowsOf(school).flatMap(row => [row.Класс, row['Класс ребёнка']])
      const classes = [...new Set(named.filter(name => name !== undefined && name !== ''))] as string[]
      return classes.sort((a, b) => a.localeCompare(b, 'ru', { numeric: true }))
    },
    pupilsOf: (school, className) => pupilsIn(rowsOf(school)).filter(pupil => pupil.className === className),
    teachersOf: school => teachersIn(rowsOf(school)),
  }
}

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ')

const childIn = (row: Row): Pupil | undefined => {
  const { 'Код ребёнка': key, 'ФИО ребёнка': name, 'Класс ребёнка': className } = row
  return key ? { key, name: name || key, ...(className && { className }) } : undefined
}

/** A pupil's own row has no code of a child: the parents' rows have it, under the same name in the same class. */
function pupilOf(row: Row | undefined, all: readonly Row[], login: string): Pupil {
  const name = row && joined(row.Фамилия, row.Имя)
  const className = row?.Класс
  const known = all
    .map(childIn)
    .find(child => name && child?.className === className && `${child?.name} `.startsWith(`${name} `))
  return { key: known?.key ?? login, name: name || login, ...(className && { className }) }
}

function pupilsIn(rows: readonly Row[]): readonly Pupil[] {
  const pupils = rows.filter(row => row.Роль === 'ученик').map(row => pupilOf(row, rows, row.Логин ?? ''))
  const all = [...rows.flatMap(row => childIn(row) ?? []), ...pupils]
  return [...new Map(all.reverse().map(pupil => [pupil.key, pupil])).values()].sort((a, b) =>
    a.name.localeCompare(b.name, 'ru'),
  )
}

const initial = (name: string | undefined): string => (name ? `\u00a0${name[0]}.` : '') // initials never part

function teachersIn(rows: readonly Row[]): readonly Teacher[] {
  const teaching = rows.filter(row => TEACHING.includes(row.Роль ?? '') && row.Логин)
  return teaching.map((row, i) => ({
    login: row.Логин!,
    name: `${row.Фамилия ?? ''}${initial(row.Имя)}${initial(row.Отчество)}`,
    subject: TAUGHT[i % TAUGHT.length]!,
    ...(row.Роль === 'классный руководитель' && row.Класс && { className: row.Класс }),
  }))
}

const readRows = (csv: string): readonly Row[] =>
  parse(csv, { columns: true, delimiter: ';', bom: true, trim: true, skip_empty_lines: true, relax_column_count: true })
