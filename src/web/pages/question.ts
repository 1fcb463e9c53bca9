import { NO_ACCOUNT } from '../../queue/decide.js'
import { groundTitles, kindTitles, type AskedAccount, type Question } from '../../queue/question.js'
import { roleTitles } from '../../words/account.js'
import { fullName } from '../../words/person.js'
import { maskSnils } from '../../words/snils.js'
import { html, type Html } from './html.js'
import { inBoth } from './in-english.js'
import { page, TOKEN_FIELD } from './layout.js'
import type { EnglishText } from './text-en.js'
import { moment } from './number.js'
import { decisionButtons, reasonField, signInFirst, type QueueFrame } from './queue.js'

/** What was typed, shown again when something is missing. */
export interface Typed {
  readonly reason: string
  readonly account?: string | undefined
  readonly missing?: 'reason' | 'account'
}

export interface QuestionPage extends QueueFrame {
  readonly question: Question
  /** The decision is the reader's own. */
  readonly own: boolean
  readonly mayTakeBack: boolean
  readonly given?: Typed
}

/** `GET /school/requests/ID`. */
export function questionPage(args: QuestionPage): string {
  const { request, accounts } = args.question
  const { person, number, kind, journal, school, at, decided } = request
  const main = html`<h1>Вопрос ${number}</h1>
    <p class="lead">Почему мы спрашиваем: ${kindTitles[kind]}.</p>
    <p>${args.journalTitle(journal)}, ${args.schoolTitle(school)}, ${moment(at)}</p>
    <h2>Кто просит</h2>
    <p>
      <strong>${fullName(person) || 'Имя не сообщено'}</strong
      >${person.birthDate !== undefined && html`, дата рождения ${day(person.birthDate)}`}${person.snils !== undefined && html`, СНИЛС ${maskSnils(person.snils)}`}
    </p>
    ${missed(args.question.request)}
    <h2>${accounts.length === 1 ? 'Учётная запись' : 'Учётные записи'}</h2>
    ${
      accounts.length === 0
        ? html`<p>В списке школы ни у одного родителя нет такого ребёнка.</p>`
        : html`<ul class="cards">
            ${accounts.map(account)}
          </ul>`
    }
    ${args.given?.missing && html`<p class="mistake" role="alert">${missing[args.given.missing]}</p>`}
    ${decided ? decision(args) : form(args)}
    <p><a href="/school">Ко всем вопросам</a></p>`
  return page({ ...args, title: `Вопрос ${number}`, main: inBoth(main, ENGLISH, args, BUTTONS) })
}

const missing = {
  reason: 'Пока ничего не решено: напишите причину, от 3 до 500 знаков.',
  account: 'Пока ничего не решено: выберите учётную запись.',
} as const

/** What the parent typed; nobody has checked it. */
const missed = ({ children = [] }: Question['request']): Html | false =>
  children.length > 0 &&
  html`<h2>Кого не хватает</h2>
    <ul>
      ${children.map(
        ({ lastName, firstName, birthDate, className }) =>
          html`<li>
            <strong>${lastName} ${firstName}</strong>,
            ${className}${birthDate !== undefined && html`, дата рождения ${day(birthDate)}`}
          </li>`,
      )}
    </ul>
    <p class="hint">
      Так написал родитель, мы этого не проверяли. Ниже записи родителей, у которых в списке есть такой ребёнок.
    </p>`

/** `2014-05-31` → `31.05.2014` */
const day = (date: string): string => date.split('-').reverse().join('.')

function account({ entry, holders }: AskedAccount): Html {
  if (!entry)
    return html`<li class="question"><div>Учётной записи нет в последнем списке школы: дать её нельзя.</div></li>`
  const { login, role, className, person, children } = entry
  const born = person.birthDate === undefined ? '' : `, ${day(person.birthDate)}`
  return html`<li class="question">
    <div>
      <strong>${login}</strong>: ${[roleTitles[role], className].filter(Boolean).join(', ')}
      <small>В списке школы: ${fullName(person)}${born}</small>
      ${children.length > 0 && html`<small>Дети: ${children.map(({ name }) => name).join(', ')}</small>`}
      ${
        holders.length === 0
          ? html`<small>Сейчас сюда никто другой не входит.</small>`
          : holders.map(
              link =>
                html`<small
                  >Сейчас входит: ${fullName(link) || 'имя не сообщено'}, ${groundTitles[link.ground]}, с
                  ${moment(link.since)}</small
                >`,
            )
      }
    </div>
  </li>`
}

function form(args: QuestionPage): Html {
  const { question, given } = args
  if (args.signInAgain !== undefined) return signInFirst(args.signInAgain)
  const aboutChild = question.request.kind === 'child'
  const known = question.accounts.flatMap(({ entry }) => (entry ? [entry] : []))
  return html`<form method="post" action="/school/requests/${question.request.id}">
    <input type="hidden" name="${TOKEN_FIELD}" value="${args.token}" />
    <h2>Решение</h2>
    ${
      (question.accounts.length > 1 || aboutChild) &&
      html`<fieldset>
        <legend>Какую учётную запись дать</legend>
        ${known.map(
          ({ accountId, login }) =>
            html`<p>
              <input
                type="radio"
                id="${accountId}"
                name="account"
                value="${accountId}"
                ${given?.account === accountId && html` checked`}
              />
              <label for="${accountId}">${login}</label>
            </p>`,
        )}
        ${
          aboutChild &&
          html`<p>
            <input
              type="radio"
              id="no-account"
              name="account"
              value="${NO_ACCOUNT}"
              ${given?.account === NO_ACCOUNT && html` checked`}
            />
            <label for="no-account">Никакую: я исправил список или дал код</label>
          </p>`
        }
      </fieldset>`
    }
    ${reasonField(given?.reason)}
    <p class="hint">
      Разрешите, если видели документ. Кто входил сюда раньше, выйдет и больше не войдёт. Решение можно отменить 30
      дней.
    </p>
    ${decisionButtons('')}
  </form>`
}

function decision({ question, own, mayTakeBack, token, signInAgain }: QuestionPage): Html {
  const { id, decided } = question.request
  if (!decided) return html``
  return html`<h2>${decided.granted ? 'Разрешено' : 'Отказано'}</h2>
    <p>${moment(decided.at)}, решили ${own ? 'вы' : 'не вы'}. Причина: ${decided.reason}</p>
    ${
      mayTakeBack &&
      (signInAgain !== undefined
        ? signInFirst(signInAgain)
        : html`<form class="actions" method="post" action="/school/requests/${id}">
            <input type="hidden" name="${TOKEN_FIELD}" value="${token}" />
            <button class="button quiet" type="submit" name="act" value="take-back">Отменить решение</button>
          </form>`)
    }`
}

const ENGLISH: EnglishText = {
  heading: 'A question to the school',
  happened: 'Somebody asks for an account that the bridge must not give away by itself.',
  steps: [
    'Compare who asks with whom the list names, and look at a document.',
    'A decision can be taken back for 30 days.',
  ],
}
const BUTTONS =
  '“Разрешить” says yes, “Отказать” says no, “Отменить решение” takes the decision back, “Ко всем вопросам” leads to the list.'
