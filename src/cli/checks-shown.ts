import { meaningsRu } from '../base/meanings-ru.js'
import { remediesRu } from '../base/remedies-ru.js'
import { refusals, type Fault, type RefusalCode } from '../base/refusals.js'
import { remedies } from '../base/remedies.js'
import type { Check } from '../words/check.js'
import { checkTitle } from '../saml/check-titles.js'
import { EARLIER_FAILED } from '../saml/notes.js'
import { inRussian } from './checks-in-russian.js'
import type { Language } from './language.js'
import { oneLine } from './printable.js'

const MARKS = { pass: '✓', fail: '✗', 'not-checked': '–' } as const

interface CheckWords {
  readonly name: (check: string) => string
  readonly text: (text: string) => string
  readonly failed: string
  readonly notChecked: string
  readonly noReason: string
  readonly expected: string
  readonly found: string
  readonly why: string
  readonly left: (count: number) => string
}

const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = {
  en: {
    name: check => check,
    text: text => text,
    failed: 'FAILED',
    notChecked: 'not checked',
    noReason: 'no reason was written down',
    expected: 'expected',
    found: 'found',
    why: 'why',
    left: count => `${count} more were not asked, for this one decides`,
  },
  ru: {
    name: check => (checkTitle(check) === undefined ? check : `${checkTitle(check)} (${check})`),
    text: inRussian,
    failed: 'НЕ ПРОЙДЕНА',
    notChecked: 'не проверяли',
    noReason: 'почему, не записано',
    expected: 'ожидали',
    found: 'получили',
    why: 'подробно',
    left: count => `дальше не проверяли (осталось ${count}): решила эта проверка`,
  },
}

/** A line a check; what failed is followed by what was expected and found. */
export function shownChecks(checks: readonly Check[], indent = '  ', language: Language = 'en'): string[] {
  const words = CHECK_WORDS[language]
  const asked = checks.filter(each => !isNeverAsked(each))
  const left = checks.length - asked.length
  const width = Math.max(0, ...asked.map(({ check }) => words.name(check).length)) + 2
  const told = (text: string): string => oneLine(words.text(text))
  const lines = asked.flatMap(({ check, result, expected, found, why }) => {
    const head = `${indent}${MARKS[result]} ${words.name(check).padEnd(width)}`
    if (result === 'pass') return [`${head}${told(found ?? '')}`.trimEnd()]
    if (result === 'not-checked') return [`${head}${words.notChecked}: ${told(why ?? words.noReason)}`]
    const further = [
      [words.expected, expected],
      [words.found, found],
      [words.why, why],
    ].flatMap(([name, text]) => (text === undefined ? [] : [`${indent}    ${name!.padEnd(9)} ${told(text)}`]))
    return [`${head}${words.failed}`, ...further]
  })
  return left === 0 ? lines : [...lines, `${indent}– ${words.left(left)}`]
}

/** Nobody came to it. What was passed over for a reason of its own is shown. */
const isNeverAsked = ({ result, why }: Check): boolean => result === 'not-checked' && why === EARLIER_FAILED

const WHO: Readonly<Record<Fault, string>> = {
  person: 'the person who signs in',
  idp: "the identity provider's administrators",
  journal: "the journal's developers",
  operator: 'whoever runs the bridge',
  school: 'the school that keeps the list',
}

export const whoMustAct = (code: RefusalCode): string => WHO[refusals[code].fault]

/** What a code means, who can change it, and how. */
/** @param actor @param remedy where more is known than the code says */
export const shownRefusal = (code: RefusalCode, actor = whoMustAct(code), remedy = remedies[code]): string[] => [
  `Refused: ${code}. ${refusals[code].meaning}`,
  `Who must act: ${actor}.`,
  `What to do: ${remedy}`,
]

const WHO_RU: Readonly<Record<Fault, string>> = {
  person: 'человек, который входит',
  idp: 'администраторы IdP',
  journal: 'разработчики журнала',
  operator: 'тот, кто обслуживает мост',
  school: 'школа, которая ведёт список',
}

export const refusalInRussian = (code: RefusalCode): string[] => [
  `Отказ: ${code}. ${meaningsRu[code]}`,
  `Кто должен действовать: ${WHO_RU[refusals[code].fault]}.`,
  `Что делать: ${remediesRu[code]}`,
]
