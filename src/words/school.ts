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

export interface School {
  readonly code: SchoolCode
  readonly title: string
  readonly aliases: Readonly<Partial<Record<AliasKind, readonly string[]>>>
  readonly support: Support
  /** The least level of an account that may enter. */
  readonly level: Level
}
