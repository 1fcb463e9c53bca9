/** Made-up people of a school, and the school's lists that name them. */
import type { People, TestPerson } from '../../src/mock-idp/people.js'
import { parseSnils } from '../../src/words/snils.js'

export const SCHOOLS = ['school-1', 'school-2'] as const
/** As pages name them, in the same order. */
export const SCHOOL_TITLES = ['Школа № 1', 'Лицей № 2'] as const
export const JOURNALS = ['sgo', 'handle'] as const
export type JournalId = (typeof JOURNALS)[number]
/** As pages name them. */
export const JOURNAL_TITLES = { sgo: 'Сетевой журнал', handle: 'Дневник по одноразовому ключу' } as const

/** In every name; nothing else in any log has it. */
export const SURNAME = 'Ъюников'
/** What no log may hold. */
export const PERSONAL = new RegExp(`${SURNAME}|mail\\.example|900-?000-?0\\d\\d`)
export const PASSWORD = 'uchebny-stend'

/** `list`: the school knows the СНИЛС. `two`: in two schools. `code`: the school gave a code. `rival`: has none, and tries those of others. */
export type Kind = 'list' | 'two' | 'code' | 'rival'

export interface Citizen {
  readonly key: string
  readonly kind: Kind
  /** At the IdP. */
  readonly login: string
  readonly userId: string
  readonly snils: string
  /** The same in both journals: one in each school. */
  readonly accounts: readonly string[]
}

/** A СНИЛС of the block that is given to nobody. @param n 1 to 99 */
function snils(n: number): string {
  const digits = `9000000${String(n).padStart(2, '0')}`
  for (let check = 0; check < 100; check++) {
    const text = digits + String(check).padStart(2, '0')
    if (parseSnils(text)) return text
  }
  throw new RangeError(`no СНИЛС ${n}`)
}

/** Kinds take turns; of every five one is a rival. */
const ORDER: readonly Kind[] = ['list', 'code', 'two', 'list', 'rival']

/** @param count at most 80 */
export function citizens(count: number): readonly Citizen[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = ORDER[i % ORDER.length]!
    const n = String(i).padStart(2, '0')
    const accounts = { list: [`p-${n}`], two: [`p-${n}`, `q-${n}`], code: [`k-${n}`], rival: [] }[kind]
    const login = `citizen-${n}@mail.example`
    return { key: `citizen-${n}`, kind, login, userId: `10009010${n}`, snils: snils(i + 11), accounts }
  })
}

export const atTheIdp = (all: readonly Citizen[]): People => ({
  password: PASSWORD,
  all: all.map(({ key, login, userId, snils: number }, i): TestPerson => ({
    ...{ key, userId, email: login, snils: number, about: 'житель', level: 30, secondFactor: false },
    ...{ lastName: SURNAME, firstName: `Житель${LETTERS[i % 32]}`, gender: 'M', birthDate: '1985-05-05' },
    organisations: [],
  })),
})

const LETTERS = 'абвгдежзийклмнопрстуфхцчшщыэюяёь'

/** Rows that stand in every version of the list beside the citizens, and those that stand in one alone. */
const [STEADY, OWN] = [250, 3]

/**
 * @param version tells by every row that is not a citizen's which list it was
 * @returns CSV as a school exports it
 */
export function rosterOf(all: readonly Citizen[], school: (typeof SCHOOLS)[number], version: number): string {
  const at = SCHOOLS.indexOf(school)
  const rows = all.flatMap(({ kind, accounts, snils: number }, i) => {
    const account = accounts[at]
    if (account === undefined) return []
    const first = `Житель${LETTERS[i % 32]}`
    return [`родитель;${account};${SURNAME};${first};05.05.1985;${kind === 'code' ? '' : number};;c${account};Дитя Малое;5А`] // prettier-ignore
  })
  const others = at === 0 ? [...strangers('e', STEADY, version), ...strangers(`o${version}`, OWN, version)] : []
  return ['Роль;Логин;Фамилия;Имя;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка', ...rows, ...others, ''].join('\n') // prettier-ignore
}

const strangers = (prefix: string, count: number, version: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `ученик;${prefix}-${i};Чужой;Человек;;;${gradeOf(version)};;;`)

const gradeOf = (version: number): string => `${(version % 11) + 1}${'АБВГ'[Math.floor(version / 11) % 4]!}`

export interface ListedRow {
  readonly login: string
  readonly className?: string
  readonly missingSince?: number
}

/**
 * Of which versions the stored list is made: one, when imports are all or nothing. A part of a list counts as version -1.
 *
 * @param upTo the last version that anybody tried to import
 */
export function versionsIn(rows: readonly ListedRow[], upTo: number): readonly number[] {
  const present = rows.filter(row => row.missingSince === undefined)
  const own = (version: number) => present.filter(({ login }) => login.startsWith(`o${version}-`)).length
  const found = Array.from({ length: upTo + 1 }, (_, version) => version).filter(version => own(version) > 0)
  const [version = -1] = found
  const steady = present.filter(row => row.login.startsWith('e-') && row.className === gradeOf(version)).length
  return found.length === 1 && own(version) === OWN && steady === STEADY ? found : [...found, -1]
}
