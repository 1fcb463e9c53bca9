import type { AuditEvent, EventKind } from '../../audit/audit.js'
import { releasable, type Releasable } from '../../words/released.js'
import type { Section, Titles } from './cabinet-parts.js'
import { deviceName } from '../../words/device-name.js'
import { html, type Html } from './html.js'
import { shortMoment } from './number.js'
import { refusalText } from './text-ru.js'

/** More makes nobody wiser; the download has all of it. */
const SHOWN = 30

export const releasedNames: Readonly<Record<Releasable, string>> = {
  account: 'номер учётной записи',
  login: 'логин в журнале',
  role: 'роль',
  school: 'школа',
  schoolNumber: 'номер школы',
  child: 'номер ребёнка в журнале',
  className: 'класс',
  level: 'уровень учётной записи Госуслуг',
  lastName: 'фамилия',
  firstName: 'имя',
  middleName: 'отчество',
  birthDate: 'дата рождения',
  email: 'электронная почта',
  mobile: 'телефон',
  snils: 'СНИЛС',
  userId: 'номер на Госуслугах',
  childName: 'имя ребёнка',
}

/** «Что передано»: each journal with what it may have got at the last entry, and when. */
export function handedOverSection(history: readonly AuditEvent[], titles: Titles): Section {
  const entries = history.filter(({ what, result }) => what === 'journal.entered' && result === 'ok')
  const body =
    entries.length === 0
      ? html`<p>Пока ничего: вы ещё не открывали журналов.</p>`
      : html`<p>При каждом входе журнал получает только это и ничего больше.</p>
          <ul class="doors">
            ${entries.slice(0, SHOWN).map(entry => handedOver(entry, titles))}
          </ul>`
  return { id: 'handed-over', title: 'Что передано в журналы', body }
}

const handedOver = ({ at, journal, facts }: AuditEvent, titles: Titles): Html =>
  html`<li>
    <span><strong>${titles.journal(journal ?? '')}</strong> <small>${releasedIn(facts)}</small></span>
    <span>${shortMoment(at)}</span>
  </li>`

/** Before fields were noted, it is not known which they were. */
function releasedIn(facts: AuditEvent['facts']): string {
  const noted = facts?.released
  if (typeof noted !== 'string') return 'состав не записан'
  const known = noted.split(' ').flatMap(name => releasable.find(field => field === name) ?? [])
  return known.length === 0 ? 'ничего о вас' : known.map(name => releasedNames[name]).join(', ')
}

export function historySection(history: readonly AuditEvent[], titles: Titles): Section {
  const lines = history.flatMap(event => {
    const line = lineOf(event, titles)
    return line === undefined ? [] : { event, line }
  })
  const body = html`<ul class="doors">
      ${lines.slice(0, SHOWN).map(({ event, line }) => happened(event, line))}
    </ul>
    ${lines.length > SHOWN && html`<p class="hint">Здесь последние ${SHOWN} записей. Остальные есть в файле с вашими данными.</p>`}`
  return { id: 'history', title: 'История', body }
}

type Line = (event: AuditEvent, titles: Titles) => string

const inJournal =
  (text: string): Line =>
  ({ journal }, titles) =>
    journal === undefined ? text : `${text}: ${titles.journal(journal)}`

/** What is no news to the person has no line. */
const lineFor: Readonly<Partial<Record<EventKind, Line>>> = {
  'login.verified': () => 'Вход через Госуслуги',
  'login.refused': ({ code }) => (code ? `Не получилось войти: ${refusalText[code].heading}` : 'Не получилось войти'),
  'journal.entered': inJournal('Открыт журнал'),
  'link.made': inJournal('Привязана учётная запись'),
  'account.asked': inJournal('Запрошена новая учётная запись'),
  'account.created': inJournal('Создана и привязана учётная запись'),
  'link.ended': inJournal('Отвязана учётная запись'),
  'link.resumed': inJournal('Возвращена учётная запись'),
  'confirmation.started': () => 'Послан одноразовый код',
  'confirmation.given': ({ facts }) =>
    facts?.remembered === true ? 'Вход подтверждён кодом, устройство запомнено' : 'Подтверждено кодом',
  'device.forgotten': () => 'Забыто устройство',
  'notices.chosen': () => 'Изменены уведомления',
  'consent.given': inJournal('Дано согласие'),
  'consent.withdrawn': inJournal('Отозвано согласие'),
  'anomaly.found': () => 'Замечено необычное под вашим именем',
  'lock.set': () => 'Вход в журнал приостановлен',
  'lock.lifted': () => 'Вход в журнал снова открыт',
  'record.viewed': () => 'Администратор смотрел историю ваших входов',
  'session.closed': ({ facts }) => enders[String(facts?.why)] ?? 'Вход завершён',
}

const enders: Readonly<Record<string, string>> = {
  logout: 'Выход',
  cabinet: 'Вход завершён из кабинета',
  'consent withdrawn': 'Вход завершён: согласие отозвано',
  administrator: 'Вход завершён администратором',
  school: 'Вход завершён по решению школы',
}

const lineOf = (event: AuditEvent, titles: Titles): string | undefined => lineFor[event.what]?.(event, titles)

const happened = ({ at, device, address, number }: AuditEvent, line: string): Html =>
  html`<li>
    <span>
      <strong>${line}</strong>
      ${device !== undefined && html`<small>${deviceName(device)}${address !== undefined && address !== '' && ` · адрес ${address}`}</small>`}
      ${number !== undefined && html`<small>номер <span class="sign">${number}</span></small>`}
    </span>
    <span>${shortMoment(at)}</span>
  </li>`
