/** What people see. Russian, without JavaScript, without anything from other hosts, without marks of the state. */
import { faults } from './faults.js'
import { html, type Html } from './html.js'
import type { Answer, Idp, Login } from './idp.js'
import { path } from './metadata.js'
import { oddities } from './oddities.js'
import type { ServiceProvider } from './service-provider.js'
import { capacities } from './sign-in.js'

export const page = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} — учебный стенд</title>
        <link rel="icon" href="/idp/static/mock-idp.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/idp/static/mock-idp.css" />
      </head>
      <body>
        <header>
          <p class="name">Учебный вход</p>
          <p class="notice">Учебный стенд, не Госуслуги. Все люди здесь вымышлены, настоящие пароли не вводите.</p>
        </header>
        <main>${body}</main>
      </body>
    </html>`.text

const complaint = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="complaint" role="alert">${text}</p>`

const stepAddress = (login: Login, step: string): string => `/idp/login/${login.id}/${step}`

function faultSelect(chosen: string): Html {
  const option = (name: string, text: string): Html =>
    html`<option value="${name}" ${name === chosen ? html`selected` : undefined}>${text}</option>`
  const bad = faults.map(({ name, title, refused }) => option(name, `${title} (${refused})`))
  const odd = oddities.map(({ name, title }) => option(name, title))
  return html`<details>
    <summary>Испортить ответ (для проверки)</summary>
    <label for="fault">Чем ответ будет плох</label>
    <select id="fault" name="fault">
      <option value="">Ничем: честный ответ</option>
      <optgroup label="Ложь: ответ должен быть отвергнут">${bad}</optgroup>
      <optgroup label="Странно, но честно: ответ должен быть принят">${odd}</optgroup>
    </select>
  </details>`
}

function peopleTable(idp: Idp): Html {
  const rows = idp.people.all.map(person => {
    const login = person.phone ?? person.email ?? ''
    return html`<li>
      <span class="about">${person.about}</span>
      <a href="?login=${encodeURIComponent(login)}">${login}</a>
    </li>`
  })
  return html`<details open class="people">
    <summary>Кем можно войти</summary>
    <p>Пароль у всех один: <code>${idp.people.password}</code></p>
    <ul>
      ${rows}
    </ul>
  </details>`
}

export interface Typed {
  readonly login?: string
  readonly fault?: string
  readonly wrong?: string
}

export function passwordPage(idp: Idp, login: Login, typed: Typed = {}): string {
  return page(
    'Вход',
    html`<section class="card">
        <h1>Вход</h1>
        <p class="for">Вы входите в систему ${new URL(login.asked.acsUrl).host}</p>
        ${complaint(typed.wrong)}
        <form method="post" action="${stepAddress(login, 'password')}">
          <label for="login">Телефон, почта или СНИЛС</label>
          <input
            id="login"
            name="login"
            value="${typed.login}"
            autocomplete="username"
            autocapitalize="none"
            required
          />
          <label for="password">Пароль</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
          <p class="check">
            <input id="remember" name="remember" type="checkbox" value="yes" />
            <label for="remember">Запомнить меня</label>
          </p>
          <button>Войти</button>
          ${faultSelect(typed.fault ?? '')}
        </form>
      </section>
      ${peopleTable(idp)}`,
  )
}

export function codePage(login: Login, wrong?: string): string {
  return page(
    'Код подтверждения',
    html`<section class="card">
      <h1>Код подтверждения</h1>
      <p>На Госуслугах код пришёл бы в СМС. Здесь СМС нет, поэтому код показан на странице.</p>
      <p class="code">Учебный код: <strong>${login.code?.digits}</strong></p>
      ${complaint(wrong)}
      <form method="post" action="${stepAddress(login, 'code')}">
        <label for="code">Шесть цифр</label>
        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required />
        <button>Подтвердить</button>
      </form>
      <form method="post" action="${stepAddress(login, 'new-code')}">
        <button class="second">Получить новый код</button>
      </form>
    </section>`,
  )
}

export function capacityPage(login: Login, wrong?: string): string {
  const { person } = login
  const choices = person ? capacities(login, person) : []
  const buttons = choices.map(({ value, capacity }) =>
    capacity.role === 'P'
      ? html`<button class="choice" name="capacity" value="${value}">
          ${person?.lastName} ${person?.firstName} <small>частное лицо</small>
        </button>`
      : html`<button class="choice" name="capacity" value="${value}">
          ${capacity.organisation.name}
          <small>${capacity.organisation.position}, ОГРН ${capacity.organisation.ogrn}</small>
        </button>`,
  )
  return page(
    'Как войти',
    html`<section class="card">
      <h1>Как войти</h1>
      <p>К учётной записи привязаны организации. Выберите, от чьего имени входите.</p>
      ${complaint(wrong)}
      <form method="post" action="${stepAddress(login, 'capacity')}">${buttons}</form>
    </section>`,
  )
}

/** Posts itself where scripts run; elsewhere the button does it. */
export function answerPage({ to, response, relayState }: Answer): string {
  const relay =
    relayState === undefined ? undefined : html`<input type="hidden" name="RelayState" value="${relayState}" />`
  return page(
    'Возвращаемся',
    html`<section class="card">
      <h1>Вход выполнен</h1>
      <p>Возвращаем вас в систему ${new URL(to).host}.</p>
      <form id="answer" method="post" action="${to}">
        <input type="hidden" name="SAMLResponse" value="${response}" />
        ${relay}
        <button>Продолжить</button>
      </form>
      <script src="/idp/static/post.js"></script>
    </section>`,
  )
}

/** @param more what stands below the services while somebody is signed in */
export function cataloguePage(idp: Idp, providers: readonly ServiceProvider[], more?: Html): string {
  const tiles = [
    ...(idp.journalLogin === undefined
      ? []
      : [
          html`<li>
            <a href="${idp.journalLogin}">Электронный журнал<small>войти через сайт школы</small></a>
          </li>`,
        ]),
    ...providers.map(
      provider =>
        html`<li>
          <a href="${path.unsolicited}?providerId=${encodeURIComponent(provider.entityId)}"
            >Электронный журнал<small>сразу отсюда: ответ без запроса, ${provider.entityId}</small></a
          >
        </li>`,
    ),
  ]
  return page(
    'Услуги',
    html`<h1>Услуги</h1>
      <ul class="tiles">
        ${tiles}
      </ul>
      ${more}`,
  )
}

export const problemPage = (title: string, text: string): string =>
  page(
    title,
    html`<section class="card">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">К списку услуг</a></p>
    </section>`,
  )
