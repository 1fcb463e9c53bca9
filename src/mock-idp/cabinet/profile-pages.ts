/** «Мои данные» and «Мои дети». */
import { parseSnils, printSnils } from '../../words/snils.js'
import type { Account } from '../accounts/account.js'
import { html, type Html } from '../html.js'
import { complaint, input, page } from '../layout.js'
import type { TestPerson } from '../people.js'

export const levelTitle = { 10: 'упрощённая', 20: 'стандартная', 30: 'подтверждённая' } as const

const russianDate = (iso: string): string => iso.split('-').reverse().join('.')

const cardForm = (snils: string | undefined): string => {
  const parsed = snils === undefined ? undefined : parseSnils(snils)
  return parsed ? printSnils(parsed) : 'не указан'
}

const line = (name: string, value: string): Html =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`

export const cabinetMenu = html`<nav class="menu" aria-label="Личный кабинет">
  <a href="/idp/cabinet">Мои данные</a> <a href="/idp/cabinet/children">Мои дети</a>
  <a href="/idp/cabinet/security">Безопасность</a>
</nav>`

function status({ level }: TestPerson): Html {
  const title = html`<p>Учётная запись: <strong>${levelTitle[level]}</strong></p>`
  return level === 30
    ? html`${title}
        <p>Статус «подтверждена»: открыты все услуги.</p>`
    : html`${title}
        <p>Электронный журнал может не пустить, пока личность не подтверждена.</p>
        <p><a href="/idp/cabinet/confirm">Подтвердить личность</a></p>`
}

function belongings(person: TestPerson): Html {
  const { organisations, ogrnip } = person
  if (organisations.length === 0 && ogrnip === undefined) return html`<p>К учётной записи ничего не привязано.</p>`
  return html`<ul class="lines">
    ${ogrnip === undefined ? undefined : html`<li><strong>Индивидуальный предприниматель</strong><br />ОГРНИП ${ogrnip}</li>`}
    ${organisations.map(({ name, position, ogrn, inn }) => html`<li><strong>${name}</strong><br />${position}; ОГРН ${ogrn}, ИНН ${inn}</li>`)}
  </ul>`
}

/** @param asked capacity of this sign-in, as it is told to services */
export function profilePage({ person }: Account, capacity: string, wrong?: string): string {
  const { lastName, firstName, middleName, birthDate, phone, email, snils, passport } = person
  return page(
    'Мои данные',
    html`<h1>Мои данные</h1>
      ${cabinetMenu}
      <section class="card">
        <h2>${lastName} ${firstName} ${middleName}</h2>
        <p>Вы вошли как ${capacity}.</p>
        ${status(person)}
        <dl>
          ${line('Дата рождения', russianDate(birthDate))} ${line('СНИЛС', cardForm(snils))}
          ${line('Паспорт', passport ?? 'не указан')} ${line('Телефон', phone ?? 'не указан')}
          ${line('Почта', email ?? 'не указана')}
        </dl>
      </section>
      <section class="card">
        <h2>Организации</h2>
        ${belongings(person)}
      </section>
      <section class="card">
        <h2>Сменить почту</h2>
        ${complaint(wrong)}
        <form method="post" action="/idp/cabinet/email">
          ${input({ name: 'email', label: 'Новая почта', type: 'email', hint: 'Только вымышленная: имя@mail.example' })}
          <button>Сменить</button>
        </form>
      </section>`,
  )
}

export function childrenPage({ person }: Account): string {
  const children = person.children ?? []
  return page(
    'Мои дети',
    html`<h1>Мои дети</h1>
      ${cabinetMenu}
      <section class="card">
        ${
          children.length === 0
            ? html`<p>Детей в вашей учётной записи нет.</p>`
            : html`<ul class="lines">
                ${children.map(child => html`<li><strong>${child.lastName} ${child.firstName} ${child.middleName}</strong><br />дата рождения ${russianDate(child.birthDate)}</li>`)}
              </ul>`
        }
        <p><small>Этот список видите только вы: в школу он не уходит, журнал знает детей по списку школы.</small></p>
      </section>`,
  )
}
