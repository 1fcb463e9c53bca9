/** «Создать запись в журнале»: exactly what the journal would hear, and a box that nobody has ticked. */
import type { Releasable, Released } from '../../words/released.js'
import { roleTitles, type CreatableRole } from '../../words/account.js'
import { html } from './html.js'
import { releasedNames } from './cabinet-history.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { hiddenFields, withOnward, type Onward } from './onward.js'
import { searchFirst, type Searched } from './school-list.js'

export const CREATE = '/me/create'
/** Names of the form's fields: which account, what the page showed, and the box. */
export const OF_FIELD = 'of'
export const AS_FIELD = 'as'
export const SHOWN_FIELD = 'shown'
export const AGREE_FIELD = 'agree'
export const AGREED = 'yes'

interface Framed extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  readonly journal: string
  readonly onward: Onward
}

export interface Offered {
  readonly school: { readonly code: string; readonly title: string }
  readonly role: CreatableRole
}

export interface ChooseNewPage extends Framed {
  readonly offers: readonly Offered[]
  /** The schools are too many for a list, and these are what was found among them. */
  readonly search?: Searched | undefined
}

/** Several could be made: in which school, and as whom. */
export function chooseNewPage(args: ChooseNewPage): string {
  const main = html`<h1>Какую запись создать?</h1>
    <p class="lead">Мы не нашли вас в списках школ. Журнал «${args.journal}» может создать для вас новую запись.</p>
    ${args.search && searchFirst(args.search, CREATE, args.onward)}
    ${
      args.offers.length > 0 &&
      html`<ul class="doors">
        ${args.offers.map(({ school, role }) => {
          const to = withOnward(CREATE, { ...args.onward, [OF_FIELD]: school.code, [AS_FIELD]: role })
          return html`<li>
            <span><strong>${roleTitles[role]}</strong><small>${school.title}</small></span>
            <a class="button" href="${to}">Выбрать<span class="heard">: ${roleTitles[role]}, ${school.title}</span></a>
          </li>`
        })}
      </ul>`
    }
    <p class="hint">Пока ничего не создано. На следующей странице вы увидите, какие данные получит журнал.</p>`
  return page({ ...args, title: 'Какую запись создать?', main: inBoth(main, CHOOSE, args, BUTTONS_CHOOSE) })
}

const CHOOSE = {
  heading: 'Which account should be made?',
  happened: 'The lists of the schools do not name you. The journal can make a new account for you.',
  steps: ['Choose school and role. The next page shows what the journal would hear of you; nothing is made before.'],
} as const
const BUTTONS_CHOOSE = 'On this page, “Выбрать” chooses the account of that line.'

export interface CreatePage extends Framed, Offered {
  /** Exactly what would be sent. */
  readonly released: Released
  /** What a form carries so that more than was shown is never sent: the names of it. */
  readonly shown: string
  readonly why?: 'unticked' | 'changed' | undefined
}

export function createPage(args: CreatePage): string {
  const { school, role, released, journal, why } = args
  const main = html`<h1>Создать запись в журнале</h1>
    <p class="lead">
      В списке школы вас нет. Если вы согласны, журнал «${journal}» создаст для вас новую запись, и дальше он будет
      открываться через Госуслуги.
    </p>
    ${why && html`<p class="problem" role="alert">${problems[why]}</p>`}
    <h2>Что получит журнал</h2>
    <dl class="facts">
      <dt>Школа</dt>
      <dd>${school.title}</dd>
      <dt>Ваша роль</dt>
      <dd>${roleTitles[role]}</dd>
      ${shownOf(released).map(
        ([name, value]) =>
          html`<dt>${capital(releasedNames[name])}</dt>
            <dd>${name === 'birthDate' ? value.split('-').reverse().join('.') : value}</dd>`,
      )}
    </dl>
    <p>
      И ещё номер, под которым вас знает только этот журнал: имени в нём нет. Больше ничего мы ему не передадим, паролей
      у нас и нет.
    </p>
    <form method="post" action="${CREATE}">
      ${hiddenFields({ ...args.onward, [TOKEN_FIELD]: args.token, [OF_FIELD]: school.code, [AS_FIELD]: role, [SHOWN_FIELD]: args.shown })}
      <p class="agree">
        <input type="checkbox" id="agree" name="${AGREE_FIELD}" value="${AGREED}" required />
        <label for="agree">Я согласен, чтобы журнал «${journal}» получил эти данные и создал для меня запись</label>
      </p>
      <p class="actions">
        <button class="button large" type="submit">Создать запись</button>
        <a class="button quiet" href="${withOnward('/me/code', args.onward)}">У меня есть код от школы</a>
      </p>
    </form>
    <p class="hint">
      ${role === 'parent' && 'Детей к записи прикрепляет школа: новая запись сначала может быть пустой. '}Если в журнале
      у вас уже есть логин, новую запись не создавайте: введите код от школы или спросите её.
    </p>`
  return page({ ...args, title: 'Создать запись в журнале', main: inBoth(main, ENGLISH, args, BUTTONS) })
}

const problems: Readonly<Record<NonNullable<CreatePage['why']>, string>> = {
  unticked: 'Чтобы создать запись, поставьте отметку внизу. Пока ничего не отправлено.',
  changed: 'Список данных изменился. Прочитайте его ещё раз и решите заново. Пока ничего не отправлено.',
}

/** School and role stand above in words. */
const shownOf = (released: Released) =>
  (Object.entries(released) as [Releasable, string][]).filter(([name]) => name !== 'school' && name !== 'role')

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const ENGLISH = {
  heading: 'Have an account made in the journal',
  happened:
    'The list of the school does not name you. If you agree, the journal makes a new account for you. Above stands all that it would hear of you.',
  steps: [
    'To go on, tick the box: “I agree that the journal gets these data and makes an account for me”.',
    'If you have a login in this journal already, do not have another made: type the code of the school, or ask the school.',
  ],
} as const
const BUTTONS =
  'On this page, “Создать запись” has the account made, and “У меня есть код от школы” takes a code that the school printed for you.'
