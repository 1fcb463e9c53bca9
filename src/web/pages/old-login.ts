import type { MaskedAccount } from '../../identity/bringing.js'
import { accountFacts } from './code.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { hiddenFields, withOnward, type Onward } from './onward.js'
import { searchFirst, type Searched } from './school-list.js'
import type { EnglishText } from './text-en.js'

export const OLD_LOGIN = '/me/old-login'
export const LOGIN_FIELD = 'login'
export const PASSWORD_FIELD = 'password'
/** Whose login it is; `school` is where the person wanted to go. */
export const SCHOOL_FIELD = 'of'
/** Sent by «Да, это моя запись»: which account, and that the journal has said yes. */
export const PROVEN_FIELD = 'proven'

interface Form extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  readonly journal: string
  /** Where the person wanted to go in that journal. */
  readonly onward: Onward
}

export interface OldLoginPage extends Form {
  /** Several: the person says whose login it is. */
  readonly schools: readonly { readonly code: string; readonly title: string }[]
  /** They are too many for a list, and these are what was found among them. */
  readonly search?: Searched | undefined
  /** What was typed, when it was wrong; never the password. */
  readonly typed?: string | undefined
  readonly problem?: string | undefined
}

/** `GET /me/old-login`, and again when login and password do not fit. */
export function oldLoginPage(args: OldLoginPage): string {
  const { journal } = args
  const main = html`<h1>Войдите под старым логином журнала</h1>
    <p class="lead">
      Если школа когда-то дала вам логин и пароль от журнала «${journal}», введите их один раз. По ним мы поймём, какая
      запись ваша, и дальше журнал будет открываться через Госуслуги.
    </p>
    <p><strong>Нужен пароль от журнала, а не от Госуслуг.</strong> Пароль от Госуслуг здесь не вводите.</p>
    ${args.search && searchFirst(args.search, OLD_LOGIN, args.onward)} ${args.schools.length > 0 && loginForm(args)}
    <p class="hint">
      Сначала мы покажем, чья это запись, и только потом вы её привяжете. Пароль не помните? Введите
      <a href="${withOnward('/me/code', args.onward)}">код от школы</a> или попросите у неё новый пароль.
    </p>`
  return page({ ...args, title: 'Старый логин журнала', main: inBoth(main, TYPE_IT, args, BUTTON_SHOW) })
}

function loginForm(args: OldLoginPage): Html {
  const { problem, journal, search } = args
  return html`<form method="post" action="${OLD_LOGIN}">
    ${hiddenFields({ ...args.onward, ...(search && { q: search.query }), [TOKEN_FIELD]: args.token })}
    ${schoolField(args)}
    <label for="login" class="caption">Логин от журнала</label>
    ${problem !== undefined && html`<p id="login-problem" class="problem" role="alert">${problem}</p>`}
    <input
      id="login"
      name="${LOGIN_FIELD}"
      value="${args.typed}"
      class="typed"
      maxlength="100"
      required
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      ${problem !== undefined && html`aria-invalid="true" aria-describedby="login-problem"`}
    />
    <label for="password" class="caption">Пароль от журнала</label>
    <input
      id="password"
      type="password"
      class="typed"
      name="${PASSWORD_FIELD}"
      maxlength="200"
      required
      autocomplete="off"
      aria-describedby="password-hint"
    />
    <p id="password-hint" class="hint">
      Логин и пароль мы один раз передадим журналу «${journal}», чтобы он их проверил, и нигде не сохраним. Попробовать
      можно три раза в час.
    </p>
    <p class="actions"><button class="button large" type="submit">Показать, чья это запись</button></p>
  </form>`
}

function schoolField({ schools }: OldLoginPage): Html | false {
  if (schools.length < 2) return schools[0] !== undefined && hidden(schools[0].code)
  return html`<label for="school" class="caption">Школа</label>
    <select id="school" class="typed" name="${SCHOOL_FIELD}" required>
      <option value="">Выберите школу</option>
      ${schools.map(({ code, title }) => html`<option value="${code}">${title}</option>`)}
    </select>`
}

const hidden = (school: string): Html => html`${hiddenFields({ [SCHOOL_FIELD]: school })}`

const TYPE_IT: EnglishText = {
  heading: 'Sign in with the old login of the journal',
  happened:
    'If the school once gave you a login and a password for the journal, type them here once: they tell us which account is yours.',
  steps: [
    'Type the password of the journal, never that of Gosuslugi.',
    'We pass both to the journal once, so that it checks them, and keep neither.',
    'We show whose account it is before anything is linked. You have three tries an hour.',
  ],
}
const BUTTON_SHOW = 'On this page, “Показать, чья это запись” shows whose account the login opens.'

export interface ProvenPage extends Form {
  readonly school: string
  readonly accounts: readonly { readonly account: MaskedAccount; readonly proven: string }[]
}

/** Whose account is it? Nothing is bound before the person says: mine. */
export function provenPage(args: ProvenPage): string {
  const again = withOnward(OLD_LOGIN, args.onward)
  const main = html`<h1>Чья это запись?</h1>
    <p class="lead">Журнал «${args.journal}» узнал логин и пароль. Под ними открывается:</p>
    ${args.accounts.map(each => provenAccount(args, each))}
    <p class="actions"><a class="button quiet" href="${again}">Нет, не моя</a></p>
    <p class="hint">
      Фамилии показаны одной буквой. Если запись не ваша, мы ничего не привязали. На ответ есть десять минут, потом
      логин и пароль понадобятся ещё раз.
    </p>`
  return page({ ...args, title: 'Чья это запись?', main: inBoth(main, WHOSE, args, BUTTONS_WHOSE) })
}

const provenAccount = (args: ProvenPage, { account, proven }: ProvenPage['accounts'][number]): Html =>
  html`<dl class="facts">${accountFacts(account, args.school)}</dl>
    <form class="actions" method="post" action="${OLD_LOGIN}">
      ${hiddenFields({ ...args.onward, [TOKEN_FIELD]: args.token, [PROVEN_FIELD]: proven })}
      <button class="button large" type="submit">Да, это моя запись</button>
    </form>`

const WHOSE: EnglishText = {
  heading: 'Whose account is it?',
  happened:
    'The journal knows this login and password. Above you see the account: its holder, role, school and children.',
  steps: ['Take it only if it is yours. Each parent has an account of their own.'],
}
const BUTTONS_WHOSE =
  'On this page, “Да, это моя запись” links the account to you, and “Нет, не моя” goes back; nothing is linked then.'
