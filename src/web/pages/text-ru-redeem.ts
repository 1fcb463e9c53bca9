import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'

type RedeemCode = Extract<RefusalCode, `redeem.${string}`>

/** Journals' servers are told this as JSON; a person sees such a page only when a log is read out. */
const notGiven = (why: string): RefusalText => ({
  heading: 'Журнал не получил данные для входа',
  happened: `Сервер журнала пришёл за вашими данными, но ${why}. Данные остались у нас.`,
  steps: ['Откройте журнал и войдите ещё раз.', 'Если не поможет, сообщите номер тем, кто поддерживает журнал.'],
  call: 'journal',
  button: 'none',
})

export const redeemText: Readonly<Record<RedeemCode, RefusalText>> = {
  'redeem.client': notGiven('не доказал, что он от журнала'),
  'redeem.handle': notGiven('пропуск уже использован или устарел'),
  'redeem.limit': notGiven('перед этим слишком много раз ошибся. Через минуту он сможет попробовать снова'),
}
