import type { ShownSession } from '../../cabinet/sessions.js'
import { aimed, oneButton, type Section, type Titles } from './cabinet-parts.js'
import { deviceName } from '../../words/device-name.js'
import { html, type Html } from './html.js'
import { shortMoment } from './number.js'

export function sessionsSection(sessions: readonly ShownSession[], titles: Titles, token: string): Section {
  const body = html`<ul class="doors">
      ${sessions.map(session => row(session, titles, token))}
    </ul>
    <p>
      Не узнаёте устройство? Завершите вход на нём и смените пароль на Госуслугах: там же можно выйти на всех
      устройствах.
    </p>
    ${
      sessions.some(({ current }) => !current) &&
      html`<p class="actions"><a class="button quiet" href="/me/sessions/end">Завершить все остальные</a></p>`
    }`
  return { id: 'sessions', title: 'Где вы вошли', body }
}

function row({ id, current, open, openedAt, address, device, journals }: ShownSession, titles: Titles, token: string) {
  const name = deviceName(device)
  return html`<li>
    <span>
      <strong>${name}</strong>
      <small
        >вход ${shortMoment(openedAt)}${address !== undefined && address !== '' && html` · адрес ${address}`}</small
      >
      ${journals.length > 0 && html`<small>открывали: ${journals.map(titles.journal).join(', ')}</small>`}
      ${!open && html`<small>здесь вход уже закончился, но в журнале мог остаться</small>`}
    </span>
    ${
      current
        ? html`<span>это устройство · <a href="/logout">выйти</a></span>`
        : oneButton('/me/sessions/end', aimed(token, id), ending(name), 'button quiet')
    }
  </li>`
}

const ending = (name: string): Html => html`Завершить<span class="heard">: ${name}</span>`
