/** One row of the file -> the accounts that it names: the person of the row, and a pupil's parents in the columns beside. */
import type { Child, Role } from '../words/account.js'
import { tidy } from './names.js'
import type { RosterPerson, RosterRecord } from './roster.js'
import {
  isEmail,
  isNothing,
  readBirthDate,
  readDay,
  readKey,
  readRelation,
  readRole,
  readSnils,
  splitName,
  Wrong,
} from './roster-cells.js'
import type { Columns, Field, Owner, ParentSlot } from './roster-columns.js'
import type { Remarks } from './roster-remarks.js'
import type { TableRow } from './roster-table.js'

/** A record that still knows where it came from. */
export interface Draft extends RosterRecord {
  readonly line: number
}

/** Longer than anything honest; keeps a row with a lost quote or delimiter out. */
const MAX_CELL = 300

/** What one row says. `take` notes a complaint and answers undefined when the cell is wrong. */
interface Row {
  readonly line: number
  readonly remarks: Remarks
  readonly parents: readonly ParentSlot[]
  text(owner: Owner, field: Field): string
  take<T>(column: string, value: T | Wrong): T | undefined
}

/** @returns the drafts of the row; a row that was refused in `remarks` gives none */
export function readRow(row: TableRow, columns: Columns, width: number, remarks: Remarks): Draft[] {
  const complaints = remarks.refused.length
  if (row.cells.slice(width).some(cell => cell !== '')) {
    remarks.refuse(row.line, 'ячеек больше, чем столбцов: вероятно, внутри ячейки стоит разделитель')
    return []
  }
  if (row.cells.some(cell => cell.length > MAX_CELL)) remarks.refuse(row.line, `ячейка длиннее ${MAX_CELL} знаков`)
  const drafts =
    columns.layout === 'pupils' ? pupilsRow(open(row, columns, remarks)) : personsRow(open(row, columns, remarks))
  return remarks.refused.length > complaints ? [] : drafts
}

function open({ line, cells }: TableRow, columns: Columns, remarks: Remarks): Row {
  return {
    line,
    remarks,
    parents: columns.parents,
    text(owner, field) {
      const at = columns.at(owner, field)
      return at === undefined ? '' : (cells[at] ?? '')
    },
    take(column, value) {
      if (!(value instanceof Wrong)) return value
      remarks.refuse(line, value.why, column)
      return undefined
    },
  }
}

function personsRow(row: Row): Draft[] {
  const role = row.take('Роль', readRole(row.text('self', 'role')))
  if (!role) return []
  if (role !== 'parent' && isLimited(row, ['self', 'child']) && !(role === 'pupil' && row.parents.length === 1))
    row.remarks.refuse(row.line, 'срок полномочий пишут в строке родителя, рядом с его ребёнком')
  if (role === 'pupil') return [...draft(row, 'self', role, []), ...parentsOf(row)]
  if (row.parents.some(slot => isFilled(row, slot)))
    row.remarks.refuse(row.line, 'столбцы родителей заполнены не у ученика')
  return draft(row, 'self', role, role === 'parent' ? ownChild(row) : [])
}

/** A pupil without a login has no account, but parents may have theirs. */
function pupilsRow(row: Row): Draft[] {
  const own = row.text('self', 'login') === '' ? [] : draft(row, 'self', 'pupil', [])
  if (row.text('self', 'login') === '' && !row.parents.some(slot => isFilled(row, slot))) {
    row.remarks.note('nobody-with-login', row.line)
  }
  return [...own, ...parentsOf(row)]
}

function parentsOf(row: Row): Draft[] {
  return row.parents.flatMap(slot => {
    if (!isFilled(row, slot)) return []
    if (row.text(slot, 'login') !== '') return draft(row, slot, 'parent', pupilAsChild(row, slot))
    row.remarks.note('parent-without-login', row.line)
    return []
  })
}

const isFilled = (row: Row, owner: Owner): boolean =>
  (['login', 'fullName', 'lastName', 'firstName', 'snils'] as const).some(field => !isNothing(row.text(owner, field)))

function draft(row: Row, owner: Owner, role: Role, children: readonly Child[]): Draft[] {
  const of = ownerTitles[owner]
  const login = row.take(`Логин${of}`, readKey(row.text(owner, 'login'), 'логин'))
  const person = personOf(row, owner)
  const snils = snilsOf(row, owner)
  if (login === undefined || !person) return []
  const className = row.text(owner, 'className')
  const email = emailOf(row, owner)
  return [
    {
      line: row.line,
      login,
      role,
      person,
      children,
      ...(snils !== undefined && { snils }),
      ...(role !== 'parent' && className !== '' && { className }),
      ...(email !== undefined && { email }),
    },
  ]
}

const ownerTitles: Readonly<Record<Owner, string>> = {
  self: '', child: ' ребёнка', mother: ' матери', father: ' отца',
  'parent 1': ' родителя', 'parent 2': ' родителя 2', 'parent 3': ' родителя 3', 'parent 4': ' родителя 4',
} // prettier-ignore

function personOf(row: Row, owner: Owner): RosterPerson | undefined {
  const name = nameOf(row, owner)
  if (!name) return undefined
  const birth = row.text(owner, 'birthDate')
  const birthDate = isNothing(birth) ? undefined : row.take(`Дата рождения${ownerTitles[owner]}`, readBirthDate(birth))
  return { ...name, ...(birthDate !== undefined && { birthDate }) }
}

type FullName = Omit<RosterPerson, 'birthDate'>

function nameOf(row: Row, owner: Owner): FullName | undefined {
  const [lastName, firstName] = [row.text(owner, 'lastName'), row.text(owner, 'firstName')]
  if (lastName === '' && firstName === '')
    return row.take(`ФИО${ownerTitles[owner]}`, splitName(row.text(owner, 'fullName')))
  const [title, empty] = lastName === '' ? ['Фамилия', 'фамилия не заполнена'] : ['Имя', 'имя не заполнено']
  if (lastName === '' || firstName === '') return row.take<FullName>(`${title}${ownerTitles[owner]}`, new Wrong(empty))
  const middleName = row.text(owner, 'middleName')
  return { lastName, firstName, ...(!isNothing(middleName) && { middleName }) }
}

function snilsOf(row: Row, owner: Owner) {
  const text = row.text(owner, 'snils')
  if (isNothing(text)) {
    row.remarks.note('no-snils', row.line)
    return undefined
  }
  const read = row.take(`СНИЛС${ownerTitles[owner]}`, readSnils(text))
  if (read?.restored) row.remarks.note('snils-restored', row.line)
  return read?.snils
}

function emailOf(row: Row, owner: Owner): string | undefined {
  const text = row.text(owner, 'email')
  if (isNothing(text)) return undefined
  if (isEmail(text)) return text
  row.remarks.note('email-left-out', row.line)
  return undefined
}

/** Where the row says what a parent is to the child, and for how long; the first that is filled counts. */
type AuthorityOwners = readonly Owner[]

const isLimited = (row: Row, owners: AuthorityOwners): boolean =>
  owners.some(owner => !isNothing(row.text(owner, 'from')) || !isNothing(row.text(owner, 'until')))

/** The child that a parent's own row names: none, or one with number and name. */
function ownChild(row: Row): Child[] {
  const id = row.text('child', 'id')
  if (!isNothing(id))
    return childOf(row, 'child', id, row.text('child', 'className') || row.text('self', 'className'), ['child', 'self'])
  if (isFilled(row, 'child')) row.remarks.refuse(row.line, 'ребёнок назван, а его код в журнале нет', 'Код ребёнка')
  else if (isLimited(row, ['child', 'self']))
    row.remarks.refuse(row.line, 'срок полномочий указан, а ребёнок не назван', 'Код ребёнка')
  return []
}

/** The pupil of the row, as the parents in the columns beside see them. The code is the journal's, else the pupil's login. */
function pupilAsChild(row: Row, slot: ParentSlot): Child[] {
  const owners: AuthorityOwners = row.parents.length === 1 ? [slot, 'self'] : [slot]
  const id = [row.text('self', 'id'), row.text('child', 'id'), row.text('self', 'login')].find(text => !isNothing(text))
  if (id !== undefined) return childOf(row, 'self', id, row.text('self', 'className'), owners)
  if (isLimited(row, owners))
    row.remarks.refuse(row.line, 'срок полномочий указан, а у ребёнка нет кода', 'Код ребёнка')
  row.remarks.note('child-without-id', row.line)
  return []
}

function childOf(row: Row, owner: Owner, key: string, className: string, authority: AuthorityOwners): Child[] {
  const id = row.take('Код ребёнка', readKey(key, 'код ребёнка'))
  const name = nameOf(row, owner)
  const said = authorityOf(row, authority)
  if (id === undefined || !name) return []
  const shown = tidy(`${name.lastName} ${name.firstName}`)
  return [{ id, name: shown, ...(className !== '' && { className }), ...said }]
}

function authorityOf(row: Row, owners: AuthorityOwners): Pick<Child, 'relation' | 'from' | 'until'> {
  const text = (field: Field) => owners.map(owner => row.text(owner, field)).find(cell => !isNothing(cell)) ?? ''
  const day = (column: string, field: 'from' | 'until') =>
    text(field) === '' ? undefined : row.take(column, readDay(text(field)))
  const relation = row.take('Родство', readRelation(text('relation')))
  const [from, until] = [day('Действует с', 'from'), day('Действует до', 'until')]
  if (from !== undefined && until !== undefined && until < from)
    row.remarks.refuse(row.line, 'срок полномочий кончается раньше, чем начинается', 'Действует до')
  return {
    ...(relation !== undefined && { relation }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  }
}
