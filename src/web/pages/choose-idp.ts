import { html, type Html } from './html.js'
import { page, type Frame } from './layout.js'

export interface IdpCard {
  readonly title: string
  /** Host of its sign-in page, so that the address can be compared, and two of one name told apart. */
  readonly host: string
  /** Begins the login there. */
  readonly url: string
  /** This browser chose it the last time. */
  readonly before: boolean
}

export interface ChooseIdpPage extends Frame {
  readonly journalTitle?: string | undefined
  readonly idps: readonly IdpCard[]
}

/** Links and no form: nothing is begun until one is followed, and each can be kept as a bookmark. */
export function chooseIdpPage(args: ChooseIdpPage): string {
  const { journalTitle, idps } = args
  const cards = [...idps].sort((one, other) => Number(other.before) - Number(one.before))
  const main = html`<h1>Где вы входите?</h1>
    <p class="lead">Выберите, через что войти${journalTitle !== undefined && html`, и откроется «${journalTitle}»`}.</p>
    <ul class="cards">
      ${cards.map(card)}
    </ul>
    <p class="hint">
      Не знаете, что выбрать? Спросите в школе. Пароль вводят только на том сайте, который откроется после выбора:
      сверьте его адрес.
    </p>`
  return page({ ...args, title: 'Где вы входите?', main })
}

const card = ({ title, host, url, before }: IdpCard): Html =>
  html`<li>
    <a class="choice" href="${url}">
      <span class="choice-title">${title}</span>
      <span class="choice-subtitle">${host}${before && ' · так вы входили в прошлый раз'}</span>
    </a>
  </li>`
