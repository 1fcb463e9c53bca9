import { LONGEST, type Field } from '../../identity/asked-child.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import { OLD_LOGIN } from './old-login.js'
import { hiddenFields, withOnward, type Onward } from './onward.js'
import { searchFirst, type Searched } from './school-list.js'
import type { EnglishText } from './text-en.js'

export const ADD_CHILD = '/me/child'
/** Names of the form's fields beside those of the child. */
export const PLACE_FIELD = 'place'
export const AGREE_FIELD = 'agree'
export const AGREED = 'yes'

interface Framed extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  readonly onward: Onward
}

export interface ChildPage extends Framed {
  /** Journals of schools where parents have accounts. */
  readonly places: readonly { readonly value: string; readonly school: string; readonly journal: string }[]
  /** They are too many for a list, and these are what was found among them. */
  readonly search?: Searched | undefined
  /** Journals that check old logins. */
  readonly oldLogins: readonly { readonly title: string; readonly onward: Onward }[]
  readonly typed?: Readonly<Partial<Record<Field | typeof PLACE_FIELD, string | undefined>>>
  /** The first thing that is missing or wrong. */
  readonly wrong?: Field | typeof PLACE_FIELD | typeof AGREE_FIELD | undefined
}

/** `GET /me/child`: the ways to a child whom no list shows yet, the quickest first. */
export function childPage(args: ChildPage): string {
  const { oldLogins } = args
  const main = html`<h1>Добавить ребёнка</h1>
    <p class="lead">
      Ребёнок может учиться в другом классе или в другой школе. Выберите, что у вас есть: от этого зависит, как быстро
      он появится.
    </p>
    <h2>Есть листочек с кодом</h2>
    <p>Самый быстрый способ: введите код, который напечатала школа.</p>
    <p class="actions"><a class="button" href="${withOnward('/me/code', args.onward)}">Ввести код от школы</a></p>
    ${
      oldLogins.length > 0 &&
      html`<h2>Есть логин и пароль от журнала</h2>
        <p>Их выдавала школа, когда журнал ещё открывался без Госуслуг.</p>
        <ul>
          ${oldLogins.map(({ title, onward }) => html`<li><a href="${withOnward(OLD_LOGIN, onward)}">${title}</a></li>`)}
        </ul>`
    }
    <h2>${oldLogins.length > 0 ? 'Нет ни того, ни другого' : 'Листочка нет'}</h2>
    <p>
      Спросите школу отсюда. Вопрос получит номер, а ответ вы увидите в своём кабинете. До ответа журнал этого ребёнка
      не откроется.
    </p>
    ${args.search && searchFirst(args.search, ADD_CHILD, args.onward)} ${args.places.length > 0 && form(args)}`
  return page({ ...args, title: 'Добавить ребёнка', main: inBoth(main, ENGLISH, args, BUTTONS) })
}

const problems: Readonly<Record<NonNullable<ChildPage['wrong']>, string>> = {
  place: 'Выберите школу и журнал.',
  lastName: 'Напишите фамилию ребёнка буквами, как в школьном списке.',
  firstName: 'Напишите имя ребёнка буквами, как в школьном списке.',
  birthDate: 'Проверьте дату рождения. Её можно не указывать.',
  className: 'Напишите класс, например 5А.',
  agree: 'Чтобы отправить вопрос, поставьте отметку внизу: без неё мы не можем передать школе сведения о ребёнке.',
}

function form(args: ChildPage): Html {
  const { wrong, places } = args
  return html`<form method="post" action="${ADD_CHILD}">
    ${hiddenFields({ ...args.onward, ...(args.search && { q: args.search.query }), [TOKEN_FIELD]: args.token })}
    ${wrong && html`<p id="child-problem" class="problem" role="alert">${problems[wrong]} Пока ничего не отправлено.</p>`}
    <label for="place" class="caption">Школа и журнал</label>
    <select id="place" class="typed" name="${PLACE_FIELD}" required${invalid(wrong === 'place')}>
      <option value="">Выберите</option>
      ${places.map(place => option(place, args.typed?.place))}
    </select>
    ${field(args, 'lastName', 'Фамилия ребёнка')} ${field(args, 'firstName', 'Имя ребёнка')}
    ${field(args, 'className', 'Класс', '5А')} ${field(args, 'birthDate', 'Дата рождения (можно не указывать)')}
    <p class="agree">
      <input type="checkbox" id="agree" name="${AGREE_FIELD}" value="${AGREED}" required${invalid(wrong === 'agree')} />
      <label for="agree"
        >Я законный представитель этого ребёнка и согласен, чтобы эти сведения и мои имя и дата рождения с Госуслуг
        увидел администратор этой школы. Он решит, моя ли это запись.</label
      >
    </p>
    <p class="actions"><button class="button large" type="submit">Спросить школу</button></p>
    <p class="hint">
      Сведения хранятся зашифрованными, видит их только администратор этой школы; через 30 дней после ответа они
      удаляются. Условия журнала о ребёнке вы прочитаете и примете, когда откроете журнал.
    </p>
  </form>`
}

const option = ({ value, school, journal }: ChildPage['places'][number], chosen: string | undefined): Html =>
  html`<option value="${value}" ${value === chosen && html` selected`}>${school}: ${journal}</option>`

const invalid = (is: boolean): Html | false => is && html` aria-invalid="true" aria-describedby="child-problem"`

function field({ typed, wrong }: ChildPage, name: Field, label: string, example?: string): Html {
  const date = name === 'birthDate'
  return html`<label for="${name}" class="caption">${label}</label>
    <input
      id="${name}"
      class="typed"
      type="${date ? 'date' : 'text'}"
      name="${name}"
      value="${typed?.[name]}"
      ${!date && html` maxlength="${name === 'className' ? LONGEST.className : LONGEST.name}" required`}
      ${example !== undefined && html` placeholder="${example}"`}
      autocomplete="off"
      ${invalid(wrong === name)}
    />`
}

const ENGLISH: EnglishText = {
  heading: 'Add a child',
  happened: 'The child may be in another class or another school. There are three ways.',
  steps: [
    'The quickest: type the code that the school printed for you (“Ввести код от школы”).',
    'Or the login and password that the journal gave you, where a journal is listed for that.',
    'Or ask the school with the form: school and journal, last and first name of the child, class, birth date (may be left out). The box says that you are the legal representative and agree that the school’s administrator sees this.',
  ],
}
const BUTTONS = 'On this page, “Спросить школу” sends the question; its answer is shown in your cabinet.'

export interface AskedPage extends Framed {
  readonly number: string
  readonly journal: string
  readonly school: string
}

/** The question is with the school. */
export function askedPage({ number, ...args }: AskedPage): string {
  const main = html`<div role="status">
      <h1>Вопрос отправлен</h1>
      <p class="lead">Школа «${args.school}» увидит его и ответит. Журнал «${args.journal}» до ответа не откроется.</p>
    </div>
    <p>Номер вопроса: <strong class="sign">${number}</strong></p>
    <p>
      Запишите его: если будете звонить в школу, достаточно назвать номер. Ответ появится в кабинете, в разделе «Вопросы
      к школе».
    </p>
    <div class="actions">
      <a class="button large" href="/me">Открыть мой кабинет</a>
      <a class="button quiet" href="${withOnward(ADD_CHILD, args.onward)}">Спросить ещё об одном ребёнке</a>
    </div>`
  return page({ ...args, title: 'Вопрос отправлен', main: inBoth(main, ASKED, args, BUTTONS_ASKED) })
}

const ASKED: EnglishText = {
  heading: 'The school has your question',
  happened: 'It answers under the number above. Until then the journal does not open for this child.',
  steps: ['Write the number down: it is all that the school needs on the telephone.', 'Your cabinet shows the answer.'],
}
const BUTTONS_ASKED =
  'On this page, “Открыть мой кабинет” opens your cabinet and “Спросить ещё об одном ребёнке” asks about another child.'
