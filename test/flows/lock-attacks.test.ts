/** What a lock must stop, and what nobody may lift: attacks of people who have a session already. Over real HTTP. */
import { expect } from 'chai'
import { newRequestNumber } from '../../src/base/request-number.js'
import { systemChance } from '../../src/base/chance.js'
import { demoPassword } from '../../src/demo-journals/old-login.js'
import type { Person } from '../../src/words/person.js'
import type { Subject } from '../../src/words/watched.js'
import type { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER, MOTHER, post, tokenOn } from '../support/cabinet.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const [ADMIN, NO_SNILS] = ['school-admin@mail.example', 'no-snils@mail.example']
const HOUR = 3_600_000
const REASON = 'видели паспорт'

describe('flow: locks, attacked', () => {
  let town: TestTown
  beforeEach(async () => (town = await startTestTown()))
  afterEach(() => town.close())

  const ports = () => town.bridge.web.ports
  const codeOf = async (page: Page) => (await lastEvent(town, page)).code
  const refusedAs = async (page: Page, code: keyof typeof refusalText) =>
    expect([await codeOf(page), page.status >= 400], page.text).to.deep.equal([code, true])
  /** By the request number on any page of theirs, as an operator does. */
  async function lock(name: string): Promise<void> {
    const now = town.clock.now()
    const event = { at: now, what: 'lock.set', result: 'ok' } as const
    const subject = { kind: 'person', name } as const
    const decision = { by: 'os:test', reason: 'stolen', now, event }
    await town.bridge.store.watching.lock({ subject, rule: 'by-hand', since: now, until: now + 24 * HOUR }, decision)
    await ports().standing.refresh()
  }
  /** The name in the audit of whoever signed in last. */
  async function nameOfLast(): Promise<string> {
    let name: string | undefined
    for await (const event of town.bridge.store.audit.between({ from: 0, to: Infinity }))
      if (event.what === 'login.verified') name = event.person
    return name!
  }
  async function asked(): Promise<string> {
    const { store, trust } = town.bridge
    const [account] = await store.roster.byLogin('sgo', ['school-1'], 'p-1002')
    const stranger: Person = {
      ...{ idp: trust.idps[0]!.entityId, userId: '555', lastName: 'Неведомая', firstName: 'Раиса', level: 'confirmed' },
      ...{ globalRole: 'P', authenticatedAt: 0 },
    }
    const number = newRequestNumber(systemChance)
    const request = { kind: 'held', school: 'school-1', journal: 'sgo', accountIds: [account!.accountId] } as const
    await store.requests.file([{ ...request, person: stranger, number, at: town.clock.now() }], {
      ...{ at: 0, what: 'login.refused', result: 'refused' },
    })
    return (await store.requests.byNumber(number))[0]!.id
  }

  it('an administrator who is locked looks into no question of the school, and gives nobody an account', async () => {
    const id = await asked()
    const admin = new Browser()
    const page = await walk(admin, at(town, '/school'), ADMIN)
    const token = tokenOn(page)
    await lock(await nameOfLast())
    const grant = { token, act: 'grant', reason: REASON }
    await refusedAs(await post(town, admin, `/school/requests/${id}`, grant), 'lock.person')
    await refusedAs(await post(town, admin, '/school/requests', { ...grant, [`tick:${id}`]: '1' }), 'lock.person')
    await refusedAs(await admin.get(at(town, `/school/requests/${id}`)), 'lock.person')
    await refusedAs(await admin.get(at(town, '/school')), 'lock.person')
    expect((await town.bridge.store.requests.find(id))?.decided).to.equal(undefined)
  })

  it('who was shown an account before the lock does not bind it after', async () => {
    const browser = new Browser()
    const form = await walk(browser, at(town, '/me/old-login?journal=sgo'), NO_SNILS)
    const typed = { login: 'p-1007', password: demoPassword('p-1007'), of: 'school-1' }
    const whose = await browser.submit(form, typed, '/me/old-login')
    expect(whose.text).to.include('Чья это запись?')
    await lock(await nameOfLast())
    await refusedAs(await browser.submit(whose, {}, '/me/old-login'), 'lock.person')
    const { entityId: idp } = town.bridge.trust.idps[0]!
    const person = { idp, userId: '1000900010', level: 'confirmed', globalRole: 'P', authenticatedAt: 0 } as const
    expect((await town.bridge.store.links.around(person, [])).own).to.deep.equal([])
  })

  it('what was taken off before the lock is not taken back after', async () => {
    const browser = new Browser()
    await walk(browser, at(town, '/login?journal=sgo'), FATHER)
    const question = await browser.get((await browser.get(at(town, '/me'))).link('Отвязать'))
    await browser.submit(question, {}, '/me/unlink')
    const cabinet = await enterCabinet(town, browser)
    await lock(await nameOfLast())
    await refusedAs(await browser.submit(cabinet, {}, '/me/relink'), 'lock.person')
  })

  it('a lock holds for a human under the name of another IdP, too, and for nobody else', async () => {
    const { store } = town.bridge
    const [account] = await store.roster.byLogin('sgo', ['school-1'], 'p-1002')
    const region: Person = {
      ...{ idp: 'https://region.example/idp', userId: '5', snils: account!.snils!, firstName: 'Андрей' },
      ...{ level: 'confirmed', globalRole: 'P', authenticatedAt: 0 },
    }
    const { accountId } = account!
    const link = { id: 'link-1', accountId, journal: 'sgo', school: 'school-1', ground: 'snils', since: 0 } as const
    const event = { at: 0, what: 'link.made', result: 'ok' } as const
    await store.links.make({ ...link, person: region, listed: { firstName: 'Андрей' } }, event)
    await lock(store.pseudonyms.forAudit(region))
    const page = await walk(new Browser(), at(town, '/login?journal=sgo'), FATHER)
    await refusedAs(page, 'lock.person')
    expect(page.text, 'nobody lifts it under another name').not.to.include('/me/unlock')
    const mother = await walk(new Browser(), at(town, '/login?journal=sgo'), MOTHER)
    expect(mother.status, 'she may choose a child').to.equal(200)
  })

  it('an administrator lifts no lock on an account of their own, under whatever name they signed in', async () => {
    const admin = new Browser()
    const page = await walk(admin, at(town, '/school'), ADMIN)
    await admin.get(at(town, '/login?journal=sgo'))
    const [own] = await town.bridge.store.roster.byLogin('sgo', ['school-1'], 'a-4001')
    const id = await found({ kind: 'person', name: 'of another IdP' }, own!.accountId)
    const fields = { token: tokenOn(page), id, act: 'unlock', reason: REASON }
    await refusedAs(await post(town, admin, '/school/anomalies', fields), 'queue.own-request')
  })

  it('an anomaly that is over lifts no lock that was set since', async () => {
    await walk(new Browser(), at(town, '/login?journal=sgo'), FATHER)
    const name = await nameOfLast()
    const subject = { kind: 'person', name } as const
    const [account] = await town.bridge.store.roster.byLogin('sgo', ['school-1'], 'p-1002')
    const id = await found(subject, account!.accountId)
    await town.bridge.store.watching.round(book => book.closeQuiet(Infinity, town.clock.now()))
    await lock(name)
    const admin = new Browser()
    const page = await walk(admin, at(town, '/school'), ADMIN)
    const fields = { token: tokenOn(page), id, act: 'unlock', reason: REASON }
    await refusedAs(await post(town, admin, '/school/anomalies', fields), 'queue.not-yours')
    expect(await town.bridge.store.watching.locks(town.clock.now())).to.have.length(1)
  })

  /** An anomaly about somebody who has an account in the first school. */
  async function found(subject: Subject, accountId: string): Promise<string> {
    const { watching } = town.bridge.store
    const { id } = await watching.round(book => book.note({ rule: 'travel', subject, value: 1, at: town.clock.now() }))
    await watching.own(id, [{ school: 'school-1', journal: 'sgo', accountId }])
    return id
  }
})
