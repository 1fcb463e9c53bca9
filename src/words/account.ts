import type { SchoolCode } from './school.js'

export const roles = ['teacher', 'class-teacher', 'parent', 'pupil', 'school-admin'] as const
export type Role = (typeof roles)[number]

/** Whose accounts a journal may make at the first login. Never an administrator's: the bridge itself obeys those. */
export const creatable = ['parent', 'pupil', 'teacher', 'class-teacher'] as const satisfies readonly Role[]
export type CreatableRole = (typeof creatable)[number]

export const roleTitles: Readonly<Record<Role, string>> = {
  teacher: 'учитель',
  'class-teacher': 'классный руководитель',
  parent: 'родитель',
  pupil: 'ученик',
  'school-admin': 'администратор школы',
}

/** What the holder of a parent's account is to the child, as the school wrote it down. */
export const relations = ['mother', 'father', 'guardian', 'relative'] as const
export type Relation = (typeof relations)[number]

/** The child whom a parent's account shows. `id` is the journal's own number of the child. */
export interface Child {
  readonly id: string
  readonly name: string
  readonly className?: string
  readonly relation?: Relation
  /** First day on which the parent may act for the child: `2026-09-01`. */
  readonly from?: string
  /** Last such day, that day included: a custody's «действует до». Never before `from`. */
  readonly until?: string
}

/** One login in one journal of one school with one role. */
export interface Account {
  /** Opaque, ours, the same for ever: what journals may store. */
  readonly id: string
  readonly journal: string
  readonly school: SchoolCode
  /** The name under which the journal knows the account. */
  readonly login: string
  readonly role: Role
  /** Of a pupil or class teacher: `5А`. */
  readonly className?: string
}

/** A place where a person may go: an account, and for a parent one of the children. */
export interface Choice {
  /** Opaque and stable: what the chooser's form posts. */
  readonly id: string
  readonly account: Account
  readonly child?: Child
}
