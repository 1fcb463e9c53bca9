import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { refusalTextEn } from './text-en.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'

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
    <h2>Закончили?</h2>
    <p>На общем компьютере обязательно выйдите: иначе ваш журнал увидит следующий.</p>
    ${signOut(args.token, 'button quiet')}
    ${
      args.selfTest !== undefined &&
      html`<p class="hint">Для специалистов школы: <a href="${args.selfTest}">проверить вход</a>.</p>`
    }`
  return page({ ...args, title: 'Вы вошли', main })
}

const door = ({ title, school, loginUrl }: SignedInPage['journals'][number]): Html =>
  html`<li>
    <span>${title}${school !== undefined && html` <small>${school}</small>`}</span>
    <a class="button" href="${loginUrl}">Открыть журнал<span class="heard">: ${title} ${school}</span></a>
  </li>`

const signOut = (token: string, look: string): Html =>
  html`<form class="actions" method="post" action="/logout">
    <input type="hidden" name="${TOKEN_FIELD}" value="${token}" />
    <button class="${look}" type="submit">Выйти</button>
  </form>`

/** `GET /logout`: nothing happens until the button is pressed. */
export function logoutPage(args: Frame & { readonly token?: string | undefined }): string {
  const signedIn = args.signedIn && args.token !== undefined
  const main = signedIn
    ? html`<h1>Выйти?</h1>
        <p class="lead">Мы закончим ваш вход здесь и на Госуслугах.</p>
        ${signOut(args.token ?? '', 'button large')}
        <p><a href="/">Не выходить, вернуться к журналам</a></p>`
    : html`<h1>Вы уже вышли</h1>
        <p class="lead">В этом браузере сейчас никто не вошёл.</p>
        <p class="actions"><a class="button quiet" href="/">На главную страницу входа</a></p>`
  return page({ ...args, title: signedIn ? 'Выйти?' : 'Вы уже вышли', main })
}

export interface FarewellPage extends Frame {
  /** `partial`: the IdP says that not every service could be reached. `false`: it did not confirm at all. */
  readonly idpDone: boolean | 'partial'
  /** Titles of the journals that were entered: each has a session of its own, which may still be open. */
  readonly journals: readonly string[]
}

export function farewellPage(args: FarewellPage): string {
  const main = html`<div role="status">
      <h1>Вы вышли</h1>
      <p class="lead">${idpSentence(args.idpDone)}</p>
    </div>
    ${args.journals.length > 0 && journalsLeft(args.journals)}
    <h2>На общем компьютере</h2>
    <p>Закройте все окна браузера: тогда после вас никто ничего не откроет.</p>
    <p class="actions"><a class="button quiet" href="/">Войти снова</a></p>`
  return page({ ...args, signedIn: undefined, title: 'Вы вышли', main })
}

function idpSentence(done: FarewellPage['idpDone']): string {
  if (done === true) return 'Вход закончен и здесь, и на Госуслугах.'
  if (done === 'partial')
    return 'Здесь вход закончен. Госуслуги сообщили, что вышли не из всех сервисов: закройте браузер, чтобы выйти отовсюду.'
  return 'Здесь вход закончен, но Госуслуги этого не подтвердили. Откройте сайт Госуслуг и выйдите там тоже.'
}

const journalsLeft = (journals: readonly string[]): Html =>
  html`<h2>Журнал может быть ещё открыт</h2>
    <p>У журнала свой выход, нажать его за вас мы не можем. Откройте его и нажмите «Выход»:</p>
    <ul>
      ${journals.map(title => html`<li>${title}</li>`)}
    </ul>`

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
