/** Pages of single logout. */
import { html, type Html } from './html.js'
import { logoutFaults } from './logout-faults.js'
import { page } from './layout.js'
import type { LogoutResponse } from './requests.js'

/** Posts itself where scripts run; elsewhere the button does it. */
export function passOnPage(to: string, fields: Readonly<Record<string, string>>): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  return page(
    'Выход',
    html`<section class="card">
      <h1>Выход</h1>
      <p>Передаём в систему ${new URL(to).host}.</p>
      <form id="answer" method="post" action="${to}">
        ${hidden}
        <button>Продолжить</button>
      </form>
      <script src="/idp/static/post.js"></script>
    </section>`,
  )
}

/** What the service provider answered to our request. */
export function statusPage({ status, message }: LogoutResponse, relayState: string | undefined): string {
  const short = status.map(code => code.slice(code.lastIndexOf(':') + 1)).join(', ')
  return page(
    'Вы вышли',
    html`<section class="card">
      <h1>Вы вышли</h1>
      <p>Система ответила: <strong>${short}</strong>${message === undefined ? undefined : html` (${message})`}.</p>
      <p>RelayState: <code>${relayState ?? 'нет'}</code></p>
      <p><a href="/">К списку услуг</a></p>
    </section>`,
  )
}

export const logoutBeganPage = (answer: string): string =>
  page(
    'Вы вышли',
    html`<section class="card">
      <h1>Вы вышли</h1>
      <p>Система ответила:</p>
      <pre>${answer}</pre>
      <p><a href="/">К списку услуг</a></p>
    </section>`,
  )

/** On the catalogue, while somebody is signed in. */
export function logoutForm(): Html {
  const option = (value: string, text: string): Html => html`<option value="${value}">${text}</option>`
  return html`<section class="card">
    <h2>Закончить вход</h2>
    <form method="post" action="/idp/logout">
      <label for="by">Как сообщить системам</label>
      <select id="by" name="by">
        ${option('redirect', 'адресом (HTTP-Redirect)')}${option('post', 'формой (HTTP-POST)')}${option('soap', 'от сервера серверу (SOAP)')}
      </select>
      <p class="check">
        <input id="all" name="all" type="checkbox" value="yes" /><label for="all">На всех устройствах</label>
      </p>
      <p class="check">
        <input id="encrypted" name="encrypted" type="checkbox" value="yes" /><label for="encrypted"
          >Имя зашифровать</label
        >
      </p>
      <details>
        <summary>Испортить просьбу (для проверки)</summary>
        <label for="logout-fault">Чем просьба будет плоха</label>
        <select id="logout-fault" name="fault">
          ${option('', 'Ничем: честная просьба')}${logoutFaults.map(({ name, title, refused }) => option(name, `${title} (${refused})`))}
        </select>
      </details>
      <button>Выйти</button>
    </form>
  </section>`
}
