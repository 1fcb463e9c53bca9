import type { OwnNotices } from '../../cabinet/notices.js'
import type { NoticeKind } from '../../words/notice.js'
import type { Section } from './cabinet-parts.js'
import { html, type Html } from './html.js'
import { TOKEN_FIELD } from './layout.js'

/** Name of a box: `notice-devices`. */
export const noticeField = (kind: NoticeKind): string => `notice-${kind}`

const titles: Readonly<Record<NoticeKind, string>> = {
  devices: 'Под моим именем вошли с нового устройства',
  accounts: 'Ко мне привязали учётную запись журнала или отвязали её',
  consents: 'Согласие на обработку данных отозвано',
  unusual: 'Под моим именем замечено что-то необычное или вход приостановлен',
}

export function noticesSection({ offered, off, reachable }: OwnNotices, token: string): Section | undefined {
  if (offered.length === 0) return undefined
  const body = reachable
    ? html`<form method="post" action="/me/notices">
        <input type="hidden" name="${TOKEN_FIELD}" value="${token}" />
        <p>О чём присылать письма на почту с Госуслуг:</p>
        ${offered.map(kind => box(kind, !off.includes(kind)))}
        <p class="actions"><button class="button quiet" type="submit">Сохранить</button></p>
      </form>`
    : html`<p>
        Госуслуги не назвали нам вашей почты, поэтому писем мы не посылаем. Добавьте её в профиле на Госуслугах и
        войдите ещё раз.
      </p>`
  return { id: 'notices', title: 'Уведомления', body }
}

const box = (kind: NoticeKind, checked: boolean): Html =>
  html`<p class="agree">
    <input
      type="checkbox"
      id="${noticeField(kind)}"
      name="${noticeField(kind)}"
      value="yes"
      ${checked && html`checked`}
    />
    <label for="${noticeField(kind)}">${titles[kind]}</label>
  </p>`
