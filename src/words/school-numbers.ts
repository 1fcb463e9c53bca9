/** Numbers under which a school is known, and what is wrong with one. Sentences are for whoever writes bridge.yaml. */
import type { AliasKind } from './school.js'

const SCHOOL_CODE = /^[0-9A-Za-zА-Яа-яЁё._-]{1,32}$/u

/** @returns what is wrong, or undefined. A lone `.` or `..` would vanish from the address `/s/CODE`. */
export function checkSchoolCode(text: string): string | undefined {
  if (!SCHOOL_CODE.test(text)) return 'a school code is 1 to 32 letters, digits, dots, hyphens or underscores'
  return /^\.{1,2}$/.test(text) ? 'a school code cannot be "." or ".."' : undefined
}

/** @returns what is wrong, in English, naming the fix; undefined when the number may be right */
export function checkSchoolNumber(kind: AliasKind, text: string): string | undefined {
  const { form, says, checks } = kinds[kind]
  if (!form.test(text)) return `${kind} is ${says}`
  return checks?.(text) === false ? `${kind} ${text} is misspelt: its check digit does not fit` : undefined
}

interface Kind {
  readonly form: RegExp
  readonly says: string
  /** Whether the check digit fits. */
  readonly checks?: (digits: string) => boolean
}

const kinds: Readonly<Record<AliasKind, Kind>> = {
  ogrn: { form: /^[1-9]\d{12}$/, says: '13 digits', checks: ogrnFits },
  inn: { form: /^(?!0{10})\d{10}$/, says: '10 digits, as an organisation has it', checks: innFits },
  kpp: { form: /^\d{4}[\dA-Z]{2}\d{3}$/, says: '9 signs: digits, the fifth and sixth may be capital Latin letters' },
  oo_code: { form: /^[0-9A-Za-z]{1,20}$/, says: '1 to 20 Latin letters or digits, usually six digits' },
  okpo: { form: /^(?!0+$)(?:\d{8}|\d{10})$/, says: '8 or 10 digits', checks: okpoFits },
  esia_oid: { form: /^[1-9]\d{0,18}$/, says: 'a number of up to 19 digits' },
  journal_id: {
    form: /^[\p{L}\p{N}._:-]{1,64}$/u,
    says: '1 to 64 letters, digits, dots, colons, hyphens or underscores',
  },
}

/** The remainder of the first twelve digits by 11, and of that the last digit (docs/sources.md#school-numbers). */
function ogrnFits(digits: string): boolean {
  return (Number(digits.slice(0, 12)) % 11) % 10 === Number(digits[12])
}

/** Of the nine digits before the check digit of an organisation's ИНН. */
const INN_WEIGHTS = [2, 4, 10, 3, 5, 9, 4, 6, 8]

function innFits(digits: string): boolean {
  return (weigh(digits, i => INN_WEIGHTS[i]!) % 11) % 10 === Number(digits[9])
}

/** Weights 1, 2, 3 … (1 follows 10), modulo 11; on remainder 10 again with weights from 3, where 10 counts as 0. */
function okpoFits(digits: string): boolean {
  const remainder = (first: number) => weigh(digits, i => ((i + first - 1) % 10) + 1) % 11
  const check = remainder(1) < 10 ? remainder(1) : remainder(3) % 10
  return check === Number(digits.at(-1))
}

/** Sum of all digits but the last, each with its weight. */
function weigh(digits: string, weight: (place: number) => number): number {
  return Array.from(digits.slice(0, -1), Number).reduce((sum, digit, place) => sum + digit * weight(place), 0)
}
