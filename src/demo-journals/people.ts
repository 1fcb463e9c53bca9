/** The journal's own base of people, read from the school's list. Tokens bring logins and codes, never names. */
import { parse } from 'csv-parse/sync'
import type { DemoRoster } from './options.js'
import type { Visit } from './memory.js'

export interface People {
  schoolTitle(school: string): string
  /** @returns the name of the account's owner, else the login */
  ownerOf(visit: Visit): string
  /** The child whose diary is shown: a parent's child, or the pupil. */
  childOf(visit: Visit): { readonly key: string; readonly name: string; readonly className?: string }
  /** Classes that stand in the school's list, in order. */
  classesOf(school: string): readonly string[]
}

type Row = Readonly<Record<string, string>>

export function readPeople(rosters: readonly DemoRoster[]): People {
  const schools = new Map(rosters.map(({ school, title, csv }) => [school, { title, rows: readRows(csv) }]))
  const rowsOf = (school: string): readonly Row[] => schools.get(school)?.rows ?? []
  const ownRows = ({ school, login }: Visit) => rowsOf(school).filter(row => row.Логин === login)

  return {
    schoolTitle: school => schools.get(school)?.title ?? school,
    ownerOf: visit => {
      const row = ownRows(visit)[0]
      return (row && joined(row.Фамилия, row.Имя, row.Отчество)) || visit.login
    },
    childOf: visit => {
      const row = ownRows(visit).find(({ 'Код ребёнка': code }) => visit.child === undefined || code === visit.child)
      const key = visit.child ?? visit.login
      if (visit.child === undefined) {
        const name = row && joined(row.Фамилия, row.Имя)
        return { key, name: name || key, ...(row?.Класс && { className: row.Класс }) }
      }
      const [name, className] = [row?.['ФИО ребёнка'], row?.['Класс ребёнка']]
      return { key, name: name || key, ...(className && { className }) }
    },
    classesOf: school => {
      const named = rowsOf(school).flatMap(row => [row.Класс, row['Класс ребёнка']])
      const classes = [...new Set(named.filter(name => name !== undefined && name !== ''))] as string[]
      return classes.sort((a, b) => a.localeCompare(b, 'ru', { numeric: true }))
    },
  }
}

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ')

const readRows = (csv: string): readonly Row[] =>
  parse(csv, { columns: true, delimiter: ';', bom: true, trim: true, skip_empty_lines: true, relax_column_count: true })
