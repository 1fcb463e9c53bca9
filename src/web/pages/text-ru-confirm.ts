import type { RefusalCode } from '../../base/refusals.js'
import type { RefusalText } from './refusal-text.js'

type ConfirmCode = Extract<RefusalCode, `confirm.${string}`>

/** All but the first stand above the form of the page that asks for the code. */
export const confirmText: Readonly<Record<ConfirmCode, RefusalText>> = {
  'confirm.no-address': {
    heading: 'Некуда послать код',
    happened:
      'Школа просит подтвердить вход одноразовым кодом. Код мы посылаем только на почту или телефон, которые подтверждены на Госуслугах, а они нам таких не назвали.',
    steps: [
      'Добавьте и подтвердите почту или телефон в профиле на Госуслугах, потом войдите ещё раз.',
      'Если они там есть, позвоните в школу и назовите номер обращения.',
    ],
    call: 'school',
    button: 'again',
  },
  'confirm.not-sent': {
    heading: 'Код не отправился',
    happened: 'Почта или SMS сейчас не принимают сообщения. Вы ничего не сделали не так, и попытка не засчитана.',
    steps: [
      'Подождите минуту и запросите код ещё раз или выберите другой способ.',
      'Если не получается полчаса, позвоните в школу и назовите номер обращения.',
    ],
    call: 'school',
    button: 'again',
  },
  'confirm.mistyped': {
    heading: 'В коде шесть цифр',
    happened: 'Код набран не полностью или с лишними знаками. Попытка не засчитана.',
    steps: ['Введите все шесть цифр из сообщения.'],
    call: 'nobody',
    button: 'again',
  },
  'confirm.wrong': {
    heading: 'Код не подошёл',
    happened: 'Это не тот код, который мы послали.',
    steps: ['Проверьте цифры. Если сообщений несколько, нужен код из последнего.'],
    call: 'nobody',
    button: 'again',
  },
  'confirm.expired': {
    heading: 'Код больше не действует',
    happened: 'Срок кода вышел, или его запросили в другом браузере.',
    steps: ['Запросите новый код.'],
    call: 'nobody',
    button: 'again',
  },
  'confirm.locked': {
    heading: 'Слишком много неверных ответов',
    happened: 'Код пять раз ввели неверно, и мы его отменили.',
    steps: ['Запросите новый код.', 'Если вы его не вводили, смените пароль на Госуслугах и позвоните в школу.'],
    call: 'school',
    button: 'again',
  },
  'confirm.limit': {
    heading: 'Слишком часто',
    happened: 'Кодов запросили или ввели неверно слишком много. Мы делаем перерыв.',
    steps: [
      'Новый код можно запросить через минуту. Если их было много, подождите час.',
      'Сообщение могло попасть в спам. Если его нет, позвоните в школу и назовите номер обращения.',
    ],
    call: 'school',
    button: 'again',
  },
}
