/** What every page has: the notice that this is a stand, the way back, nothing from other hosts, no marks of the state. */
import { html, type Html } from './html.js'

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
        <footer>
          <nav aria-label="Учебный стенд">
            <a href="/">Услуги</a> <a href="/idp/messages">Учебные сообщения</a> <a href="/idp/trouble">Сбои стенда</a>
          </nav>
        </footer>
      </body>
    </html>`.text

export const complaint = (text: string | undefined): Html | undefined =>
  text === undefined ? undefined : html`<p class="complaint" role="alert">${text}</p>`

export const problemPage = (title: string, text: string): string =>
  page(
    title,
    html`<section class="card">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">К списку услуг</a></p>
    </section>`,
  )

export interface Field {
  readonly name: string
  readonly label: string
  readonly value?: string
  readonly type?: 'text' | 'password' | 'date' | 'tel' | 'email'
  readonly hint?: string
  readonly autocomplete?: string
  readonly optional?: true
}

/** A labelled input; a hint is read out with it. */
export const input = ({ name, label, value, type = 'text', hint, autocomplete = 'off', optional }: Field): Html =>
  html`<label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${autocomplete}"
      ${hint === undefined ? undefined : html`aria-describedby="${name}-hint"`}
      ${optional ? undefined : html`required`}
    />
    ${hint === undefined ? undefined : html`<small id="${name}-hint">${hint}</small>`}`

export const checkbox = (name: string, label: string): Html =>
  html`<p class="check">
    <input id="${name}" name="${name}" type="checkbox" value="yes" /> <label for="${name}">${label}</label>
  </p>`
