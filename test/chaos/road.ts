/** One browser of a citizen on its way: through the IdP and the pages of the bridge into a journal, or into the cabinet. */
import type { Page } from '../support/browser.js'
import { Clicks, describePage, Stuck, type Clicking } from './clicks.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { ONCE_MORE, SAYS_IN } from './journals.js'
import { PASSWORD, SCHOOL_TITLES, type Citizen, type JournalId } from './people.js'
import type { Seeded } from './seeded.js'
import type { ChaosTown } from './town.js'

/** Pages of one login; more of them are a circle. */
const MOST_PAGES = 25

export interface Traveller {
  readonly citizen: Citizen
  readonly town: ChaosTown
  readonly chance: Seeded
  readonly clicking: Clicking
  /** What the journal is to give back: whose login it was. */
  readonly state: string
}

/** How somebody goes into a journal. */
export interface Way {
  /** Page on which they are already, instead of the journal's button. */
  readonly from?: Page
  /** Answers the page of consent. Without it the way ends there. */
  readonly agree?: (page: Page) => Promise<Page>
  /** Account that is taken where there are several; any without it. */
  readonly account?: string
}

export const isInJournal = (page: Page): boolean => page.text.startsWith(`<p>${SAYS_IN}`)
export const asksOnceMore = (page: Page): boolean => page.text.includes(ONCE_MORE)
/** Answers of the bridge that led in were lost on their way, so it takes the clicks that followed for a journal that goes round. */
const wasTakenForLoop = (page: Page): boolean => page.text.includes(refusalText['login.loop'].heading)
export const asksConsent = (page: Page): boolean => page.text.includes('Нужно ваше согласие')

/** @returns its login, where somebody was let in */
export const accountIn = (page: Page): string => page.text.slice(3 + SAYS_IN.length, page.text.indexOf('</p>'))

export class Road {
  readonly clicks: Clicks
  /** Page of the IdP with the answer that was posted last, and with the last one that led into a journal. */
  answer: Page | undefined
  wayIn: Page | undefined
  private readonly who: Traveller

  constructor(who: Traveller) {
    this.who = who
    this.clicks = new Clicks(who.town.balancer.ask, who.clicking)
  }

  at = (path: string): string => `${this.who.town.bridge}${path}`

  button = (journal: JournalId): string => this.at(`/login?journal=${journal}&state=${this.who.state}`)

  /**
   * From the journal's button to the journal.
   *
   * @returns the page of the journal, or that of consent when nobody answers it
   */
  async enter(journal: JournalId, way: Way): Promise<Page> {
    let page = way.from ?? (await this.clicks.get(this.button(journal)))
    for (let count = 0; count < MOST_PAGES; count++) {
      if (isInJournal(page) || (asksConsent(page) && !way.agree)) return page
      page = await this.next(journal, page, way)
    }
    throw new Stuck(`${MOST_PAGES} pages and no journal, the last: ${describePage(page)}`)
  }

  private async next(journal: JournalId, page: Page, { agree, account }: Way): Promise<Page> {
    if (asksOnceMore(page)) {
      this.who.clicking.repeated()
      return this.clicks.get(this.button(journal))
    }
    if (wasTakenForLoop(page)) {
      this.who.clicking.repeated()
      return this.clicks.get(page.link(refusalText['login.loop'].again!))
    }
    if (page.text.includes('name="SAMLResponse"')) this.wayIn = page
    const atIdp = await this.atTheIdp(page)
    if (atIdp) return atIdp
    if (page.text.includes('name="choice"') && page.text.includes('Что открыть?')) return this.choose(page, account)
    if (asksConsent(page) && agree) return agree(page)
    throw new Stuck(`on the way into ${journal}: ${describePage(page)}`)
  }

  /** @returns undefined when it is no page of the IdP */
  private async atTheIdp(page: Page): Promise<Page | undefined> {
    if (page.text.includes('name="password"'))
      return this.clicks.submit(page, { login: this.who.citizen.login, password: PASSWORD })
    if (!page.text.includes('name="SAMLResponse"')) return undefined
    this.answer = page
    return this.who.chance.chance(15) ? this.pressTwice(page) : this.clicks.submit(page)
  }

  /** The second answer is what the person sees. */
  async pressTwice(page: Page, fields: Readonly<Record<string, string>> = {}, words = ''): Promise<Page> {
    const [, second] = await Promise.all([
      this.clicks.submit(page, fields, words),
      this.clicks.submit(page, fields, words),
    ])
    return second
  }

  /** Signs in there where it asks; most of its pages pass by themselves. */
  async pastTheIdp(page: Page): Promise<Page> {
    let here = page
    for (let at = await this.atTheIdp(here); at; at = await this.atTheIdp(here)) here = at
    return here
  }

  private choose(page: Page, account: string | undefined): Promise<Page> {
    const { chance, citizen } = this.who
    const cards = [...page.text.matchAll(/name="choice" value="([^"]+)"([\s\S]*?)<\/button>/g)]
    const school = account === undefined ? '' : SCHOOL_TITLES[citizen.accounts.indexOf(account)]!
    const wanted = cards.filter(([, , text = '']) => text.includes(school))
    return this.clicks.submit(page, { choice: chance.pick(wanted)[1]! }, '/continue/')
  }

  /**
   * Presses the button of a question that the cabinet put. Who was signed out meanwhile signs in, reads it once more, and
   * presses again.
   *
   * @param address of the question and of its form
   */
  async press(question: Page, address: string): Promise<Page> {
    let page = question
    for (let count = 0; count < MOST_PAGES && isAt(page, address); count++) {
      if (count > 0) this.who.clicking.repeated()
      page = await this.pastTheIdp(await this.clicks.submit(page, {}, address))
    }
    return page
  }

  async cabinet(path = '/me'): Promise<Page> {
    const page = await this.pastTheIdp(await this.clicks.get(this.at(path)))
    if (page.status !== 200 || !page.url.pathname.startsWith('/me'))
      throw new Stuck(`no cabinet: ${describePage(page)}`)
    return page
  }
}

const isAt = (page: Page, address: string): boolean =>
  page.url.pathname === address && page.forms.some(({ action }) => action === address)
