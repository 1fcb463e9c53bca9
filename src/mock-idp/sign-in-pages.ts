/** The pages of a sign-in, step by step. Russian, without JavaScript. */
import type { Method } from './accounts/account.js'
import { methodsOf, methodTitle, type Challenge } from './accounts/factors.js'
import { starredEmail, starredPhone, type Message } from './accounts/inbox.js'
import { hotp, totp } from './accounts/one-time-password.js'
import { faults } from './faults.js'
import { html, type Html } from './html.js'
import type { Answer, Idp, Login } from './idp.js'
import { checkbox, complaint, input, page } from './layout.js'
import { oddities } from './oddities.js'
import { capacities } from './sign-in.js'

export const stepAddress = (login: Login, step: string): string => `/idp/login/${login.id}/${step}`

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

const goal = ({ asked }: Login): string =>
  asked ? `в систему ${new URL(asked.acsUrl).host}` : 'в личный кабинет стенда'

const loginField = (typed: Typed): Html =>
  html`<label for="login">Телефон, почта или СНИЛС</label>
    <input id="login" name="login" value="${typed.login}" autocomplete="username" autocapitalize="none" required />`

export function passwordPage(idp: Idp, login: Login, typed: Typed = {}): string {
  return page(
    'Вход',
    html`<section class="card">
        <h1>Вход</h1>
        <p class="for">Вы входите ${goal(login)}</p>
        ${complaint(typed.wrong)}
        <form method="post" action="${stepAddress(login, 'password')}">
          ${loginField(typed)}
          <label for="password">Пароль</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
          ${checkbox('remember', 'Запомнить меня')}
          <button>Войти</button>
          ${faultSelect(typed.fault ?? '')}
        </form>
        <ul class="ways">
          <li><a href="/idp/recovery">Восстановить пароль</a></li>
          <li><a href="/idp/registration">Зарегистрироваться</a></li>
          <li><a href="${stepAddress(login, 'signature')}">Войти с электронной подписью</a></li>
          <li><a href="${stepAddress(login, 'biometry')}">Войти по биометрии</a></li>
        </ul>
      </section>
      ${peopleTable(idp)}`,
  )
}

export function signaturePage(login: Login, typed: Typed = {}): string {
  return page(
    'Вход с электронной подписью',
    html`<section class="card">
      <h1>Вход с электронной подписью</h1>
      <p class="for">Вы входите ${goal(login)}</p>
      <p>
        Носитель здесь учебный: программа стенда подпишет вопрос его ключом. Он есть у администратора школы, PIN
        <code>0000</code>.
      </p>
      ${complaint(typed.wrong)}
      <form method="post" action="${stepAddress(login, 'signature')}">
        ${loginField(typed)} ${input({ name: 'password', label: 'PIN носителя', type: 'password' })}
        <button>Подписать и войти</button>
      </form>
      <p><a href="/idp/login/${login.id}">Войти паролем</a></p>
    </section>`,
  )
}

export const biometryPage = (login: Login): string =>
  page(
    'Вход по биометрии',
    html`<section class="card">
      <h1>Вход по биометрии</h1>
      <p>Эта кнопка только показывает, где был бы вход по лицу и голосу. Учебный стенд биометрию не собирает.</p>
      <p><a href="/idp/login/${login.id}">Войти паролем</a></p>
    </section>`,
  )

export function methodPage(login: Login, wrong?: string): string {
  const { account } = login
  const first = (account ? methodsOf(account) : []).filter(method => ['sms', 'email', 'call'].includes(method))
  return page(
    'Как получать коды',
    html`<section class="card">
      <h1>Как получать коды</h1>
      <p>Это первый вход. Выберите, как подтверждать его кодом; потом способ можно сменить в кабинете.</p>
      ${complaint(wrong)}
      <form method="post" action="${stepAddress(login, 'method')}">
        ${first.map(method => html`<button class="choice" name="method" value="${method}">${methodTitle[method]}</button>`)}
      </form>
    </section>`,
  )
}

/** What the person must type, and what stands above the field. */
const asks: Readonly<Record<Method, { readonly label: string; readonly lead: (login: Login) => string }>> = {
  sms: { label: 'Шесть цифр', lead: login => `Код отправлен в СМС на ${starredPhone(login.account?.person.phone ?? '')}.` },
  email: { label: 'Шесть цифр', lead: login => `Код отправлен письмом на ${starredEmail(login.account?.person.email ?? '')}.` },
  call: { label: 'Шесть цифр', lead: login => `Робот звонит на ${starredPhone(login.account?.person.phone ?? '')} и диктует код.` },
  push: { label: '', lead: () => 'Вопрос отправлен в приложение. Ответьте там «Это я» и нажмите «Продолжить» здесь.' },
  totp: { label: 'Шесть цифр', lead: () => 'Откройте приложение-генератор кодов и введите код, который оно показывает.' },
  question: { label: 'Ответ', lead: login => login.account?.question?.text ?? '' },
  token: { label: 'Шесть цифр', lead: () => 'Нажмите кнопку на аппаратном ключе и введите код с его экрана.' },
} // prettier-ignore

const shown = (digits: string): Html => html`<p class="code">Учебный код: <strong>${digits}</strong></p>`

/** What lies in the person's hand: nothing is really sent, so its screen is on the page. */
function hand(idp: Idp, login: Login, { method, digits, push }: Challenge): Html {
  const { account } = login
  if (method === 'totp' && account?.totp) return shown(totp(account.totp.secret, idp.clock.now()))
  if (method === 'token' && account?.token) return tokenScreen(login, account.token)
  if (method === 'question') return hintOfQuestion(login)
  if (method !== 'push') return shown(digits ?? '')
  if (push === 'approved') return html`<p>Ответ: «Это я».</p>`
  return html`<form method="post" action="${stepAddress(login, 'push')}">
    <p>Это вы входите?</p>
    <button name="answer" value="yes">Это я</button> <button class="second" name="answer" value="no">Это не я</button>
  </form>`
}

/** The answers of the file are no secret; what a person chose here is. */
function hintOfQuestion({ account }: Login): Html {
  const { question } = account?.person ?? {}
  return question?.text === account?.question?.text
    ? html`<p>Ответ тоже учебный: <code>${question?.answer}</code></p>`
    : html`<p>Ответ знаете только вы.</p>`
}

const tokenScreen = (login: Login, token: { readonly secret: Buffer; readonly pressed: number }): Html =>
  html`${token.pressed === 0 ? html`<p>Экран погашен.</p>` : shown(hotp(token.secret, token.pressed - 1))}
    <form method="post" action="${stepAddress(login, 'press')}">
      <button class="second">Нажать кнопку ключа</button>
    </form>`

const handTitle: Readonly<Partial<Record<Method, string>>> = { email: 'Учебная почта', token: 'Учебный ключ' }

function otherWays(login: Login, now: Method): Html | undefined {
  const others = (login.account ? methodsOf(login.account) : []).filter(method => method !== now)
  if (others.length === 0) return undefined
  return html`<details>
    <summary>Подтвердить по-другому</summary>
    <form method="post" action="${stepAddress(login, 'other')}">
      ${others.map(method => html`<button class="choice" name="method" value="${method}">${methodTitle[method]}</button>`)}
    </form>
  </details>`
}

const againTitle = (method: Method): string | undefined =>
  method === 'sms' || method === 'email' || method === 'call'
    ? 'Получить новый код'
    : method === 'push'
      ? 'Спросить ещё раз'
      : undefined

export function codePage(idp: Idp, login: Login, wrong?: string): string {
  const asked = login.challenge
  if (!asked) throw new Error('the page stands only while something is asked')
  const { method } = asked
  const again = againTitle(method)
  const numeric =
    method === 'question' ? undefined : html`inputmode="numeric" autocomplete="one-time-code" maxlength="12"`
  return page(
    'Код подтверждения',
    html`<section class="card">
        <h1>Код подтверждения</h1>
        <p>${asks[method].lead(login)}</p>
        ${complaint(wrong)}
        <form method="post" action="${stepAddress(login, 'code')}">
          ${method === 'push' ? undefined : html`<label for="code">${asks[method].label}</label><input id="code" name="code" ${numeric} required />`}
          ${checkbox('trust', 'Больше не спрашивать в этом браузере')}
          <button>${method === 'push' ? 'Продолжить' : 'Подтвердить'}</button>
        </form>
        ${again === undefined ? undefined : html`<form method="post" action="${stepAddress(login, 'new-code')}"><button class="second">${again}</button></form>`}
        ${otherWays(login, method)}
      </section>
      <aside class="hand" aria-label="${handTitle[method] ?? 'Учебный телефон'}">
        <h2>${handTitle[method] ?? 'Учебный телефон'}</h2>
        ${hand(idp, login, asked)}
        <p><small>На стенде ничего не отправляется: всё, что пришло бы вам, показано здесь.</small></p>
      </aside>`,
  )
}

export function capacityPage(login: Login, wrong?: string): string {
  const person = login.account?.person
  const choices = person ? capacities(login, person) : []
  const button = (value: string, title: string, small: string): Html =>
    html`<button class="choice" name="capacity" value="${value}">${title} <small>${small}</small></button>`
  const buttons = choices.map(({ value, capacity }) => {
    if (capacity.role === 'P') return button(value, `${person?.lastName} ${person?.firstName}`, 'частное лицо')
    if ('ogrnip' in capacity) return button(value, `ИП ${person?.lastName}`, `предприниматель, ОГРНИП ${value}`)
    const { name, position, ogrn } = capacity.organisation
    return button(value, name, `${position}, ОГРН ${ogrn}`)
  })
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

export const unsubscribedPage = (login: Login): string =>
  page(
    'Услуга не подключена',
    html`<section class="card">
      <h1>Услуга не подключена</h1>
      <p>Электронный журнал у вас выключен. Подключите его, и вход продолжится.</p>
      <form method="post" action="${stepAddress(login, 'subscribe')}"><button>Подключить и войти</button></form>
      <p><a href="/">К списку услуг</a></p>
    </section>`,
  )

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

/** @param messages the newest first */
export function messagesPage(messages: readonly Message[], when: (at: number) => string): string {
  const rows = messages.map(
    ({ at, by, to, text }) => html`<li><strong>${by}</strong>, ${to}, ${when(at)}<br />${text}</li>`,
  )
  return page(
    'Учебные сообщения',
    html`<section class="card">
      <h1>Учебные сообщения</h1>
      <p>
        Стенд ничего не отправляет. Здесь лежит то, что пришло бы по СМС, почте, звонком или в приложение из-за действий
        в этом браузере.
      </p>
      ${
        rows.length === 0
          ? html`<p>Пока ничего нет.</p>`
          : html`<ul class="lines">
              ${rows}
            </ul>`
      }
    </section>`,
  )
}
