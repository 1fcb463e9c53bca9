import type { RefusalCode } from '../../base/refusals.js'
import type { EnglishText } from './text-en.js'

type CabinetCode = Extract<RefusalCode, `cabinet.${string}`>

export const cabinetTextEn: Readonly<Record<CabinetCode, EnglishText>> = {
  'cabinet.unknown': {
    heading: 'This is no longer in your cabinet',
    happened: 'Most likely the page was opened long ago and is out of date. We changed nothing.',
    steps: ['Open the cabinet again (“Открыть мой кабинет”): it shows how things stand now.'],
  },
  'cabinet.too-late': {
    heading: 'This account cannot be taken up again',
    happened: 'That is possible for 30 days, and only for an account that you took off yourself.',
    steps: ['Call the school and tell it that you want to enter the journal through Gosuslugi again.'],
  },
  'cabinet.asked-often': {
    heading: 'You have asked the school often today',
    happened: 'Six questions a day are possible. Those that you sent are with the school.',
    steps: [
      'Open the cabinet: it shows which were answered.',
      'If it is urgent, call the school and tell it the number.',
    ],
  },
}
