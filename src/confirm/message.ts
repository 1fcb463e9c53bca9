/** What the message with a code says: the code, what it is for, which site, and that it is nobody else's business. */
import type { Purpose } from '../words/confirming.js'
import type { ConfirmCode } from './code.js'

interface Told {
  readonly code: ConfirmCode
  readonly purpose: Purpose
  readonly publicUrl: string
  readonly minutes: number
}

/** After «чтобы …». */
const wants: Readonly<Record<Purpose['what'], string>> = {
  link: 'привязать к вам учётную запись электронного журнала',
  entry: 'войти в электронный журнал',
  unlink: 'отвязать от вас учётную запись электронного журнала',
  withdraw: 'отозвать согласие на обработку персональных данных',
  'end-others': 'завершить ваши входы на других устройствах',
  unlock: 'снова открыть вам электронный журнал',
}

export const wantOf = ({ what }: Purpose): string => wants[what]

export function codeMail({ code, purpose, publicUrl, minutes }: Told): { subject: string; text: string } {
  const { host } = new URL(publicUrl)
  const text = [
    `Код: ${code}`,
    '',
    `Он нужен, чтобы ${wantOf(purpose)} на сайте ${host}.`,
    `Код действует ${minutes} мин. и только в том браузере, где его запросили.`,
    '',
    'Никому его не сообщайте: ни школа, ни Госуслуги никогда о нём не спрашивают.',
    `Если код запросили не вы, кто-то вошёл под вашим именем. Смените пароль на Госуслугах, потом откройте ${publicUrl}/me и завершите чужие входы.`,
  ].join('\n')
  return { subject: 'Код подтверждения для входа в электронный журнал', text }
}

/** As short as it can be: long messages arrive in parts and cost more. */
const shortWants: Readonly<Record<Purpose['what'], string>> = {
  link: 'привязать журнал',
  entry: 'войти в журнал',
  unlink: 'отвязать журнал',
  withdraw: 'отозвать согласие',
  'end-others': 'завершить входы',
  unlock: 'снова открыть журнал',
}

export const codeSms = ({ code, purpose, publicUrl }: Told): string =>
  `${code} - код, чтобы ${shortWants[purpose.what]} на ${new URL(publicUrl).host}. Никому не сообщайте`
