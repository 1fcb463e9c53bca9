/** Which column means what. Schools export from a dozen programs; the words are data, the grammar is `thing [whose] [number]`. */
import { RosterFileError } from './roster-text.js'

const fieldWords = {
  login: [
    'логин',
    'логин в журнале',
    'имя пользователя',
    'пользователь',
    'учетная запись',
    'login',
    'username',
    'user',
  ],
  role: ['роль', 'роль в журнале', 'тип пользователя', 'категория', 'role'],
  fullName: ['', 'фио', 'ф и о', 'фамилия имя отчество', 'фамилия имя', 'полное имя', 'full name', 'name'],
  lastName: ['фамилия', 'last name', 'lastname', 'surname'],
  firstName: ['имя', 'first name', 'firstname'],
  middleName: ['отчество', 'отчество при наличии', 'middle name', 'middlename', 'patronymic'],
  birthDate: ['дата рождения', 'день рождения', 'др', 'д р', 'birth date', 'birthdate', 'birthday'],
  snils: ['снилс', 'номер снилс', 'страховой номер', 'snils'],
  className: ['класс', 'класс группа', 'class', 'class name', 'classname'],
  id: ['код', 'id', 'ид', 'идентификатор'],
  relation: ['родство', 'степень родства', 'кем приходится', 'отношение', 'relation', 'relationship'],
  from: ['действует с', 'полномочия с', 'опека с', 'from', 'valid from'],
  until: ['действует до', 'действует по', 'полномочия до', 'полномочия по', 'опека до', 'until', 'valid until'],
  email: ['e mail', 'email', 'mail', 'почта', 'эл почта', 'электронная почта', 'адрес электронной почты'],
} as const satisfies Record<string, readonly string[]>

export type Field = keyof typeof fieldWords

const parentSlots = ['parent 1', 'parent 2', 'parent 3', 'parent 4', 'mother', 'father'] as const
export type ParentSlot = (typeof parentSlots)[number]
/** Whose field it is. `self`: the person of the row. */
export type Owner = 'self' | 'child' | ParentSlot

const ownerWords: readonly (readonly [owner: 'child' | 'parent' | 'mother' | 'father', words: readonly string[]])[] = [
  ['mother', ['мать', 'матери', 'мама', 'мамы', 'mother']],
  ['father', ['отец', 'отца', 'папа', 'папы', 'father']],
  ['parent', ['родитель', 'родителя', 'законный', 'законного', 'представитель', 'представителя', 'опекун', 'опекуна', 'parent']],
  ['child', ['ребенок', 'ребенка', 'ребенку', 'ученик', 'ученика', 'ученику', 'обучающийся', 'обучающегося', 'учащийся', 'учащегося', 'child']],
] // prettier-ignore

/**
 * `people`: a row is a person with a role, a parent's row may name a child. `pupils`: a row is a pupil, with columns for the
 * parents beside. A pupil's row of the first kind may have those columns, too.
 */
export interface Columns {
  readonly layout: 'people' | 'pupils'
  /** @returns the column's number, from 0 */
  at(owner: Owner, field: Field): number | undefined
  /** Which parents the file has columns for. */
  readonly parents: readonly ParentSlot[]
  readonly ignored: readonly string[]
}

/** @throws RosterFileError when a column is there twice or a needed one is missing */
export function readColumns(header: readonly string[]): Columns {
  const named = header.map(title => ({ title, meaning: meaningOf(title) }))
  const has = (test: (meaning: Meaning) => boolean) =>
    named.some(({ meaning }) => meaning !== undefined && test(meaning))
  const pupils = !has(meaning => meaning.field === 'role') && has(meaning => isParent(meaning.owner))

  const parents = parentSlots.filter(slot => has(meaning => meaning.owner === slot))
  const places = new Map<string, number>()
  const ignored: string[] = []
  named.forEach(({ title, meaning }, place) => {
    const owner = pupils && meaning?.owner === 'child' ? 'self' : meaning?.owner
    if (!meaning || !owner || isUnclear({ owner, field: meaning.field }, title, pupils, parents)) {
      if (title !== '') ignored.push(title)
      return
    }
    const key = `${owner} ${meaning.field}`
    const before = places.get(key)
    if (before !== undefined)
      throw new RosterFileError(`Два столбца значат одно и то же: «${header[before]!}» и «${title}». Оставьте один.`)
    places.set(key, place)
  })
  const at: Columns['at'] = (owner, field) => places.get(`${owner} ${field}`)
  const columns: Columns = { layout: pupils ? 'pupils' : 'people', at, parents, ignored }
  checkComplete(columns, header)
  return columns
}

/** Whether it cannot be told whose the column is. @throws RosterFileError when a limit would be lost with it */
function isUnclear({ owner, field }: Meaning, title: string, pupils: boolean, parents: readonly ParentSlot[]): boolean {
  if (owner !== 'self') return false
  if (field === 'id') return !pupils
  if (!pupils || parents.length === 1 || !authority.has(field)) return false
  if (field === 'relation') return true
  throw new RosterFileError(
    `Столбец «${title}» не говорит, о каком из родителей речь. Назовите его, например, «${title} (родитель 1)».`,
  )
}

/** What a parent is to the child, and for how long: the parent's, whoever has the row. */
const authority: ReadonlySet<Field> = new Set(['relation', 'from', 'until'])

/** Whether a title says something to us. */
export const isKnownTitle = (title: string): boolean => meaningOf(title) !== undefined

interface Meaning {
  readonly owner: Owner
  readonly field: Field
}

const isParent = (owner: Owner): boolean => owner !== 'self' && owner !== 'child'

function meaningOf(title: string): Meaning | undefined {
  const words = foldTitle(title)
  const owner = ownerWords.find(([, forms]) => words.some(word => forms.includes(word)))
  const number = words.find(word => /^[1-4]$/.test(word))
  const rest = words.filter(word => word !== number && !ownerWords.some(([, forms]) => forms.includes(word))).join(' ')
  const field = (Object.keys(fieldWords) as Field[]).find(name =>
    (fieldWords[name] as readonly string[]).includes(rest),
  )
  if (!field || (rest === '' && !owner) || (number !== undefined && owner?.[0] !== 'parent')) return undefined
  if (field === 'role' && owner) return undefined
  if (!owner) return { owner: 'self', field }
  return { owner: owner[0] === 'parent' ? `parent ${(number ?? '1') as '1'}` : owner[0], field }
}

/** `СНИЛС родителя2 (законного представителя)` -> снилс родителя 2 законного представителя. */
function foldTitle(title: string): string[] {
  const plain = title
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
  return plain.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '')
}

function checkComplete(columns: Columns, header: readonly string[]): void {
  const owners: readonly Owner[] = ['self', ...columns.parents]
  const hasName = (owner: Owner) =>
    columns.at(owner, 'fullName') !== undefined ||
    (columns.at(owner, 'lastName') !== undefined && columns.at(owner, 'firstName') !== undefined)
  const anyone = (field: Field) => owners.some(owner => columns.at(owner, field) !== undefined)

  const missing: string[] = []
  if (!(columns.layout === 'people' ? columns.at('self', 'login') !== undefined : anyone('login')))
    missing.push('Логин')
  if (!hasName('self')) missing.push('Фамилия и Имя (или ФИО)')
  if (columns.layout === 'people' && columns.at('self', 'role') === undefined) missing.push('Роль')
  if (!anyone('snils')) missing.push('СНИЛС')
  for (const slot of columns.parents) {
    if (columns.at(slot, 'login') !== undefined && !hasName(slot)) missing.push('ФИО родителя')
  }
  if (missing.length === 0) return
  const found = header
    .filter(title => title !== '')
    .slice(0, 30)
    .map(title => `«${title.slice(0, 40)}»`)
  throw new RosterFileError(
    `Не хватает столбцов: ${[...new Set(missing)].join('; ')}. В первой строке найдены: ${found.join(', ')}. ` +
      'Нужны либо Логин, Роль, ФИО, СНИЛС (по человеку в строке), либо ФИО, СНИЛС, Логин ученика и ФИО, СНИЛС, Логин родителя ' +
      '(по ученику в строке). Если буквы здесь нечитаемы, сохраните файл как CSV UTF-8.',
  )
}
