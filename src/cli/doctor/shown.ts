/** How remarks are shown: to people in their language, to programs always in English. */
import type { Language } from '../language.js'
import { printable } from '../printable.js'
import type { Remark } from './patient.js'

type Light = Remark['light']

/** With a sign that tells the light without colours; the last is the longest. */
const LIGHTS: Readonly<Record<Language, Readonly<Record<Light, string>>>> = {
  en: { green: '✓ green', yellow: '! yellow', red: '✗ red', skipped: '– skipped' },
  ru: { green: '✓ хорошо', yellow: '! внимание', red: '✗ плохо', skipped: '– не смотрели' },
}

const CHECKS: Readonly<Record<Remark['check'], string>> = {
  settings: 'настройки',
  node: 'Node.js',
  language: 'язык',
  name: 'имя',
  address: 'адрес',
  tls: 'TLS',
  itself: 'мост',
  redirect: 'http',
  proxy: 'прокси',
  clock: 'часы',
  metadata: 'метаданные',
  keys: 'ключи',
  database: 'база',
  redis: 'Redis',
  disk: 'диск',
  idp: 'IdP',
  journal: 'журнал',
  mail: 'почта',
  sms: 'SMS',
  watch: 'наблюдение',
}

const COLUMN = { en: 9, ru: 10 } as const
const FIX = { en: 'fix', ru: 'что сделать' } as const

export function shown({ light, check, what, fix }: Remark, language: Language): string[] {
  const name = language === 'ru' ? CHECKS[check] : check
  const before = `${LIGHTS[language][light].padEnd(LIGHTS[language].skipped.length)}  `
  return [
    `${before}${name.padEnd(COLUMN[language])} ${printable(what[language])}`,
    ...(fix === undefined ? [] : [`${' '.repeat(before.length + COLUMN[language] + 2)}${FIX[language]}: ${printable(fix[language])}`]), // prettier-ignore
  ]
}

/** The last line: how many of each. */
export function summed(remarks: readonly Remark[], language: Language): string {
  const count = (wanted: Light): number => remarks.filter(({ light }) => light === wanted).length
  const [bad, middling, good, unseen] = [count('red'), count('yellow'), count('green'), count('skipped')]
  return language === 'ru'
    ? `${bad} плохо, ${middling} внимание, ${good} хорошо${unseen === 0 ? '' : `, ${unseen} не смотрели`}.`
    : `${bad} red, ${middling} yellow, ${good} green${unseen === 0 ? '' : `, ${unseen} not looked at`}.`
}

/** As programs have known it from the start. */
export const forPrograms = (remarks: readonly Remark[]): readonly object[] =>
  remarks.map(({ what, fix, ...rest }) => ({ ...rest, what: what.en, ...(fix && { fix: fix.en }) }))
