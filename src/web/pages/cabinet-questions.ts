import { aimed, oneButton, OTHERS_FIELD } from './cabinet-parts.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import type { EnglishText } from './text-en.js'

export interface QuestionPage extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  /** The sign-in is too old for it: where the person signs in anew and comes back here. */
  readonly signInAgain?: string | undefined
  /** Where the person confirms by a code that it is they, and comes back here. */
  readonly confirmFirst?: string | undefined
}

interface Question {
  readonly title: string
  readonly lead: Html
  readonly english: EnglishText
  /** The form that does it. */
  readonly form: Html
  /** What its button says. */
  readonly label: string
}

/** Nothing happens until the button is pressed, and the button stands there only after a fresh sign-in. */
function questionPage(args: QuestionPage, { title, lead, english, form, label }: Question): string {
  const main = html`<h1>${title}</h1>
    ${lead} ${firstStep(args) ?? form}
    <p><a href="/me">Ничего не менять, вернуться в кабинет</a></p>`
  const buttons = `${firstButton(args) ?? `On this page, “${label}” does it`}, and “Ничего не менять, вернуться в кабинет” goes back.`
  return page({ ...args, title, main: inBoth(main, english, args, buttons) })
}

function firstStep({ signInAgain, confirmFirst }: QuestionPage): Html | undefined {
  if (signInAgain !== undefined)
    return html`<p>
        Сначала войдите ещё раз: так никто не сделает этого за вас на оставленном без присмотра телефоне. Потом мы
        вернём вас сюда.
      </p>
      <p class="actions"><a class="button" href="${signInAgain}">Войти ещё раз</a></p>`
  if (confirmFirst === undefined) return undefined
  return html`<p>Сначала подтвердите одноразовым кодом, что это вы. Потом мы вернём вас сюда.</p>
    <p class="actions"><a class="button" href="${confirmFirst}">Подтвердить кодом</a></p>`
}

function firstButton({ signInAgain, confirmFirst }: QuestionPage): string | undefined {
  if (signInAgain !== undefined)
    return 'On this page, “Войти ещё раз” signs you in again first and brings you back here'
  return confirmFirst === undefined
    ? undefined
    : 'On this page, “Подтвердить кодом” confirms by a code that it is you, and brings you back here'
}

export function unlinkPage(
  args: QuestionPage & { readonly id: string; readonly journal: string; readonly school: string },
): string {
  const label = 'Отвязать'
  return questionPage(args, {
    title: 'Отвязать учётную запись?',
    label,
    lead: html`<p class="lead"><strong>${args.journal}</strong>, ${args.school}</p>
      <ul>
        <li>Войти в неё через Госуслуги больше не получится, пока вы её не вернёте.</li>
        <li>Входы, в которых её открывали, завершатся, и журнал узнает об этом.</li>
        <li>Оценки и всё остальное в журнале останется как было.</li>
        <li>Передумать можно 30 дней: в кабинете появится кнопка «Вернуть».</li>
      </ul>`,
    form: html`<div class="actions">${oneButton('/me/unlink', aimed(args.token, args.id), label, 'button')}</div>`,
    english: {
      heading: 'Take this account off you?',
      happened: 'You will not be able to enter it through Gosuslugi until you take it up again.',
      steps: [
        'Sessions in which it was opened end, and the journal is told.',
        'Nothing in the journal itself changes.',
        'You may change your mind for 30 days.',
      ],
    },
  })
}

export function endOthersPage(args: QuestionPage): string {
  const label = 'Завершить все остальные'
  return questionPage(args, {
    title: 'Завершить входы на других устройствах?',
    label,
    lead: html`<p class="lead">Вы останетесь только на этом устройстве.</p>
      <p>На остальных придётся войти заново. Журналам, которые там открывали, мы сообщим сразу.</p>`,
    form: html`<div class="actions">
      ${oneButton('/me/sessions/end', { [TOKEN_FIELD]: args.token, [OTHERS_FIELD]: '1' }, label, 'button')}
    </div>`,
    english: {
      heading: 'End your sessions on other devices?',
      happened: 'You stay signed in on this device alone.',
      steps: ['The journals that were opened there are told at once.'],
    },
  })
}

export function unlockPage(args: QuestionPage & { readonly until: Html }): string {
  const label = 'Это я, открыть журнал'
  return questionPage(args, {
    title: 'Открыть вход в журнал?',
    label,
    lead: html`<p class="lead">Под вашим именем замечено необычное, и журнал закрыт до ${args.until}.</p>
      <ul>
        <li>Если входили вы сами, подтвердите это кодом, и журнал откроется сразу.</li>
        <li>
          Если не вы, не открывайте: смените пароль на Госуслугах и завершите чужие входы в
          <a href="/me#sessions">своём кабинете</a>.
        </li>
      </ul>`,
    form: html`<div class="actions">${oneButton('/me/unlock', { [TOKEN_FIELD]: args.token }, label, 'button')}</div>`,
    english: {
      heading: 'Open the journal again?',
      happened: 'We saw something unusual under your name and closed the journal for a while.',
      steps: [
        'If it was you, confirm it by a code, and the journal opens at once.',
        'If it was not, leave it closed: change your password at Gosuslugi, and end the other sessions in your cabinet.',
      ],
    },
  })
}

export function withdrawPage(
  args: QuestionPage & { readonly id: string; readonly journal: string; readonly school: string },
): string {
  const label = 'Отозвать согласие'
  return questionPage(args, {
    title: 'Отозвать согласие?',
    label,
    lead: html`<p class="lead"><strong>${args.journal}</strong>, ${args.school}</p>
      <ul>
        <li>Мы больше ничего не передадим о вас в этот журнал, и войти в него через Госуслуги не получится.</li>
        <li>Все ваши входы завершатся, этот тоже, и журналы узнают об этом.</li>
        <li>Если вы соглашались за ребёнка младше 18 лет, он тоже может потерять вход.</li>
        <li>Что хранилось здесь на основании согласия, будет уничтожено не позже чем через 30 дней.</li>
        <li>Передумаете — просто войдите в журнал: мы спросим снова. Прежний вход по паролю это не закрывает.</li>
      </ul>`,
    form: html`<div class="actions">
      ${oneButton('/me/consents/withdraw', aimed(args.token, args.id), label, 'button')}
    </div>`,
    english: {
      heading: 'Withdraw your consent?',
      happened: 'Nothing more about you is passed on to this journal, and it cannot be entered through Gosuslugi.',
      steps: [
        'All your sessions end, this one too, and the journals are told.',
        'What was kept here on the ground of the consent is destroyed within 30 days.',
        'If you think better of it, enter the journal: you will be asked again.',
      ],
    },
  })
}

type DoneAndOut = 'unlinked' | 'withdrawn'

const doneAndOut: Readonly<Record<DoneAndOut, { title: string; then: string; english: EnglishText }>> = {
  unlinked: {
    title: 'Запись отвязана',
    then: 'Передумаете — войдите в кабинет и верните запись: это можно сделать 30 дней.',
    english: {
      heading: 'The account was taken off you',
      happened: 'So that the journal closes, too, we ended this session.',
      steps: ['You may take the account up again in your cabinet for 30 days.'],
    },
  },
  withdrawn: {
    title: 'Согласие отозвано',
    then: 'Передумаете — войдите в журнал ещё раз: мы спросим снова.',
    english: {
      heading: 'Your consent is withdrawn',
      happened: 'So that the journal closes, too, we ended this session.',
      steps: ['If you think better of it, enter the journal: you will be asked again.'],
    },
  },
}

/** The account was entered in this very session, which therefore ended, too. */
export function doneAndOutPage(args: Frame & Reader & { readonly done: DoneAndOut }): string {
  const { title, then, english } = doneAndOut[args.done]
  const main = html`<div role="status">
      <h1>${title}</h1>
      <p class="lead">Чтобы журнал тоже закрылся, мы завершили и этот вход.</p>
    </div>
    <p>${then}</p>
    <p class="actions">
      <a class="button" href="/login?me=home">Войти в кабинет</a>
      <a class="button quiet" href="/">На главную страницу входа</a>
    </p>`
  const buttons = 'On this page, “Войти в кабинет” opens your cabinet and “На главную страницу входа” the main page.'
  return page({ ...args, title, main: inBoth(main, english, args, buttons) })
}
