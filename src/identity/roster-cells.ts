/** Reading one cell. Each reader takes the tidied text and returns the value, or a `Wrong` that says what to write instead. */
import type { Relation, Role } from '../words/account.js'
import { parseSnils, restoreSnils, type Snils } from '../words/snils.js'
import { parseDate } from './dates.js'
import { foldName } from './names.js'

/** One Russian sentence. It quotes nothing of the cell: in a shifted row the cell may be anything. */
export class Wrong {
  readonly why: string
  constructor(why: string) {
    this.why = why
  }
}

/** What people write where there is nothing to write. */
const NOTHING = new Set(['', '-', '–', '—', 'нет', 'н/д', 'б/н', 'не указан', 'не указано', 'отсутствует', 'null'])
export const isNothing = (text: string): boolean => NOTHING.has(text.toLowerCase())

/** `="0123"` and `'0123` are how a spreadsheet keeps a number as text. */
const unwrapped = (text: string): string => /^="([^"]*)"$/.exec(text)?.[1] ?? text.replace(/^'/, '')

const rolesByWord: Readonly<Record<string, Role>> = Object.fromEntries(
  (
    [
      ['parent', ['родитель', 'законный представитель', 'родитель (законный представитель)', 'родитель/законный представитель', 'представитель', 'мать', 'мама', 'отец', 'папа', 'опекун', 'попечитель', 'усыновитель', 'parent']],
      ['pupil', ['ученик', 'ученица', 'учащийся', 'учащаяся', 'обучающийся', 'обучающаяся', 'школьник', 'pupil', 'student']],
      ['teacher', ['учитель', 'учитель предметник', 'педагог', 'преподаватель', 'teacher']],
      ['class-teacher', ['классный руководитель', 'кл. руководитель', 'кл. рук.', 'class teacher']],
      ['school-admin', ['администратор', 'администратор школы', 'администратор журнала', 'school admin']],
    ] as const
  ).flatMap(([role, words]) => words.map(word => [word, role])),
) // prettier-ignore

export const readRole = (text: string): Role | Wrong =>
  rolesByWord[foldName(text)] ??
  new Wrong('роль неизвестна: пишите родитель, ученик, учитель, классный руководитель или администратор')

const relationsByWord: Readonly<Record<string, Relation>> = Object.fromEntries(
  (
    [
      ['mother', ['мать', 'мама', 'mother']],
      ['father', ['отец', 'папа', 'father']],
      ['guardian', ['опекун', 'попечитель', 'опекун (попечитель)', 'опекун/попечитель', 'усыновитель', 'усыновительница', 'приемный родитель', 'приемная мать', 'приемный отец', 'законный представитель', 'представитель', 'guardian']],
      ['relative', ['родственник', 'родственница', 'бабушка', 'дедушка', 'брат', 'сестра', 'тетя', 'дядя', 'мачеха', 'отчим', 'иное', 'другое', 'relative']],
    ] as const
  ).flatMap(([relation, words]) => words.map(word => [word, relation])),
) // prettier-ignore

/** `родитель` tells mother from father no more than the role does, so it says nothing. */
export function readRelation(text: string): Relation | Wrong | undefined {
  const word = foldName(text)
  if (isNothing(text) || word === 'родитель' || word === 'parent') return undefined
  return relationsByWord[word] ?? new Wrong('родство неизвестно: пишите мать, отец, опекун или родственник')
}

/** @returns the number and whether leading zeros had to be given back */
export function readSnils(cell: string): { readonly snils: Snils; readonly restored: boolean } | Wrong {
  const text = unwrapped(cell).replace(/^(\d{1,11})[.,]0+$/, '$1')
  if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(text)) {
    return new Wrong(
      'таблица превратила СНИЛС в число вида 1,1E+10 и потеряла цифры: сделайте столбец текстовым и впишите номера заново',
    )
  }
  const snils = parseSnils(text)
  if (snils) return { snils, restored: false }
  const restored = restoreSnils(text)
  if (restored) return { snils: restored, restored: true }
  const digits = text.replace(/\D/g, '')
  if (digits.length === 11)
    return new Wrong(`СНИЛС ***-***-*${digits.slice(7, 9)} ${digits.slice(9)}: не сходится контрольное число`)
  if (/^\d{1,10}$/.test(text))
    return new Wrong('в СНИЛС не хватает цифр, и с нулями впереди контрольное число не сходится')
  return new Wrong('СНИЛС — это одиннадцать цифр, например 112-233-445 95')
}

/** How a spreadsheet counts days. Since when it counts the cell does not say, so it is asked and not guessed. */
const dayNumber = (text: string): Wrong | undefined =>
  /^\d{4,6}$/.test(text)
    ? new Wrong('дата записана числом: задайте столбцу формат «Дата», чтобы было видно 31.05.2014')
    : undefined

export const readBirthDate = (text: string): string | Wrong =>
  parseDate(unwrapped(text)) ?? dayNumber(text) ?? new Wrong('дата рождения пишется как 31.05.2014')

export const readDay = (text: string): string | Wrong =>
  parseDate(unwrapped(text)) ?? dayNumber(text) ?? new Wrong('срок пишется как 31.05.2027')

/** Name under which the journal knows something: kept exactly, so that nothing is mended here. */
export function readKey(cell: string, what: string): string | Wrong {
  const text = unwrapped(cell)
  if (text === '') return new Wrong(`${what} не заполнен`)
  // A control character is never typed on purpose, and is invisible in every list.
  return /[\p{Cc}\p{Cf}]/u.test(text) ? new Wrong(`${what} содержит невидимые знаки`) : text
}

export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)

/** `Алиев Вели Гасан оглы`: last name, first name, and all the rest. */
export function splitName(text: string): { lastName: string; firstName: string; middleName?: string } | Wrong {
  const [lastName, firstName, ...rest] = text.split(' ')
  if (!lastName || !firstName) return new Wrong('в ФИО нужны хотя бы фамилия и имя')
  return { lastName, firstName, ...(rest.length > 0 && { middleName: rest.join(' ') }) }
}
