import type { EndedLink, OpenAccount, OwnAccounts, ShutAccount } from '../../cabinet/accounts.js'
import type { EndedBy, Ground, Link } from '../../identity/links.js'
import { roleTitles, type Child } from '../../words/account.js'
import { aimed, ID_FIELD, oneButton, type Section, type Titles } from './cabinet-parts.js'
import { html, type Html } from './html.js'
import { shortMoment } from './number.js'
import { refusalText } from './text-ru.js'

export function accountsSection({ open, shut }: OwnAccounts, titles: Titles): Section {
  const rows = [...open.map(account => openRow(account, titles)), ...shut.map(account => shutRow(account, titles))]
  const body = html`${
      rows.length === 0
        ? html`<p>Пока вам не открыт ни один журнал: в списках школ вашего СНИЛС нет.</p>`
        : html`<ul class="doors">
            ${rows}
          </ul>`
    }
    <h3>Нет ребёнка или журнала?</h3>
    <p>
      Список ведёт школа: как только она внесёт ваш СНИЛС к ребёнку, он появится здесь сам. Быстрее с кодом от школы или
      с логином от журнала; спросить школу тоже можно отсюда.
    </p>
    <p class="actions"><a class="button quiet" href="/me/child">Добавить ребёнка</a></p>
    ${
      open.some(({ account }) => account.role === 'school-admin') &&
      html`<h3>Вы администратор школы</h3>
        <p><a href="/school">Вопросы школе</a>: чья это учётная запись, решаете вы.</p>`
    }`
  return { id: 'accounts', title: 'Журналы и дети', body }
}

function openRow({ account, children, link }: OpenAccount, titles: Titles): Html {
  const journal = titles.journal(account.journal)
  const to = titles.open(account.journal, account.school)
  const place = [roleTitles[account.role], account.className, titles.school(account.school), `логин ${account.login}`]
  return html`<li>
    <span>
      <strong>${journal}</strong>
      <small>${place.filter(part => part !== undefined).join(' · ')}</small>
      ${children.map(child => html`<small>${childLine(child)}</small>`)}
      <small>${link ? sinceLine(link) : 'ещё не входили'}</small>
      ${link && unlinkLink(link, journal)}
    </span>
    ${
      to === undefined
        ? html`<small>открывается со страницы журнала</small>`
        : html`<a class="button" href="${to}">Открыть<span class="heard">: ${journal}</span></a>`
    }
  </li>`
}

const childLine = ({ name, className }: Child): string => (className === undefined ? name : `${name}, ${className}`)

const grounds: Readonly<Record<Ground, string>> = {
  snils: 'по СНИЛС',
  employee: 'по СНИЛС и месту работы',
  code: 'по коду школы',
  proof: 'по паролю от журнала',
  school: 'по решению школы',
  created: 'заведена при первом входе',
}

const sinceLine = ({ since, ground }: Link): Html => html`привязана ${shortMoment(since)}, ${grounds[ground]}`

const unlinkLink = ({ id }: Link, journal: string): Html =>
  html`<a href="/me/unlink?${new URLSearchParams({ [ID_FIELD]: id }).toString()}"
    >Отвязать<span class="heard">: ${journal}</span></a
  >`

function shutRow({ journal, school, why, link }: ShutAccount, titles: Titles): Html {
  const title = titles.journal(journal)
  return html`<li>
    <span>
      <strong>${title}</strong>
      ${school !== undefined && html`<small>${titles.school(school)}</small>`}
      <small>Сейчас не открывается: ${lowerFirst(refusalText[why].heading)}.</small>
      ${link && unlinkLink(link, title)}
    </span>
  </li>`
}

/** `У вас изменился номер` → `у вас…`; a heading that begins with an abbreviation stays. */
const lowerFirst = (text: string): string =>
  /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)

const enders: Readonly<Record<EndedBy, string>> = {
  person: 'отвязали вы',
  school: 'отвязала школа',
  withdrawal: 'отвязана, потому что вы отозвали согласие',
}

export function endedSection(ended: readonly EndedLink[], titles: Titles, token: string): Section | undefined {
  if (ended.length === 0) return undefined
  const body = html`<ul class="doors">
    ${ended.map(each => endedRow(each, titles, token))}
  </ul>`
  return { id: 'ended', title: 'Отвязанные', body }
}

function endedRow({ link, undoUntil }: EndedLink, titles: Titles, token: string): Html {
  const journal = titles.journal(link.journal)
  return html`<li>
    <span>
      <strong>${journal}</strong>
      <small>${titles.school(link.school)}</small>
      ${link.ended && html`<small>${enders[link.ended.by]} ${shortMoment(link.ended.at)}</small>`}
      ${undoUntil !== undefined && html`<small>вернуть можно до ${shortMoment(undoUntil)}</small>`}
    </span>
    ${
      undoUntil !== undefined &&
      oneButton(
        '/me/relink',
        aimed(token, link.id),
        html`Вернуть<span class="heard">: ${journal}</span>`,
        'button quiet',
      )
    }
  </li>`
}
