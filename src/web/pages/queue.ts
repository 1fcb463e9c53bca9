import type { SchoolRequest } from '../../identity/requests.js'
import { REASON } from '../../queue/decide.js'
import { kindTitles, type Question } from '../../queue/question.js'
import { roleTitles } from '../../words/account.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'
import type { EnglishText } from './text-en.js'
import { moment } from './number.js'
import { anomaliesSection, type SchoolAnomalies } from './school-anomalies.js'

/** Names of the checkboxes: this, then the id of the request. */
export const TICK = 'tick:'

export interface QueueFrame extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  readonly journalTitle: (id: string) => string
  readonly schoolTitle: (code: string) => string
  /** Where to sign in afresh, when the sign-in is too old to decide by. */
  readonly signInAgain?: string | undefined
}

/** What became of one ticked row. */
export interface Told {
  readonly number?: string
  readonly result: keyof typeof results
}

export interface QueuePage extends QueueFrame {
  readonly schools: readonly string[]
  readonly open: readonly Question[]
  readonly decided: readonly SchoolRequest[]
  readonly unusual?: SchoolAnomalies
  readonly told?: readonly Told[]
  readonly missing?: 'reason' | 'ticks'
  /** Ticked before. */
  readonly ids: readonly string[]
  readonly reason?: string | undefined
}

/** `GET /school`. Nobody is named here: who looks at a record opens it, and that is written down. */
export function queuePage(args: QueuePage): string {
  const { open, decided, told = [], schoolTitle } = args
  const main = html`<h1>Вопросы школе</h1>
    <p class="lead">
      ${args.schools.map(schoolTitle).join(', ')}. Здесь то, что мост не решает сам: чья это учётная запись. Пока вопрос
      открыт, человек в эту запись не входит; только при сменившемся СНИЛС школа могла разрешить вход сразу.
    </p>
    ${
      told.length > 0 &&
      html`<div role="status">
        <h2>Что вышло</h2>
        <ul>
          ${told.map(outcome)}
        </ul>
      </div>`
    }
    ${args.unusual && anomaliesSection(args.unusual, args.token, args.signInAgain === undefined)}
    ${args.missing && html`<p class="mistake" role="alert">${missing[args.missing]}</p>`}
    ${open.length === 0 ? html`<p>Открытых вопросов нет.</p>` : openForm(args)}
    ${
      decided.length > 0 &&
      html`<h2>Решено за 30 дней</h2>
        <ul class="cards">
          ${decided.map(each => decidedRow(each))}
        </ul>`
    }`
  return page({ ...args, title: 'Вопросы школе', main: inBoth(main, ENGLISH, args, BUTTONS) })
}

const outcome = ({ number, result }: Told): Html => html`<li>${number ?? 'Вопрос'}: ${results[result]}</li>`

export const results = {
  decided: 'решено',
  'decided-before': 'уже решено раньше, ничего не изменилось',
  'no-account': 'не решено: учётной записи нет в последнем списке школы',
  'which-account': 'не решено: учётных записей несколько, откройте вопрос и выберите одну',
  'other-account': 'не решено: вопрос о другой учётной записи',
  own: 'не решено: вопрос о вас самих решает другой администратор',
  unknown: 'не решено: такого вопроса в вашей школе нет',
} as const

const missing = {
  reason: `Ничего не решено: напишите причину, от ${REASON.least} до ${REASON.most} знаков.`,
  ticks: 'Ничего не решено: отметьте хотя бы один вопрос.',
} as const

function openForm(args: QueuePage): Html {
  const rows = html`<ul class="cards">
    ${args.open.map(question => openRow(question, args))}
  </ul>`
  if (args.signInAgain !== undefined) return html`${rows} ${signInFirst(args.signInAgain)}`
  return html`<form method="post" action="/school/requests">
    <input type="hidden" name="${TOKEN_FIELD}" value="${args.token}" />
    ${rows}
    <h2>Решить отмеченные</h2>
    ${reasonField(args.reason)}
    <p class="hint">Разрешить сразу можно там, где учётная запись одна. Остальные откройте по номеру.</p>
    ${decisionButtons('отмеченным')}
  </form>`
}

export const signInFirst = (to: string): Html =>
  html`<p>Решения принимают сразу после входа. Вы вошли давно: войдите ещё раз и вернитесь сюда.</p>
    <p class="actions"><a class="button large" href="${to}">Войти ещё раз</a></p>`

export const reasonField = (text = ''): Html =>
  html`<p class="field">
    <label for="reason">Причина (увидят администраторы школы)</label>
    <textarea id="reason" name="reason" rows="3" minlength="${REASON.least}" maxlength="${REASON.most}" required>
${text}</textarea>
  </p>`

export const decisionButtons = (whom: string): Html =>
  html`<div class="actions">
    <button class="button" type="submit" name="act" value="grant">Разрешить<span class="heard"> ${whom}</span></button>
    <button class="button quiet" type="submit" name="act" value="decline">
      Отказать<span class="heard"> ${whom}</span>
    </button>
  </div>`

function openRow({ request, accounts }: Question, args: QueuePage): Html {
  const { id, number, kind, journal, school, at } = request
  const shown = accounts.map(({ entry }) =>
    entry ? [entry.login, roleTitles[entry.role], entry.className].filter(Boolean).join(', ') : 'нет в списке школы',
  )
  const tick = TICK + id
  const checked = args.ids.includes(id) && html` checked`
  return html`<li class="question">
    ${
      args.signInAgain === undefined &&
      html`<input class="tick" type="checkbox" id="${tick}" name="${tick}" value="1" ${checked} /><label
          for="${tick}"
          class="heard"
          >Отметить ${number}</label
        >`
    }
    <div>
      <a href="/school/requests/${id}"><span class="sign">${number}</span>: ${kindTitles[kind]}</a>
      <small>${args.journalTitle(journal)} · ${args.schoolTitle(school)} · ${shown.join('; ')} · ${moment(at)}</small>
    </div>
  </li>`
}

const decidedRow = ({ id, number, kind, decided }: SchoolRequest): Html =>
  html`<li class="question">
    <div>
      <a href="/school/requests/${id}"><span class="sign">${number}</span>: ${kindTitles[kind]}</a>
      <small>${decided?.granted ? 'разрешено' : 'отказано'} ${decided && moment(decided.at)}: ${decided?.reason}</small>
    </div>
  </li>`

const ENGLISH: EnglishText = {
  heading: 'Questions to the school',
  happened:
    'The bridge does not decide by itself whose account this is. Until the school has decided, the person stays outside.',
  steps: [
    'Open a question by its number to see who asks and whom the list names.',
    'A reason is required; a decision can be taken back for 30 days.',
    '“Необычные входы” tells of unusual sign-ins: call the person, and ask whether it was they.',
  ],
}
const BUTTONS =
  '“Разрешить” says yes, “Отказать” says no to the ticked questions; “Открыть вход” lets a person in again; “Войти ещё раз” signs you in afresh.'
