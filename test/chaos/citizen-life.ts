/** What one person does all day: whole logins, and what people do in their cabinet. Whatever they see confirmed they write down. */
import type { Page } from '../support/browser.js'
import { Clicks, describePage, Stuck, wasForgotten, type Clicking, type Forgotten } from './clicks.js'
import type { Act, Theft } from './evidence.js'
import { JOURNAL_TITLES, JOURNALS, type Citizen, type JournalId } from './people.js'
import { accountIn, Road } from './road.js'
import type { Seeded } from './seeded.js'
import type { ChaosTown } from './town.js'
import { Consenting, rushIn } from './withdrawal.js'

/** Where citizens write down what happened. */
export interface Diary {
  readonly act: (act: Act) => void
  theft(theft: Theft): void
  stuck(why: string): void
  /** Redis forgot everything in the middle of a visit, which ended at once. */
  cutShort(why: string): void
  /** Accounts whose code was used. */
  readonly usedCodes: Set<string>
}

/** Of a hundred visits; no other chance is like it. */
export const WITHDRAWS = 16

const SIGNED_OUT = /Вы вышли/
const BOUND = 'Готово, запись привязана'

export class Life {
  private readonly citizen: Citizen
  private readonly town: ChaosTown
  private readonly chance: Seeded
  private readonly clicking: Clicking
  private readonly diary: Diary
  private readonly consenting: Consenting
  private isLinked = false
  /** Journal that they have unlinked and not yet linked again. */
  private unlinked: JournalId | undefined
  private visits = 0
  private road!: Road

  constructor(citizen: Citizen, town: ChaosTown, chance: Seeded, clicking: Clicking, diary: Diary) {
    this.citizen = citizen
    this.town = town
    this.chance = chance
    this.clicking = clicking
    this.diary = diary
    this.consenting = new Consenting(citizen, chance, diary.act, () => this.newRoad())
  }

  private newRoad(): Road {
    const { citizen, town, chance, clicking, visits } = this
    return new Road({ citizen, town, chance, clicking, state: `${citizen.key}.${visits}` })
  }

  /** One visit with a fresh browser. Whoever is stuck goes home; of what may never happen Redis is no excuse. */
  async visit(): Promise<void> {
    this.visits += 1
    this.road = this.newRoad()
    const before = this.clicking.forgotten?.()
    try {
      await this.whole()
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
      const told = `${this.citizen.key}, visit ${this.visits}: ${error instanceof Stuck ? error.message : why}`
      // then everybody is signed out, as docs/redis.md says
      if (error instanceof Stuck && wasForgotten(this.clicking, before)) this.diary.cutShort(told)
      else this.diary.stuck(told)
    }
  }

  private async whole(): Promise<void> {
    const { citizen, chance } = this
    if (citizen.kind === 'rival') return this.tryUsedCode()
    if (citizen.kind === 'code' && !this.isLinked) await this.bringCode()
    // Redis forgot everything before they could
    if (this.unlinked !== undefined) await this.relink(this.unlinked)
    const journal = citizen.kind === 'code' ? 'sgo' : chance.pick(JOURNALS)
    await this.enter(journal)
    await this.checkWhoseSession()
    if (chance.chance(30)) await this.beRobbed()
    if (chance.chance(20)) await this.postAgain(journal)
    if (chance.chance(WITHDRAWS)) this.road = await this.consenting.withdrawAndBack(this.road, journal)
    if (citizen.kind !== 'two' && chance.chance(25)) await this.unlinkAndBack(journal)
    if (chance.chance(15)) await this.endOthers()
    if (chance.chance(60)) await this.signOut()
  }

  private async enter(journal: JournalId, from?: Page): Promise<void> {
    const { road } = this
    const agree = (page: Page) => this.consenting.agree(road, journal, page)
    const page = await road.enter(journal, { agree, ...(from && { from }) })
    this.consenting.entered(journal, accountIn(page))
  }

  private async checkWhoseSession(): Promise<void> {
    const page = await this.road.clicks.get(this.road.at('/session'))
    const said = /"userId":"(\d+)"/.exec(page.text)?.[1]
    if (said === undefined) throw new Stuck(`is not signed in after a login: ${describePage(page)}`)
    if (said !== this.citizen.userId) throw new Error(`holds the session of ${said}`)
  }

  /** Somebody else posts the answer that the IdP gave. */
  private async beRobbed(): Promise<void> {
    const page = this.road.answer
    if (!page) return
    const thief = new Clicks(this.town.balancer.ask, this.clicking)
    const seen = await thief.submit(page)
    const session = await thief.get(this.road.at('/session'))
    const userId = /"userId":"(\d+)"/.exec(session.text)?.[1]
    this.diary.theft({ person: this.citizen.key, status: seen.status, ...(userId !== undefined && { userId }) })
  }

  /** The back button, and the form is sent again: it leads to where it led before, or asks the IdP anew. */
  private async postAgain(journal: JournalId): Promise<void> {
    const page = this.road.wayIn
    if (!page) return
    await this.enter(journal, await this.road.clicks.submit(page))
  }

  /** While another browser of theirs is on its way in. */
  private async unlinkAndBack(journal: JournalId): Promise<void> {
    const [account] = this.citizen.accounts
    const done = { person: this.citizen.key, journal, account: account! }
    const cabinet = await this.road.cabinet()
    const question = await this.road.clicks.get(linkOf(cabinet, journal))
    const rush = rushIn(this.newRoad(), journal, account!)
    const [unlinked, rushed] = await Promise.allSettled([this.pressUnlink(question, done), rush])
    for (const each of [unlinked, rushed]) if (each.status === 'rejected') throw each.reason as Error

    this.road = this.newRoad()
    await this.expectShut(journal)
    await this.relink(journal)
    await this.enter(journal)
  }

  private async pressUnlink(question: Page, done: Pick<Act, 'person' | 'account'> & { journal: JournalId }) {
    const pressed = Date.now()
    const out = await this.road.press(question, '/me/unlink')
    if (!out.text.includes('отвязана')) throw new Stuck(`after unlinking: ${describePage(out)}`)
    this.diary.act({ ...done, what: 'unlinked', pressed, seen: Date.now() })
    this.unlinked = done.journal
  }

  private async relink(journal: JournalId): Promise<void> {
    const pressed = Date.now()
    let again = await this.road.cabinet()
    // who was signed out meanwhile comes back to the same page
    for (let count = 0; count < 3 && again.forms.some(({ action }) => action === '/me/relink'); count++)
      again = await this.road.pastTheIdp(await this.road.clicks.submit(again, {}, '/me/relink'))
    if (again.status !== 200 || again.text.includes('/me/relink'))
      throw new Stuck(`after relinking: ${describePage(again)}`)
    this.unlinked = undefined
    const done = { person: this.citizen.key, journal, account: this.citizen.accounts[0]! }
    this.diary.act({ ...done, what: 'relinked', pressed, seen: Date.now() })
  }

  /** Whoever unlinked finds the door shut. */
  private async expectShut(journal: JournalId): Promise<void> {
    const page = await this.road.pastTheIdp(await this.road.clicks.get(this.road.button(journal)))
    if (page.status !== 403 || !page.text.includes('/me'))
      throw new Stuck(`unlinked, and then ${journal} showed ${describePage(page)}`)
  }

  private async endOthers(): Promise<void> {
    const question = await this.road.cabinet('/me/sessions/end')
    const page = await this.road.press(question, '/me/sessions/end')
    if (page.status !== 200 || page.url.pathname !== '/me')
      throw new Stuck(`after ending others: ${describePage(page)}`)
    this.diary.act({ person: this.citizen.key, what: 'ended others' })
  }

  private async signOut(): Promise<void> {
    const { clicks } = this.road
    const old = new Map([...clicks.browser.cookies].map(([host, jar]) => [host, new Map(jar)]))
    const before = this.clicking.forgotten?.()
    const question = await clicks.get(this.road.at('/logout'))
    let page = await clicks.submit(question, { then: '' }, '/logout')
    // the IdP's page that posts itself
    for (let count = 0; page.text.includes('name="SAMLResponse"') && count < 3; count++)
      page = await clicks.submit(page)
    if (!SIGNED_OUT.test(page.text)) throw new Stuck(`after signing out: ${describePage(page)}`)
    this.signedOut(before)
    for (const [host, jar] of old) clicks.browser.cookies.set(host, jar)
    const session = await clicks.get(this.road.at('/session'))
    if (session.status !== 401) throw new Error('signed out, and the session lives')
  }

  /** A session that Redis forgot under the click has nothing left to close, and nobody knows whose it was. */
  private signedOut(before: Forgotten | undefined): void {
    if (!wasForgotten(this.clicking, before)) this.diary.act({ person: this.citizen.key, what: 'signed out' })
  }

  private async bringCode(): Promise<void> {
    const [account] = this.citizen.accounts
    const code = this.town.codes.get(account!)!
    const whose = await this.road.clicks.submit(await this.road.cabinet('/me/code'), { code }, '/me/code')
    // a visit that was cut short after the yes
    const isTheirs = whose.text.includes(BOUND)
    if (!isTheirs && !whose.text.includes('name="mine"')) throw new Stuck(`the code showed ${describePage(whose)}`)
    const bound = isTheirs ? whose : await this.road.pressTwice(whose, { mine: 'yes' }, '/me/code')
    if (!bound.text.includes(BOUND)) throw new Stuck(`after «это моя»: ${describePage(bound)}`)
    this.isLinked = true
    this.diary.usedCodes.add(account!)
    this.diary.act({ person: this.citizen.key, what: 'linked', journal: 'sgo', account: account! })
  }

  /** Types a code that its owner has used, and says that the account is theirs. */
  private async tryUsedCode(): Promise<void> {
    const form = await this.road.cabinet('/me/code')
    const used = [...this.diary.usedCodes]
    if (used.length > 0) {
      const account = this.chance.pick(used)
      const code = this.town.codes.get(account)!
      const fields = this.chance.chance(50) ? { code } : { code, mine: 'yes' }
      const page = await this.road.clicks.submit(form, fields, '/me/code')
      if (/name="mine"|Готово/.test(page.text)) throw new Error(`a code that was used showed ${describePage(page)}`)
      if (page.status < 400) throw new Stuck(`after a code that was used: ${describePage(page)}`)
    }
    await this.checkWhoseSession()
    await this.signOut()
  }
}

/** Where «Отвязать» of this journal leads. */
function linkOf(page: Page, journal: JournalId): URL {
  for (const [, row = ''] of page.text.matchAll(/<li>([\s\S]*?)<\/li>/g)) {
    const href = /href="(\/me\/unlink\?[^"]+)"/.exec(row)?.[1]
    if (href !== undefined && row.includes(JOURNAL_TITLES[journal]))
      return new URL(href.replaceAll('&amp;', '&'), page.url)
  }
  throw new Stuck(`nothing to unlink for ${journal}`)
}
