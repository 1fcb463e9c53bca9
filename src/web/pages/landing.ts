import type { Support } from '../../words/school.js'
import { contactCard } from './contact.js'
import { html, type Html } from './html.js'
import { page, SERVICE, type Frame } from './layout.js'
import {
  doors,
  findSchools,
  schoolCard,
  schoolPath,
  searchForm,
  SHOWN,
  signInButton,
  type SchoolDoors,
} from './school-list.js'

/** Hosts as they stand in the address bar, so that people can compare. */
export interface Addresses {
  readonly ours: string
  /** Where the button leads: the identity provider. */
  readonly next: readonly string[]
}

export interface LandingPage extends Frame {
  readonly schools: readonly SchoolDoors[]
  /** What stood in the search field (`?q=`). */
  readonly query?: string | undefined
  readonly addresses: Addresses
  /** Address of the self-test, when it is switched on. */
  readonly selfTest?: string | undefined
}

/** More schools than a glance takes in get a search field. */
const GLANCE = 6

export function landingPage(args: LandingPage): string {
  const only = args.schools.length === 1 ? args.schools[0] : undefined
  const main = html`<h1>Откройте журнал через Госуслуги</h1>
    <p class="lead">Отдельный пароль от журнала не нужен.</p>
    ${only ? onlySchool(only) : manySchools(args.schools, args.query ?? '')} ${addressBar(args.addresses)}
    ${only ? noAccountLink(only) : noAccount()} ${args.selfTest !== undefined && selfTestLink(args.selfTest)}`
  return page({ ...args, title: SERVICE, main })
}

export interface SchoolPage extends Frame {
  readonly school: SchoolDoors & { readonly support: Support }
  readonly addresses: Addresses
  readonly selfTest?: string | undefined
}

/** `/s/SCHOOL`: the bookmark of one school. */
export function schoolPage(args: SchoolPage): string {
  const { school } = args
  const main = html`<h1>${school.title}</h1>
    <p class="lead">Вход в электронный журнал через Госуслуги.</p>
    ${single(school)} ${addressBar(args.addresses)}
    <h2>Как это будет</h2>
    <ol class="steps">
      <li>Вы нажмёте кнопку, и откроется сайт Госуслуг. Войдите там, как обычно.</li>
      <li>Госуслуги вернут вас сюда. Если у вас несколько детей или ролей, мы спросим, что открыть.</li>
      <li>Откроется журнал. Всё вместе занимает около минуты.</li>
    </ol>
    <p>Добавьте эту страницу в закладки: с неё всегда можно начать вход.</p>
    ${noAccount()} ${schoolHelp(school.support)} ${args.selfTest !== undefined && selfTestLink(args.selfTest)}`
  return page({ ...args, title: school.title, main })
}

function onlySchool(school: SchoolDoors): Html {
  return html`<h2><a href="${schoolPath(school.code)}">${school.title}</a></h2>
    ${single(school)}`
}

/** One journal is one large button; several are named. */
function single(school: SchoolDoors): Html {
  const [first, ...others] = school.journals
  if (!first || others.length > 0) return doors(school)
  return html`<p class="actions">${signInButton(first, school.title, 'button large')}</p>
    <p class="hint">Откроется «${first.title}».</p>`
}

function manySchools(schools: readonly SchoolDoors[], query: string): Html {
  if (schools.length === 0) return html`<p>Школ здесь пока нет: их добавляет тот, кто настраивает вход.</p>`
  const found = findSchools(schools, query)
  const shown = found.slice(0, SHOWN)
  return html`<h2>Выберите школу</h2>
    ${(schools.length > GLANCE || query !== '') && searchForm(query)} ${query !== '' && count(found.length, query)}
    <ul class="cards">
      ${shown.map(schoolCard)}
    </ul>
    ${
      found.length > shown.length &&
      html`<p>Показаны первые ${SHOWN}. Чтобы найти другие, напишите название или номер школы.</p>`
    }`
}

const count = (found: number, query: string): Html =>
  found === 0
    ? html`<p role="status">
        По запросу «${query}» школ не нашлось. Попробуйте только номер или <a href="/">посмотрите весь список</a>.
      </p>`
    : html`<p role="status">Найдено школ: ${found}. <a href="/">Показать все</a></p>`

function addressBar({ ours, next }: Addresses): Html {
  const [first, ...others] = next.map(host => html`<strong class="host">${host}</strong>`)
  return html`<aside class="address" aria-label="Проверьте адрес">
    <p>
      Сейчас в адресной строке браузера: <strong class="host">${ours}</strong>.
      ${first && html`После нажатия кнопки там будет: ${first}${others.map(host => html` или ${host}`)}.`}
    </p>
    <p>Если адрес другой, не вводите пароль и закройте страницу.</p>
  </aside>`
}

const noAccountLink = (school: SchoolDoors): Html =>
  html`<p><a href="${schoolPath(school.code)}#no-account">Нет учётной записи Госуслуг?</a></p>`

const noAccount = (): Html =>
  html`<section id="no-account" aria-labelledby="no-account-title">
    <h2 id="no-account-title">Нет учётной записи Госуслуг?</h2>
    <ol class="steps">
      <li>
        Зарегистрируйтесь на <a href="https://www.gosuslugi.ru/">gosuslugi.ru</a>. Понадобятся паспорт, СНИЛС и телефон.
      </li>
      <li>Подтвердите учётную запись: через свой банк или в центре обслуживания. Это бесплатно.</li>
      <li>Вернитесь сюда и нажмите «Войти через Госуслуги».</li>
    </ol>
    <p>
      Учётную запись ребёнка младше 14 лет создаёт родитель в своём кабинете на Госуслугах. Если пока не получается,
      позвоните в школу: она подскажет, как быть.
    </p>
  </section>`

const schoolHelp = (support: Support): Html | undefined => {
  const card = contactCard('Школа поможет', support)
  return (
    card &&
    html`<h2>Не получается войти?</h2>
      ${card}`
  )
}

const selfTestLink = (url: string): Html =>
  html`<p class="hint">Для специалистов школы: <a href="${url}">проверить вход, не открывая журнал</a>.</p>`
