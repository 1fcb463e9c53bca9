/**
 * Consents of one person. They give them where they are asked, and take them back while another browser of theirs is on its
 * way in, or stands before the journal with a handle in its hands. Then nobody lets them in until they have agreed again.
 */
import type { Page } from '../support/browser.js'
import { describePage, Stuck } from './clicks.js'
import type { Act } from './evidence.js'
import { JOURNAL_TITLES, SCHOOL_TITLES, type Citizen, type JournalId } from './people.js'
import { accountIn, asksConsent, asksOnceMore, isInJournal, type Road } from './road.js'
import type { Seeded } from './seeded.js'

export class Consenting {
  private readonly citizen: Citizen
  private readonly chance: Seeded
  private readonly write: (act: Act) => void
  private readonly newRoad: () => Road
  /** Given and seen confirmed, by journal and account. */
  private readonly agreed = new Set<string>()
  /** «Согласиться» was pressed then, and nothing has told yet what came of it. */
  private readonly pressed = new Map<string, number>()

  /**
   * @param write hears of whatever they saw confirmed
   * @param newRoad another browser of the same person
   */
  constructor(citizen: Citizen, chance: Seeded, write: (act: Act) => void, newRoad: () => Road) {
    this.citizen = citizen
    this.chance = chance
    this.write = write
    this.newRoad = newRoad
  }

  async agree(road: Road, journal: JournalId, page: Page): Promise<Page> {
    const account = this.accountOn(page.text)
    const place = `${journal} ${account}`
    if (this.agreed.has(place)) throw new Error(`asked again for a consent to ${journal} that was given`)
    if (!this.pressed.has(place)) this.pressed.set(place, Date.now())
    const next = await road.clicks.submit(page, { agree: 'yes', consent: 'given' }, '/continue/')
    if (next.status >= 400) throw new Stuck(`after the consent: ${describePage(next)}`)
    if (isInJournal(next) || asksOnceMore(next)) this.given(journal, account)
    return next
  }

  entered(journal: JournalId, account: string): void {
    this.given(journal, account)
    this.write({ person: this.citizen.key, what: 'entered', journal, account })
  }

  /** Nobody comes in otherwise. */
  private given(journal: JournalId, account: string): void {
    const place = `${journal} ${account}`
    const pressed = this.pressed.get(place)
    if (pressed === undefined) return
    this.pressed.delete(place)
    this.agreed.add(place)
    this.write({ person: this.citizen.key, what: 'agreed', journal, account, pressed, seen: Date.now() })
  }

  /** @param text of a page, or of a part of it, that names one school */
  private accountOn(text: string): string {
    return this.citizen.accounts[SCHOOL_TITLES.findIndex(title => text.includes(title))] ?? this.citizen.accounts[0]!
  }

  /** @returns the browser that they hold afterwards, inside the journal */
  async withdrawAndBack(road: Road, journal: JournalId): Promise<Road> {
    const { link, account } = this.consentOn(await road.cabinet(), journal)
    const question = await road.clicks.get(link)
    const other = this.newRoad()
    const held = this.chance.chance(50) && (await holdEntry(other, journal, account))
    const rush = held ? Promise.resolve() : rushIn(other, journal, account)
    const [withdrawn, rushed] = await Promise.allSettled([this.withdraw(road, question, journal, account), rush])
    for (const each of [withdrawn, rushed]) if (each.status === 'rejected') throw each.reason as Error
    if (held) await this.comeTooLate(other, held)
    const back = this.newRoad()
    const asked = await back.enter(journal, { account })
    if (!asksConsent(asked)) throw new Error(`withdrew, and then ${journal} showed ${describePage(asked)}`)
    const agree = (page: Page) => this.agree(back, journal, page)
    this.entered(journal, accountIn(await back.enter(journal, { from: asked, agree, account })))
    return back
  }

  private async withdraw(road: Road, question: Page, journal: JournalId, account: string): Promise<void> {
    const pressed = Date.now()
    this.agreed.delete(`${journal} ${account}`)
    const out = await road.press(question, '/me/consents/withdraw')
    if (!out.text.includes('Согласие отозвано')) throw new Stuck(`after withdrawing: ${describePage(out)}`)
    this.write({ person: this.citizen.key, what: 'withdrew', journal, account, pressed, seen: Date.now() })
  }

  /** What was handed out before is worth nothing: the journal writes down whom it lets in, and the judge reads that. */
  private async comeTooLate(other: Road, held: URL): Promise<void> {
    await other.clicks.get(held)
    const session = await other.clicks.get(other.at('/session'))
    if (session.status !== 401) throw new Error('withdrew, and a session of before lives')
  }

  /** Where «Отозвать» of a consent to this journal leads, and for which account. */
  private consentOn(page: Page, journal: JournalId): { readonly link: URL; readonly account: string } {
    for (const [, row = ''] of page.text.matchAll(/<li>([\s\S]*?)<\/li>/g)) {
      const href = /href="(\/me\/consents\/withdraw\?[^"]+)"/.exec(row)?.[1]
      if (href !== undefined && row.includes(JOURNAL_TITLES[journal]))
        return { link: new URL(href.replaceAll('&amp;', '&'), page.url), account: this.accountOn(row) }
    }
    throw new Stuck(`no consent to ${journal} in the cabinet`)
  }
}

/** Signs in and has the door opened, and does not go through it yet. @returns where it leads; undefined when a page stands before it */
async function holdEntry(other: Road, journal: JournalId, account: string): Promise<URL | undefined> {
  const page = await other.enter(journal, { account })
  if (journal !== 'handle' || !isInJournal(page)) return undefined
  const onward = await other.clicks.onward(other.button(journal))
  return onward?.searchParams.has('handle') ? onward : undefined
}

/** Whoever is thrown out on the way may read any page; whether the journal let them in it says itself. */
export const rushIn = (other: Road, journal: JournalId, account: string): Promise<void> =>
  other.enter(journal, { account }).then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof Stuck)) throw error
    },
  )
