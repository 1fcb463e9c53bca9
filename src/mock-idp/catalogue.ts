/** The catalogue of services: tiles, and what stands below them while somebody is signed in. */
import { html, type Html } from './html.js'
import type { Idp, IdpSession } from './idp.js'
import { page } from './layout.js'
import { logoutForm } from './logout-pages.js'
import { path } from './metadata.js'
import type { ServiceProvider } from './service-provider.js'

/** Starts at the bridge: an answer to a request. */
const portalTile = (address: string): Html =>
  html`<li>
    <a href="${address}">Школьный портал<small>войти через сайт школы: мост попросит ответ</small></a>
  </li>`

/** Starts here: an answer that nobody asked for. */
const journalTile = ({ entityId }: ServiceProvider): Html =>
  html`<li>
    <a href="${path.unsolicited}?providerId=${encodeURIComponent(entityId)}"
      >Электронный журнал ЦОП<small>сразу отсюда: ответ без запроса, ${entityId}</small></a
    >
  </li>`

const switchedOff = html`<li class="off">Электронный журнал ЦОП<small>услуга выключена</small></li>`

const subscription = (on: boolean): Html =>
  html`<form method="post" action="/idp/cabinet/subscription">
    <button class="second" name="on" value="${on ? 'no' : 'yes'}">
      ${on ? 'Отключить электронный журнал' : 'Подключить электронный журнал'}
    </button>
  </form>`

const guest = html`<p><a href="/idp/cabinet">Войти в личный кабинет</a></p>`

function signedIn({ account: { person, subscribed } }: IdpSession): Html {
  return html`<section class="card">
      <h2>${person.lastName} ${person.firstName}</h2>
      <ul class="ways">
        <li><a href="/idp/cabinet">Мои данные</a></li>
        <li><a href="/idp/cabinet/children">Мои дети</a></li>
        <li><a href="/idp/cabinet/security">Безопасность и история входов</a></li>
      </ul>
      ${subscription(subscribed)}
    </section>
    ${logoutForm()}`
}

export function cataloguePage(idp: Idp, providers: readonly ServiceProvider[], session?: IdpSession): string {
  const off = session?.account.subscribed === false
  const tiles = [
    ...(off ? [switchedOff] : providers.map(journalTile)),
    ...(idp.journalLogin === undefined ? [] : [portalTile(idp.journalLogin)]),
  ]
  return page(
    'Услуги',
    html`<h1>Услуги</h1>
      <ul class="tiles">
        ${tiles}
      </ul>
      ${session ? signedIn(session) : guest}`,
  )
}
