import { refusals, type Fault, type RefusalCode } from '../base/refusals.js'
import { remedies } from '../base/remedies.js'
import type { Check } from '../words/check.js'
import { EARLIER_FAILED } from '../saml/notes.js'
import { oneLine } from './printable.js'

const MARKS = { pass: '✓', fail: '✗', 'not-checked': '–' } as const

/** A line a check; what failed is followed by what was expected and found. */
export function shownChecks(checks: readonly Check[], indent = '  '): string[] {
  const asked = checks.filter(each => !isNeverAsked(each))
  const left = checks.length - asked.length
  const width = Math.max(0, ...asked.map(({ check }) => check.length)) + 2
  const lines = asked.flatMap(({ check, result, expected, found, why }) => {
    const head = `${indent}${MARKS[result]} ${check.padEnd(width)}`
    if (result === 'pass') return [`${head}${oneLine(found ?? '')}`.trimEnd()]
    if (result === 'not-checked') return [`${head}not checked: ${oneLine(why ?? 'no reason was written down')}`]
    const further = [
      ['expected', expected],
      ['found', found],
      ['why', why],
    ].flatMap(([name, text]) => (text === undefined ? [] : [`${indent}    ${name!.padEnd(9)} ${oneLine(text)}`]))
    return [`${head}FAILED`, ...further]
  })
  return left === 0 ? lines : [...lines, `${indent}– ${left} more were not asked, for this one decides`]
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
