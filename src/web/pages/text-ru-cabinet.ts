import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'

type CabinetCode = Extract<RefusalCode, `cabinet.${string}`>

export const cabinetText: Readonly<Record<CabinetCode, RefusalText>> = {
  'cabinet.unknown': {
    heading: 'Этого в вашем кабинете уже нет',
    happened: 'Скорее всего, страница кабинета была открыта давно и устарела. Мы ничего не изменили.',
    steps: ['Откройте кабинет заново: там видно, как всё обстоит сейчас.'],
    call: 'nobody',
    button: 'none',
    link: { href: '/me', text: 'Открыть мой кабинет' },
  },
  'cabinet.too-late': {
    heading: 'Вернуть эту запись уже нельзя',
    happened: 'Вернуть отвязанную запись можно в течение 30 дней и только ту, которую отвязали вы сами.',
    steps: [
      'Позвоните в школу и скажите, что хотите снова входить в журнал через Госуслуги.',
      'Школа ответит, и вход откроется.',
    ],
    call: 'school',
    button: 'none',
    link: { href: '/me', text: 'Открыть мой кабинет' },
  },
  'cabinet.asked-often': {
    heading: 'Сегодня вы уже много раз спрашивали школу',
    happened: 'За сутки можно отправить шесть вопросов. Те, что вы отправили, никуда не делись: школа их видит.',
    steps: [
      'Откройте кабинет: там видно, на какие вопросы школа уже ответила.',
      'Если дело срочное, позвоните в школу и назовите номер вопроса.',
    ],
    call: 'school',
    button: 'none',
    link: { href: '/me', text: 'Открыть мой кабинет' },
  },
}
