import { roles } from './account.js'
import type { Moment } from './confirming.js'
import type { Level } from './person.js'

/** `^[0-9A-Za-zА-Яа-я._-]{1,32}$`: what a school is called in settings, addresses and tokens. */
export type SchoolCode = string

/** Other numbers under which a school is known; each is checked as its kind demands. */
export const aliasKinds = ['ogrn', 'inn', 'kpp', 'oo_code', 'okpo', 'esia_oid', 'journal_id'] as const
export type AliasKind = (typeof aliasKinds)[number]

export interface Support {
  readonly phone?: string
  readonly email?: string
  /** `пн–пт 9:00–17:00`, as a person would read it. */
  readonly hours?: string
}

/** For whom a school may set a level of its own; of a pupil under 14 it counts before that of pupils. */
export const levelFor = [...roles, 'pupil-under-14'] as const
export type LevelFor = (typeof levelFor)[number]

export interface School {
  readonly code: SchoolCode
  readonly title: string
  readonly aliases: Readonly<Partial<Record<AliasKind, readonly string[]>>>
  readonly support: Support
  /** The least level of an account that may enter. */
  readonly level: Level
  /** The same for some, where it differs. */
  readonly levels?: Readonly<Partial<Record<LevelFor, Level>>>
  /** Who may enter with the account of a teacher, class teacher or administrator; anyone, unless said otherwise. */
  readonly staff?: 'anyone' | 'employee'
  /** A person known to us comes with another СНИЛС: the school is asked in any case, and meanwhile the door stays shut or not. */
  readonly changedSnils?: 'wait' | 'enter'
  /** When its people confirm a second time, where that differs from what holds for all. */
  readonly confirm?: readonly Moment[]
}
