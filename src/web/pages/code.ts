import type { MaskedAccount } from '../../identity/bringing.js'
import { roleTitles } from '../../words/account.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { hiddenFields, withOnward, type Onward } from './onward.js'
import type { EnglishText } from './text-en.js'

export const CODE_FIELD = 'code'
/** Sent by «Да, это моя запись». */
export const MINE_FIELD = 'mine'

interface Form extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  readonly onward?: Onward | undefined
}

export interface CodePage extends Form {
  /** Address of the script that types what the QR code said. */
  readonly script: string
  /** What was typed, when it was mistyped. */
  readonly typed?: string | undefined
  /** In two sentences, what is wrong with it. */
  readonly problem?: string | undefined
}

/** `GET /me/code`, and again after a typing mistake. */
export function codePage(args: CodePage): string {
  const { problem } = args
  const main = html`<h1>Введите код от школы</h1>
    <p class="lead">Код напечатан на листочке, который дала вам школа. В нём десять знаков.</p>
    <form method="post" action="/me/code">
      ${hiddenFields({ ...args.onward, [TOKEN_FIELD]: args.token })}
      <label class="field-name" for="code">Код с листочка</label>
      ${problem !== undefined && html`<p id="code-problem" class="problem" role="alert">${problem}</p>`}
      <input
        id="code"
        class="code-input"
        name="${CODE_FIELD}"
        value="${args.typed}"
        maxlength="40"
        required
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        aria-describedby="${problem !== undefined && 'code-problem '}code-hint"
        ${problem !== undefined && html`aria-invalid="true"`}
      />
      <p id="code-hint" class="hint">
        Большие и маленькие буквы, пробелы и дефис значения не имеют. Переключать клавиатуру на латиницу не нужно.
      </p>
      <p class="actions"><button class="button large" type="submit">Показать, чья это запись</button></p>
    </form>
    <p class="hint">
      Сначала мы покажем, чья это запись, и только потом вы её привяжете. Листочка нет? Попросите код у школы: обычно
      этим занимается классный руководитель.
    </p>
    <script src="${args.script}"></script>`
  return page({ ...args, title: 'Код от школы', main: inBoth(main, TYPE_IT, args, BUTTON_SHOW) })
}

const TYPE_IT: EnglishText = {
  heading: 'Type the code from the school',
  happened: 'The code is printed on the slip that the school gave you. It has ten signs.',
  steps: [
    'Capitals, spaces and the hyphen do not matter. We show whose account it is before anything is linked.',
    'If you have no slip, ask the school for a code.',
  ],
}
const BUTTON_SHOW = 'On this page, “Показать, чья это запись” shows whose account the code belongs to.'

export interface WhosePage extends Form {
  readonly code: string
  readonly account: MaskedAccount
  readonly journal: string
  readonly school: string
}

/** Whose account is it? Nothing is bound before the person says: mine. */
export function whosePage(args: WhosePage): string {
  const { account } = args
  const main = html`<h1>Чья это запись?</h1>
    <p class="lead">По этому коду в журнале «${args.journal}» открывается:</p>
    <dl class="facts">${accountFacts(account, args.school)}</dl>
    ${account.otherName && OTHER_NAME}
    <form class="actions" method="post" action="/me/code">
      ${hiddenFields({ ...args.onward, [TOKEN_FIELD]: args.token, [CODE_FIELD]: args.code })}
      <button class="button large" type="submit" name="${MINE_FIELD}" value="yes">Да, это моя запись</button>
      <a class="button quiet" href="${withOnward('/me/code', args.onward)}">Нет, не моя</a>
    </form>
    <p class="hint">
      Фамилии показаны одной буквой, чтобы по чужому листочку никого нельзя было узнать. Если запись не ваша, верните
      листочек школе: мы ничего не привязали.
    </p>`
  return page({ ...args, title: 'Чья это запись?', main: inBoth(main, WHOSE, args, BUTTONS_WHOSE) })
}

/** What may be shown of an account before it is the person's. */
export const accountFacts = (account: MaskedAccount, school: string): readonly (Html | false)[] => [
  fact('Запись выдана', account.holder),
  fact('Роль', roleTitles[account.role]),
  fact('Школа', school),
  account.className !== undefined && fact('Класс', account.className),
  ...account.children.map(child =>
    fact('Ребёнок', [child.name, child.className].filter(part => part !== undefined).join(', ')),
  ),
]

const OTHER_NAME = html`<p class="problem">
  Вы вошли под другим именем. Если запись выдана не вам, а, например, второму родителю, привязывать её нельзя: у каждого
  родителя своя.
</p>`

const fact = (name: string, value: string): Html =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`

const WHOSE: EnglishText = {
  heading: 'Whose account is it?',
  happened: 'Above you see the account that this code opens: its holder, role, school, class and children.',
  steps: ['Take it only if it is yours. Each parent has an account of their own.'],
}
const BUTTONS_WHOSE =
  'On this page, “Да, это моя запись” links the account to you, and “Нет, не моя” goes back; nothing is linked then.'

export interface BoundPage extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly journal: string
  /** By a code of the school, by a login and password of the journal, or newly made by the journal. */
  readonly by: 'code' | 'old-login' | 'created'
  /** Address that opens it; without it the login begins at the journal. */
  readonly loginUrl?: string | undefined
}

export function boundPage(args: BoundPage): string {
  const main = html`<div role="status">
      <h1>${args.by === 'created' ? 'Готово, запись создана' : 'Готово, запись привязана'}</h1>
      <p class="lead">Теперь журнал «${args.journal}» открывается сразу после входа через Госуслуги.</p>
    </div>
    <div class="actions">
      ${
        args.loginUrl === undefined
          ? html`<p>Откройте журнал как обычно и нажмите там «Войти через Госуслуги».</p>`
          : html`<a class="button large" href="${args.loginUrl}">Открыть журнал</a>`
      }
      ${args.by === 'code' && html`<a class="button quiet" href="/me/code">Ввести ещё один код</a>`}
      <a class="button quiet" href="/me">Мой кабинет</a>
    </div>
    <p class="hint">${leftOver[args.by]}</p>`
  return page({ ...args, title: 'Запись привязана', main: inBoth(main, boundText[args.by], args, BUTTONS_BOUND) })
}

const leftOver: Readonly<Record<BoundPage['by'], string>> = {
  code: 'Листочек можно выбросить: этот код больше не сработает.',
  created: 'Журнал запомнил вас под этой записью. Детей к записи родителя прикрепляет школа.',
  'old-login': 'Логин и пароль от журнала здесь больше не понадобятся. Мы их не сохранили.',
}

const bound = (step: string): EnglishText => ({
  heading: 'The account is yours now',
  happened: 'From now on the journal opens as soon as you have signed in at Gosuslugi.',
  steps: [step],
})
const boundText: Readonly<Record<BoundPage['by'], EnglishText>> = {
  code: bound('Throw the slip away: its code works no more.'),
  created: bound('Children are added to the account of a parent by the school.'),
  'old-login': bound('You need the login and password of the journal here no more. We have not kept them.'),
}
const BUTTONS_BOUND =
  'On this page, “Открыть журнал” opens the journal, “Ввести ещё один код” takes another code, and “Мой кабинет” shows your accounts.'
