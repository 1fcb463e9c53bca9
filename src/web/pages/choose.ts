import { roleTitles, type Choice } from '../../words/account.js'
import { html, type Html } from './html.js'
import { page, TOKEN_FIELD, type Frame, type SignedIn } from './layout.js'

/** Name of the field that carries the chosen card. */
export const CHOICE_FIELD = 'choice'

export interface Card {
  readonly id: string
  readonly title: string
  readonly subtitle: string
}

export interface ChoosePage extends Frame {
  readonly signedIn: SignedIn
  readonly journalTitle: string
  /** `/continue/LOGIN` */
  readonly action: string
  readonly token: string
  readonly choices: readonly Card[]
  /** The card that this browser chose the last time: it stands first. */
  readonly before?: string | undefined
}

/** Each card is a submit button: one tap, reachable by keyboard, and no state to lose. */
export function choosePage(args: ChoosePage): string {
  const { before } = args
  const cards = [...args.choices].sort((one, other) => Number(other.id === before) - Number(one.id === before))
  const main = html`<h1>Что открыть?</h1>
    <p class="lead">Нажмите на нужную строку, и откроется «${args.journalTitle}».</p>
    <form method="post" action="${args.action}">
      <input type="hidden" name="${TOKEN_FIELD}" value="${args.token}" />
      <ul class="cards">
        ${cards.map(each => card(each, each.id === before))}
      </ul>
    </form>
    <p class="hint">
      Нет ребёнка, класса или школы, которые вы ждали? Скажите об этом школе: список ведёт она. Сменить выбор можно,
      войдя в журнал заново.
    </p>`
  return page({ ...args, title: 'Что открыть?', main })
}

const card = ({ id, title, subtitle }: Card, before: boolean): Html =>
  html`<li>
    <button class="choice" type="submit" name="${CHOICE_FIELD}" value="${id}">
      <span class="choice-title">${title}</span>
      <span class="choice-subtitle">${subtitle}${before && ' · вы открывали в прошлый раз'}</span>
    </button>
  </li>`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** A child's name, or else the role; below it what tells this card from the others. */
export function choiceCards(choices: readonly Choice[], schoolTitle: (code: string) => string): readonly Card[] {
  const cards = choices.map(({ id, account, child }) => {
    const role = roleTitles[account.role]
    const className = child?.className ?? account.className
    const parts = [className, schoolTitle(account.school), child && role].filter(part => part !== undefined)
    return { id, title: child?.name ?? capital(role), subtitle: parts.join(' · '), login: account.login }
  })
  return cards.map(({ login, ...shown }) => {
    const twins = cards.filter(other => other.title === shown.title && other.subtitle === shown.subtitle)
    return twins.length > 1 ? { ...shown, subtitle: `${shown.subtitle} · логин ${login}` } : shown
  })
}
