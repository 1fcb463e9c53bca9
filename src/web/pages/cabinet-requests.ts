import type { RequestKind, SchoolRequest } from '../../identity/requests.js'
import type { Section, Titles } from './cabinet-parts.js'
import { html, type Html } from './html.js'
import { shortMoment } from './number.js'

const kinds: Readonly<Record<RequestKind, string>> = {
  ambiguous: 'В списке школы ваш СНИЛС записан у двух разных людей',
  held: 'Учётная запись уже привязана к другому человеку',
  'snils-changed': 'У вас изменился номер СНИЛС',
  child: 'Вы просите добавить ребёнка',
}

export function requestsSection(requests: readonly SchoolRequest[], titles: Titles): Section | undefined {
  if (requests.length === 0) return undefined
  const body = html`<p>Чего мы не стали решать сами, решает школа. По телефону ей достаточно назвать номер.</p>
    <ul class="doors">
      ${requests.map(request => row(request, titles))}
    </ul>`
  return { id: 'requests', title: 'Вопросы к школе', body }
}

const row = ({ number, kind, school, journal, at, children = [], decided }: SchoolRequest, titles: Titles): Html =>
  html`<li>
    <span>
      <strong>${kinds[kind]}</strong>
      ${children.map(({ lastName, firstName, className }) => html`<small>${lastName} ${firstName}, ${className}</small>`)}
      <small>${titles.journal(journal)} · ${titles.school(school)}</small>
      <small>номер <span class="sign">${number}</span>, отправлен ${shortMoment(at)}</small>
    </span>
    <span>${status(decided, kind)}</span>
  </li>`

const status = (decided: SchoolRequest['decided'], kind: RequestKind): Html =>
  decided
    ? html`<strong
          >${kind === 'child' && decided.granted ? answered(decided) : decided.granted ? 'Школа согласилась' : 'Школа отказала'}</strong
        >
        <small>${shortMoment(decided.at)}</small>`
    : html`<strong>Ждёт ответа школы</strong>`

/** Without an account the school has mended its list, or printed a code. */
const answered = ({ accountId }: NonNullable<SchoolRequest['decided']>): string =>
  accountId === undefined ? 'Школа ответила: войдите в журнал ещё раз или спросите её о коде' : 'Школа согласилась'
