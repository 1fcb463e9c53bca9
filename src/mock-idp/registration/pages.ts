/** Pages of registration and of a lost password. */
import { PASSWORD_RULES } from '../accounts/passwords.js'
import { html, type Html } from '../html.js'
import { complaint, input, page } from '../layout.js'
import type { Errand } from './errands.js'
import type { Form } from './register.js'

const NOTICE = 'Придумайте человека: ничего настоящего не вводите. Учётная запись исчезнет, когда стенд перезапустят.'

export function registrationPage(suggested: string, form: Partial<Form> = {}, wrong?: string): string {
  const { lastName, firstName, middleName, birthDate, phone, snils } = form
  const text = (name: keyof Form, label: string, value: string | undefined, more: object = {}): Html =>
    input({ name, label, ...(value !== undefined && { value }), ...more })
  return page(
    'Регистрация',
    html`<section class="card">
      <h1>Регистрация</h1>
      <p>${NOTICE}</p>
      ${complaint(wrong)}
      <form method="post" action="/idp/registration">
        ${text('lastName', 'Фамилия', lastName)} ${text('firstName', 'Имя', firstName)}
        ${text('middleName', 'Отчество, если есть', middleName, { optional: true })}
        <label for="gender">Пол</label>
        <select id="gender" name="gender">
          <option value="F">женский</option>
          <option value="M" ${form.gender === 'M' ? html`selected` : undefined}>мужской</option>
        </select>
        ${text('birthDate', 'Дата рождения', birthDate, { type: 'date' })}
        ${text('phone', 'Телефон', phone, { type: 'tel', hint: 'Вымышленный: +7 000 и семь цифр' })}
        ${text('snils', 'СНИЛС, если хотите стандартную учётную запись', snils, { optional: true, hint: `Вымышленный, например ${suggested}. Без него учётная запись будет упрощённой.` })}
        ${text('password', 'Пароль', undefined, { type: 'password', autocomplete: 'new-password', hint: PASSWORD_RULES })}
        <button>Зарегистрироваться</button>
      </form>
    </section>`,
  )
}

export function recoveryPage(wrong?: string): string {
  return page(
    'Восстановить пароль',
    html`<section class="card">
      <h1>Восстановить пароль</h1>
      <p>Укажите, как вы входите. Если такая учётная запись есть, на её телефон или почту уйдёт код.</p>
      ${complaint(wrong)}
      <form method="post" action="/idp/recovery">
        ${input({ name: 'login', label: 'Телефон, почта или СНИЛС', autocomplete: 'username' })}
        <button>Получить код</button>
      </form>
    </section>`,
  )
}

function arrived({ to, digits }: Errand<unknown>): Html {
  return html`<aside class="hand" aria-label="Учебный телефон">
    <h2>Учебный телефон</h2>
    ${to ? html`<p class="code">${to.by}, код: <strong>${digits}</strong></p>` : html`<p>Ничего не пришло.</p>`}
    <p><small>На стенде ничего не отправляется: всё, что пришло бы вам, показано здесь.</small></p>
  </aside>`
}

export interface CodeForm {
  readonly title: string
  readonly action: string
  readonly button: string
  /** Asked for together with the code. */
  readonly newPassword?: true
}

export function errandPage(
  errand: Errand<unknown>,
  { title, action, button, newPassword }: CodeForm,
  wrong?: string,
): string {
  return page(
    title,
    html`<section class="card">
        <h1>${title}</h1>
        <p>Введите код, который пришёл. Он действует три минуты.</p>
        ${complaint(wrong)}
        <form method="post" action="${action}/${errand.id}">
          <label for="code">Шесть цифр</label>
          <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required />
          ${newPassword && input({ name: 'password', label: 'Новый пароль', type: 'password', autocomplete: 'new-password', hint: PASSWORD_RULES })}
          <button>${button}</button>
        </form>
        <form method="post" action="${action}/${errand.id}/again">
          <button class="second">Получить новый код</button>
        </form>
      </section>
      ${arrived(errand)}`,
  )
}

export const donePage = (title: string, text: string): string =>
  page(
    title,
    html`<section class="card">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/idp/cabinet">Войти в личный кабинет</a></p>
      <p><a href="/">К списку услуг</a></p>
    </section>`,
  )
