import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, type Frame } from './layout.js'
import type { EnglishText } from './text-en.js'

/** A journal that was entered before the sign-out: it has a session of its own. */
export interface LeftJournal {
  readonly title: string
  /** `told`: it confirmed that its session ended. `later`: it did not answer and will be told again. `never`: it cannot be told. */
  readonly state: 'told' | 'later' | 'never'
  /** Where the person can sign out by hand. */
  readonly url?: string | undefined
}

export interface FarewellPage extends Frame, Reader {
  /** `partial`: the IdP says that not every service could be reached. `false`: it did not confirm at all. */
  readonly idpDone: boolean | 'partial'
  readonly journals: readonly LeftJournal[]
  /** The journal that sent the person here to sign out wants them back. */
  readonly back?: string | undefined
}

export function farewellPage(args: FarewellPage): string {
  const told = args.journals.filter(({ state }) => state === 'told')
  const open = args.journals.filter(({ state }) => state !== 'told')
  const title = open.length === 0 ? 'Вы вышли' : 'Вы вышли не отовсюду'
  const main = html`<div role="status">
      <h1>${title}</h1>
      <p class="lead">${idpSentence(args.idpDone)}</p>
      ${told.length > 0 && html`<p>${told.length === 1 ? 'Журнал подтвердил выход' : 'Журналы подтвердили выход'}: ${titlesOf(told)}.</p>`}
    </div>
    ${open.length > 0 && stillOpen(open)}
    <h2>На общем компьютере</h2>
    <p>Закройте все окна браузера: тогда после вас никто ничего не откроет.</p>
    <p class="actions">
      ${args.back !== undefined && html`<a class="button" href="${args.back}">Вернуться в журнал</a>`}
      <a class="button quiet" href="/">Войти снова</a>
    </p>`
  const buttons = args.back === undefined ? SIGN_IN_AGAIN : OR_GO_BACK
  return page({ ...args, signedIn: undefined, title, main: inBoth(main, farewellEn(args, open), args, buttons) })
}

const ON_SHARED = 'On a shared computer close all windows of the browser.'
const titlesOf = (journals: readonly LeftJournal[]): string => journals.map(({ title }) => title).join(', ')
const SIGN_IN_AGAIN = 'On this page, “Войти снова” signs in again.'
const OR_GO_BACK = `${SIGN_IN_AGAIN} “Вернуться в журнал” leads back to the journal.`

function farewellEn({ idpDone }: FarewellPage, open: readonly LeftJournal[]): EnglishText {
  return {
    heading: open.length === 0 ? 'You are signed out' : 'You are not signed out everywhere',
    happened: idpSentenceEn(idpDone),
    steps: open.length === 0 ? [ON_SHARED] : [ON_SHARED, `Still open: ${titlesOf(open)}. Sign out there, too.`],
  }
}

function idpSentence(done: FarewellPage['idpDone']): string {
  if (done === true) return 'Вход закончен и здесь, и на Госуслугах.'
  if (done === 'partial')
    return 'Здесь вход закончен. Госуслуги сообщили, что вышли не из всех сервисов: закройте браузер, чтобы выйти отовсюду.'
  return 'Здесь вход закончен, но Госуслуги этого не подтвердили. Откройте сайт Госуслуг и выйдите там тоже.'
}

function idpSentenceEn(done: FarewellPage['idpDone']): string {
  if (done === true) return 'You are signed out here and at Gosuslugi.'
  if (done === 'partial')
    return 'You are signed out here. Gosuslugi did not reach every service: close the browser to be signed out of all.'
  return 'You are signed out here, but Gosuslugi did not confirm it. Open its site and sign out there, too.'
}

const stillOpen = (journals: readonly LeftJournal[]): Html =>
  html`<h2>${journals.length === 1 ? 'В журнале вы ещё не вышли' : 'В журналах вы ещё не вышли'}</h2>
    <p>У журнала свой выход. Откройте журнал и нажмите «Выход»:</p>
    <ul>
      ${journals.map(({ title, state, url }) => {
        const name = url === undefined ? title : html`<a href="${url}">${title}</a>`
        return html`<li>
          ${name}${state === 'later' && html` <small>Журнал не ответил, мы сообщим ему о выходе ещё раз.</small>`}
        </li>`
      })}
    </ul>`

const passOnEn: EnglishText = {
  heading: 'Signing you out at Gosuslugi',
  happened: 'This page goes on by itself.',
  steps: ['If it does not, press the button.'],
}
const PASS_ON = 'On this page, “Продолжить” goes on.'

/** A message to the IdP that a form must carry: it posts itself, and where scripts are off the button does. */
export function passOnPage(
  args: Frame &
    Reader & { readonly to: string; readonly fields: Readonly<Record<string, string>>; readonly script: string },
): string {
  const main = html`<h1>Заканчиваем вход на Госуслугах</h1>
    <p class="lead">Если страница не сменилась сама, нажмите кнопку.</p>
    <form class="actions" id="pass-on" method="post" action="${args.to}">
      ${Object.entries(args.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button class="button large" type="submit">Продолжить</button>
    </form>
    <script src="${args.script}"></script>`
  return page({ ...args, signedIn: undefined, title: 'Заканчиваем вход', main: inBoth(main, passOnEn, args, PASS_ON) })
}
