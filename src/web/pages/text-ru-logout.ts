import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'

type LogoutCode = Extract<RefusalCode, `${'logout' | 'soap'}.${string}`>

/** Messages that programs send; a person sees these pages only when an IdP's request comes by way of the browser. */
const notDone = (why: string): RefusalText => ({
  heading: 'Выход не выполнен',
  happened: `Госуслуги прислали просьбу о выходе, но ${why}. Здесь ничего не изменилось.`,
  steps: [
    'Откройте главную страницу и нажмите «Выйти».',
    'На общем компьютере закройте все окна браузера.',
    'Если это повторяется, сообщите в поддержку номер с этой страницы.',
  ],
  call: 'bridge',
  button: 'none',
})

export const logoutText: Readonly<Record<LogoutCode, RefusalText>> = {
  'logout.unknown': {
    heading: 'Этот выход уже завершён',
    happened: 'Пришло подтверждение выхода, которого этот браузер не ждёт. Скорее всего, вы уже вышли раньше.',
    steps: [
      'На общем компьютере закройте все окна браузера.',
      'Если сомневаетесь, откройте главную страницу: она покажет, вышли ли вы.',
    ],
    call: 'nobody',
    button: 'none',
  },
  'logout.replayed': {
    heading: 'Выход не выполнен',
    happened:
      'Госуслуги прислали просьбу о выходе под номером, под которым уже приходила другая. Эта ничего здесь не изменила.',
    steps: ['Если сомневаетесь, откройте главную страницу: она покажет, вышли ли вы.'],
    call: 'nobody',
    button: 'none',
  },
  'logout.other-name': notDone('человек в ней назван не так, как при входе'),
  'soap.envelope': notDone('сообщение устроено не так, как мы ждём'),
  'soap.version': notDone('сообщение составлено по другой версии правил'),
  'soap.must-understand': notDone('она требует того, чего мы не умеем'),
}
