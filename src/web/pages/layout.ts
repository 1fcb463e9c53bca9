/**
 * Pages: what people see. Each page is a pure function from values to a whole HTML document.
 * Does not touch: requests, cookies, headers (web's routes), stored things; it decides nothing.
 * Called by: web's routes.
 *
 * Every page works without JavaScript, loads nothing from other hosts and needs no inline style or script.
 */
import { mark, stylesheet } from '../assets/assets.js'
import type { Support } from '../../words/school.js'
import { bannerBar, type ShownBanner } from './banner.js'
import { html, type Html } from './html.js'
import { contactLine } from './contact.js'

/** Name of the hidden field that ties a form to its session. */
export const TOKEN_FIELD = 'token'
/** Sent by «Это не вы? Войти другим», not by a plain sign-out: `then=another`. */
export const THEN_FIELD = 'then'
export const THEN_ANOTHER = 'another'

/** Who is signed in, and the form by which somebody else takes over. */
export interface SignedIn {
  readonly name: string
  readonly notYou: {
    readonly action: string
    readonly token: string
    /** Further hidden fields: where the next login is to lead. */
    readonly fields?: Readonly<Record<string, string>> | undefined
  }
}

/** What surrounds the content of any page. */
export interface Frame {
  readonly signedIn?: SignedIn | undefined
  /** Who helps with the bridge itself; stands at the foot of the page. */
  readonly support?: Support | undefined
  /** What must be said before anything else. */
  readonly banners?: readonly ShownBanner[] | undefined
  /** Request number, when the page does not show it larger itself. */
  readonly number?: string | undefined
}

interface Content extends Frame {
  readonly title: string
  /** Tables want more room than text. */
  readonly wide?: boolean
  readonly main: Html
}

export const SERVICE = 'Вход в электронный журнал'

export function page(content: Content): string {
  return html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <title>${content.title === SERVICE ? SERVICE : `${content.title} — ${SERVICE}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="${mark.href}" type="image/svg+xml" />
        <link rel="stylesheet" href="${stylesheet.href}" />
      </head>
      <body${content.wide && html` class="wide"`}>
        <a class="skip" href="#main">Перейти к содержанию</a>
        <header class="top">
          <div class="column">
            <a class="home" href="/"><img src="${mark.href}" alt="" width="32" height="32" />${SERVICE}</a>
          </div>
        </header>
        ${content.signedIn && signedInBar(content.signedIn)}
        <main id="main" class="column" tabindex="-1">${bannerBar(content.banners ?? [])} ${content.main}</main>
        ${foot(content)}
      </body>
    </html> `.toString()
}

function signedInBar(signedIn: SignedIn): Html {
  return html`<section class="who" aria-label="Кто вошёл">
    <div class="column">
      <p>Вы вошли как <strong>${signedIn.name}</strong></p>
      ${anotherPerson(signedIn, 'Это не вы? Войти другим', 'as-link')}
    </div>
  </section>`
}

/** The form that signs this person out, also at Госуслуги, and lets another one sign in. */
export function anotherPerson(signedIn: SignedIn, label: string, look: 'as-link' | 'button' | 'button quiet'): Html {
  const { action, token, fields = {} } = signedIn.notYou
  const hidden = Object.entries({ [TOKEN_FIELD]: token, [THEN_FIELD]: THEN_ANOTHER, ...fields })
  return html`<form method="post" action="${action}">
    ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${look}" type="submit">${label}</button>
  </form>`
}

function foot({ support, number }: Frame): Html {
  const line = support && contactLine(support)
  return html`<footer class="foot">
    <div class="column">
      ${line && html`<p>Поддержка входа: ${line}</p>`}
      ${number !== undefined && html`<p>Номер обращения: <span class="sign">${number}</span></p>`}
      <p>Пароль от Госуслуг вводят только на сайте Госуслуг. Здесь его никогда не спрашивают.</p>
    </div>
  </footer>`
}
