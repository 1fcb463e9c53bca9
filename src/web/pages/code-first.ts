import { html } from './html.js'
import { inBoth, type Reader } from './in-english.js'
import { page, type Frame } from './layout.js'
import type { EnglishText } from './text-en.js'

export interface CodeFirstPage extends Frame, Reader {
  /** Signs in and leads to the page where the code is typed. */
  readonly loginUrl: string
  /** Address of the script that keeps what the QR code of a slip says. */
  readonly script: string
}

/** `GET /code`: where the QR code of a slip leads who is not signed in yet. */
export function codeFirstPage(args: CodeFirstPage): string {
  const main = html`<h1>Вам дали код в школе?</h1>
    <p class="lead">Войдите через Госуслуги, и мы покажем, чью запись в журнале открывает ваш код.</p>
    <div class="actions"><a class="button large" href="${args.loginUrl}">Войти через Госуслуги</a></div>
    <p class="hint">
      Листочек не выбрасывайте: если код не появится на следующей странице сам, его нужно будет набрать. Пока вы не
      скажете «это моя запись», мы ничего не привяжем.
    </p>
    <script src="${args.script}"></script>`
  return page({ ...args, title: 'Код от школы', main: inBoth(main, SIGN_IN_FIRST, args, BUTTON_SIGN_IN) })
}

const SIGN_IN_FIRST: EnglishText = {
  heading: 'Did the school give you a code?',
  happened: 'Sign in at Gosuslugi first: then we show whose account your code opens.',
  steps: ['Keep the slip: if the code does not appear on the next page by itself, type it there.'],
}
const BUTTON_SIGN_IN = 'On this page, “Войти через Госуслуги” leads to the sign-in.'
