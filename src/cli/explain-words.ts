/** What `explain` says beside the audit itself, in both languages. */
import type { AuditEvent } from '../audit/audit.js'
import type { RefusalCode } from '../base/refusals.js'
import type { RequestNumber } from '../base/request-number.js'
import { refusalInRussian, shownRefusal } from './checks-shown.js'
import { eventTitles, factInRussian, factTitle, resultTitles } from './events-in-russian.js'
import type { Language } from './language.js'

type Label = 'address' | 'device' | 'idp' | 'authnMethod' | 'person' | 'journal' | 'accountId' | 'clock'

export interface ExplainWords {
  readonly notNumber: (text: string) => string
  readonly unknown: (number: RequestNumber) => string
  readonly letter: string
  readonly noLetter: string
  readonly labels: Readonly<Record<Label, string>>
  /** Of the column of labels, in characters. */
  readonly width: number
  readonly head: (event: Pick<AuditEvent, 'what' | 'result'>) => string
  readonly later: (seconds: string) => string
  readonly fact: (name: string) => string
  readonly value: (text: string) => string
  readonly checks: string
  readonly refusal: (code: RefusalCode) => readonly string[]
  /** @param seconds by which the IdP's clock is ahead of ours */
  readonly drift: (seconds: number) => string
  readonly usually: (drift: string) => string
}

const english: ExplainWords = {
  notNumber: text => `${text} is no request number. One looks like D7FW-2NQ9: eight letters and digits.`,
  unknown: number =>
    `Nothing is known under ${number}. Ask for the number again, letter by letter. ` +
    'Pages that say "there is no such page" are written down 30 times a minute at most: the number of a further one stands in the log only.',
  letter: 'The IdP must act. This letter to its people can be sent as it stands (--letter prints it alone):',
  noLetter: 'Nothing of this is for the IdP to mend, so there is no letter to write.',
  labels: {
    address: 'address',
    device: 'device',
    idp: 'IdP',
    authnMethod: 'signed in by',
    person: 'person',
    journal: 'journal',
    accountId: 'account',
    clock: "IdP's clock",
  },
  width: 13,
  head: ({ what, result }) => `${what}  ${result}`,
  later: seconds => `(${seconds} s later)`,
  fact: name => name,
  value: text => text,
  checks: 'Checks:',
  refusal: code => shownRefusal(code),
  drift: seconds =>
    seconds === 0 ? 'together with ours' : `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours`,
  usually: drift => `(usually ${drift})`,
}

const russian: ExplainWords = {
  notNumber: text => `«${text}» — не номер обращения. Он выглядит так: D7FW-2NQ9, восемь букв и цифр.`,
  unknown: number =>
    `Под номером ${number} ничего не записано. Попросите назвать номер ещё раз, знак за знаком. ` +
    'Страницы «Такой страницы нет» записываются не чаще 30 раз в минуту: номера остальных есть только в логе процесса.',
  letter:
    'Исправлять должны администраторы IdP. Это письмо можно отправить им как есть (--letter печатает только его):',
  noLetter: 'Администраторам IdP здесь исправлять нечего, поэтому письма нет.',
  labels: {
    address: 'адрес',
    device: 'устройство',
    idp: 'IdP',
    authnMethod: 'способ входа',
    person: 'человек',
    journal: 'журнал',
    accountId: 'учётная запись',
    clock: 'часы IdP',
  },
  width: 22,
  head: ({ what, result }) => `${what} — ${eventTitles[what]}  ${resultTitles[result]}`,
  later: seconds => `(через ${seconds.replace('.', ',')} с)`,
  fact: factTitle,
  value: factInRussian,
  checks: 'Проверки:',
  refusal: refusalInRussian,
  drift: seconds =>
    seconds === 0 ? 'идут вместе с нашими' : `${seconds < 0 ? 'отстают' : 'спешат'} на ${Math.abs(seconds)} с`,
  usually: drift => `(обычно ${drift})`,
}

export const explainWords: Readonly<Record<Language, ExplainWords>> = { en: english, ru: russian }
