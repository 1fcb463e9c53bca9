import type { Cabinet } from '../../cabinet/cabinet.js'
import { accountsSection, endedSection } from './cabinet-accounts.js'
import { devicesSection } from './cabinet-devices.js'
import { consentsSection } from './cabinet-consents.js'
import { handedOverSection, historySection } from './cabinet-history.js'
import { noticesSection } from './cabinet-notices.js'
import { sessionsSection } from './cabinet-sessions.js'
import { requestsSection } from './cabinet-requests.js'
import type { Section, Titles } from './cabinet-parts.js'
import { html, type Html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, type Frame, type SignedIn } from './layout.js'

/** What the person has just done. */
export const doneTexts = {
  unlinked: 'Запись отвязана. Передумаете — верните её ниже в течение 30 дней.',
  relinked: 'Запись снова ваша: журнал можно открыть.',
  notices: 'Выбор уведомлений сохранён.',
  forgotten: 'Устройство забыто: там мы снова спросим код.',
  withdrawn: 'Согласие отозвано. Передумаете — войдите в журнал: мы спросим снова.',
  unlocked: 'Журнал снова открыт. Спасибо, что подтвердили, что это вы.',
  ended: 'Вход на другом устройстве завершён. Журналам мы об этом сообщили.',
} as const
export type Done = keyof typeof doneTexts

export interface CabinetPage extends Frame, Reader {
  readonly signedIn: SignedIn
  readonly token: string
  readonly cabinet: Cabinet
  readonly titles: Titles
  readonly done?: Done | undefined
}

export function cabinetPage(args: CabinetPage): string {
  const { cabinet, titles, token, done } = args
  const sections = [
    accountsSection(cabinet.accounts, titles),
    endedSection(cabinet.accounts.ended, titles, token),
    requestsSection(cabinet.requests, titles),
    consentsSection(cabinet.consents, titles),
    sessionsSection(cabinet.sessions, titles, token),
    devicesSection(cabinet.devices, token),
    noticesSection(cabinet.notices, token),
    handedOverSection(cabinet.history, titles),
    historySection(cabinet.history, titles),
    ownDataSection,
  ].filter(section => section !== undefined)
  const main = html`<h1>Мой кабинет</h1>
    <p class="lead">Какие журналы вам открыты, что мы о вас передали и откуда вы входили.</p>
    ${done && html`<p class="done" role="status">${doneTexts[done]}</p>`}
    <nav aria-label="Разделы кабинета">
      <ul class="contents">
        ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
      </ul>
    </nav>
    ${sections.map(shown)}
    <p class="hint">Время на этой странице московское.</p>`
  return page({ ...args, title: 'Мой кабинет', main: inBoth(main, ENGLISH, args, ENGLISH_BUTTONS) })
}

const shown = ({ id, title, body }: Section): Html =>
  html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${body}
  </section>`

const ownDataSection: Section = {
  id: 'data',
  title: 'Мои данные',
  body: html`<p>Можно скачать всё, что о вас хранится на этом сайте: одним файлом, в открытом виде.</p>
    <p class="actions"><a class="button quiet" href="/me/data.json" download>Скачать мои данные (JSON)</a></p>
    <p class="hint">В файле есть ваш СНИЛС. Не пересылайте его и не оставляйте на чужом компьютере.</p>`,
}

const ENGLISH = {
  heading: 'My cabinet',
  happened: 'Which journals are open to you, what we passed on about you, and from where you signed in.',
  steps: [
    'A child is missing? Tell the school: it keeps the list.',
    'You do not know a device in the list? End its session, then change your password at Gosuslugi.',
    'The file with your data holds your personal number (СНИЛС): leave it on no computer of others.',
  ],
} as const

const ENGLISH_BUTTONS =
  'On this page, “Открыть” opens a journal, “Отвязать” takes an account off you (for 30 days “Вернуть” takes it up again), ' +
  '“Завершить” ends a session on another device, and “Скачать мои данные” downloads what is kept about you.'
