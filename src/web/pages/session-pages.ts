import type { Instant } from '../../base/clock.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { refusalTextEn, type EnglishText } from './text-en.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { moment } from './number.js'

export interface SignedInPage extends Frame {
  readonly signedIn: SignedIn
  /** For the plain sign-out. */
  readonly token: string
  readonly journals: readonly {
    readonly title: string
    readonly school?: string | undefined
    readonly loginUrl: string
  }[]
  readonly selfTest?: string | undefined
  readonly ends: SessionEnds
}

export interface SessionEnds {
  /** Minutes without a click after which the login ends. */
  readonly idleMinutes: number
  /** When it ends in any case. */
  readonly at: Instant
}

/** `GET /` while somebody is signed in. */
export function signedInPage(args: SignedInPage): string {
  const main = html`<h1>Вы вошли</h1>
    ${
      args.journals.length === 0
        ? html`<p class="lead">Журналы к этому входу пока не подключены.</p>`
        : html`<p class="lead">Журнал откроется сразу, без пароля.</p>
            <ul class="doors">
              ${args.journals.map(door)}
            </ul>`
    }
    <p><a href="/me">Мой кабинет</a>: ваши записи в журналах, где вы вошли и что мы о вас передали.</p>
    <p>Школа дала вам листочек с кодом? <a href="/me/code">Введите код</a></p>
    <h2>Закончили?</h2>
    <p>
      Вход закончится сам через ${minutes(args.ends.idleMinutes)} без дела и в любом случае ${moment(args.ends.at)}.
    </p>
    <p>На общем компьютере обязательно выйдите: иначе ваш журнал увидит следующий.</p>
    ${signOut(args.token, 'button quiet')}
    ${
      args.selfTest !== undefined &&
      html`<p class="hint">Для специалистов школы: <a href="${args.selfTest}">проверить вход</a>.</p>`
    }`
  return page({ ...args, title: 'Вы вошли', main })
}

/** «через 1 минуту, 2 минуты, 5 минут» */
const minutes = (count: number): string => {
  const form = new Intl.PluralRules('ru').select(count)
  return `${count} ${form === 'one' ? 'минуту' : form === 'few' ? 'минуты' : 'минут'}`
}

const door = ({ title, school, loginUrl }: SignedInPage['journals'][number]): Html =>
  html`<li>
    <span>${title}${school !== undefined && html` <small>${school}</small>`}</span>
    <a class="button" href="${loginUrl}">Открыть журнал<span class="heard">: ${title} ${school}</span></a>
  </li>`

const signOut = (token: string, look: string, fields: Readonly<Record<string, string>> = {}): Html =>
  html`<form class="actions" method="post" action="/logout">
    ${Object.entries({ [TOKEN_FIELD]: token, ...fields }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${look}" type="submit">Выйти</button>
  </form>`

export interface LogoutPage extends Frame, Reader {
  readonly token?: string | undefined
  /** Further hidden fields: which journal wants the person back, and where. */
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** `GET /logout`: nothing happens until the button is pressed. */
export function logoutPage(args: LogoutPage): string {
  const signedIn = args.signedIn && args.token !== undefined
  const main = signedIn
    ? html`<h1>Выйти?</h1>
        <p class="lead">Мы закончим ваш вход здесь и на Госуслугах.</p>
        ${signOut(args.token ?? '', 'button large', args.fields)}
        <p><a href="/">Не выходить, вернуться к журналам</a></p>`
    : html`<h1>Вы уже вышли</h1>
        <p class="lead">В этом браузере сейчас никто не вошёл.</p>
        <p class="actions"><a class="button quiet" href="/">На главную страницу входа</a></p>`
  const [text, buttons] = signedIn ? ASKED : GONE
  return page({ ...args, title: signedIn ? 'Выйти?' : 'Вы уже вышли', main: inBoth(main, text, args, buttons) })
}

const ON_SHARED = 'On a shared computer close all windows of the browser.'

const ASKED: readonly [EnglishText, string] = [
  {
    heading: 'Sign out?',
    happened: 'We will end your sign-in here and at Gosuslugi. Nothing happens until you press the button.',
    steps: ['On a shared computer do sign out: otherwise the next person sees your journal.'],
  },
  'On this page, “Выйти” signs you out, “Не выходить, вернуться к журналам” goes back to the journals, and “Это не вы? ' +
    'Войти другим” signs somebody else in.',
]

const GONE: readonly [EnglishText, string] = [
  { heading: 'You are signed out already', happened: 'Nobody is signed in in this browser.', steps: [ON_SHARED] },
  'On this page, “На главную страницу входа” opens the main page.',
]

/** The browser lost the cookie of its login: one click starts it anew and keeps the target. */
export function continueLoginPage(
  args: Frame & Reader & { readonly continueUrl: string; readonly journal?: string | undefined },
): string {
  const main = html`<div role="status">
      <h1>Остался один шаг</h1>
      <p class="lead">
        Браузер не запомнил начало входа, так бывает. Нажмите кнопку:
        ${args.journal === undefined ? 'вход продолжится' : html`откроется «${args.journal}»`}, обычно уже без пароля.
      </p>
    </div>
    <p class="actions"><a class="button large" href="${args.continueUrl}">Продолжить вход</a></p>
    <p class="hint">
      Если эта страница появляется снова и снова, разрешите в браузере cookie для этого сайта, выйдите из режима
      инкогнито или откройте страницу школы в другом браузере.
    </p>`
  return page({ ...args, title: 'Остался один шаг', main: inBoth(main, refusalTextEn['login.cookie-missing'], args) })
}
