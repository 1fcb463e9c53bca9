/** «Безопасность»: second factor, password, browsers, and what happened. */
import type { Instant } from '../../base/clock.js'
import type { Account, Method } from '../accounts/account.js'
import { methodsOf, methodTitle } from '../accounts/factors.js'
import { base32, totp } from '../accounts/one-time-password.js'
import { costOf, PASSWORD_RULES, type PasswordHash } from '../accounts/passwords.js'
import { html, type Html } from '../html.js'
import { complaint, input, page } from '../layout.js'
import { dayText } from '../wrong-input.js'
import { cabinetMenu } from './profile-pages.js'

export interface SecurityView {
  readonly account: Account
  /** Of this browser. */
  readonly device: string
  readonly sessions: number
  readonly hash: PasswordHash
  readonly now: Instant
  readonly wrong?: string
}

function secondFactor(account: Account): Html {
  const radio = (value: Method | 'none', title: string): Html =>
    html`<p class="check">
      <input
        id="m-${value}"
        type="radio"
        name="method"
        value="${value}"
        ${account.method === value ? html`checked` : undefined}
      />
      <label for="m-${value}">${title}</label>
    </p>`
  return html`<form method="post" action="/idp/cabinet/security/method">
    <fieldset>
      <legend>Чем подтверждать вход</legend>
      ${methodsOf(account).map(method => radio(method, methodTitle[method]))} ${radio('none', 'Ничем, только пароль')}
    </fieldset>
    <button>Сохранить</button>
  </form>`
}

function devices({ account, device, now }: SecurityView): Html {
  const rows = account.devices.map(({ id, name, lastSeen, trustedUntil }) => {
    const trusted = trustedUntil !== undefined && trustedUntil > now
    return html`<li>
      <strong>${name}</strong>${id === device ? ' (этот)' : undefined}<br />последний вход
      ${dayText(lastSeen)}${trusted ? html`, без кода до ${dayText(trustedUntil)}` : undefined}
      <form method="post" action="/idp/cabinet/security/forget">
        <button class="second" name="device" value="${id}">Забыть: ${name}</button>
      </form>
    </li>`
  })
  return html`<ul class="lines">
    ${rows}
  </ul>`
}

const history = ({ account }: SecurityView): Html =>
  html`<ul class="lines">
    ${account.history.map(({ at, what, where }) => html`<li><strong>${what}</strong><br />${where}, ${dayText(at)}</li>`)}
  </ul>`

const storage = (hash: PasswordHash): string => {
  const { n, r, p } = costOf(hash)
  return `Хранится не пароль, а его отпечаток: scrypt, N=${n}, r=${r}, p=${p}. Когда параметры поднимают, отпечаток обновится при вашем входе.`
}

const passwordForm = (hash: PasswordHash): Html =>
  html`<form method="post" action="/idp/cabinet/security/password">
    ${input({ name: 'old', label: 'Нынешний пароль', type: 'password', autocomplete: 'current-password' })}
    ${input({ name: 'new', label: 'Новый пароль', type: 'password', autocomplete: 'new-password', hint: PASSWORD_RULES })}
    <button>Сменить пароль</button>
    <p><small>${storage(hash)}</small></p>
  </form>`

const questionForm = html`<form method="post" action="/idp/cabinet/security/question">
  ${input({ name: 'question', label: 'Вопрос' })}
  ${input({ name: 'answer', label: 'Ответ', hint: 'Большие буквы и «ё» не важны.' })}
  <button>Задать секретный вопрос</button>
</form>`

const totpForm = html`<form method="post" action="/idp/cabinet/security/totp">
  <button class="second">Подключить приложение-генератор кодов</button>
</form>`

export function securityPage(view: SecurityView): string {
  const { account, wrong, sessions, hash } = view
  return page(
    'Безопасность',
    html`<h1>Безопасность</h1>
      ${cabinetMenu} ${complaint(wrong)}
      <section class="card">
        <h2>Подтверждение входа</h2>
        ${secondFactor(account)} ${totpForm}
        <details>
          <summary>Секретный вопрос</summary>
          ${questionForm}
        </details>
      </section>
      <section class="card">
        <h2>Пароль</h2>
        ${passwordForm(hash)}
      </section>
      <section class="card">
        <h2>Устройства</h2>
        ${devices(view)}
        <form method="post" action="/idp/cabinet/security/end">
          <p>Открытых входов: ${sessions}.</p>
          <button class="second">Закончить все, кроме этого</button>
        </form>
      </section>
      <section class="card">
        <h2>История входов</h2>
        ${history(view)}
      </section>`,
  )
}

/** The secret in the form that apps read: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function totpPage(secret: Buffer, owner: string, now: Instant, wrong?: string): string {
  const text = base32(secret)
  const address = `otpauth://totp/${encodeURIComponent(`Учебный вход:${owner}`)}?secret=${text}&issuer=${encodeURIComponent('Учебный вход')}`
  return page(
    'Приложение-генератор кодов',
    html`<section class="card">
        <h1>Приложение-генератор кодов</h1>
        <p>Введите в приложение этот ключ (по времени, шесть цифр, 30 секунд), затем код, который оно покажет.</p>
        <p><code>${text}</code></p>
        <p><a href="${address}">Открыть в приложении на этом телефоне</a></p>
        ${complaint(wrong)}
        <form method="post" action="/idp/cabinet/security/totp">
          <label for="code">Шесть цифр</label>
          <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required />
          <button>Подключить</button>
        </form>
        <p><a href="/idp/cabinet/security">Не сейчас</a></p>
      </section>
      <aside class="hand" aria-label="Учебный телефон">
        <h2>Учебный телефон</h2>
        <p class="code">Приложение показывает: <strong>${totp(secret, now)}</strong></p>
      </aside>`,
  )
}
