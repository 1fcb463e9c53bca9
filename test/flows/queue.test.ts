/** A school's questions on its own page: who may look, who may decide, and what a decision does. Over real HTTP. */
import { expect } from 'chai'
import type { RefusalCode } from '../../src/base/refusals.js'
import { newRequestNumber } from '../../src/base/request-number.js'
import { systemChance } from '../../src/base/chance.js'
import type { NewRequest } from '../../src/identity/requests.js'
import type { Person } from '../../src/words/person.js'
import { parseSnils } from '../../src/words/snils.js'
import { Browser, type Page } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const ADMIN = 'school-admin@mail.example'
const SHARED = 'shared-snils@mail.example'
const ADMINS_SNILS = parseSnils('900-000-006 87')!
const MINUTE = 60_000
const REASON = 'видели паспорт'

describe('flow: the school’s queue', () => {
  let town: TestTown
  let admin: Browser
  beforeEach(async () => {
    town = await startTestTown()
    admin = new Browser()
  })
  afterEach(() => town.close())

  const at = (path: string): string => `${town.town.bridge}${path}`
  const queue = (browser = admin, who = ADMIN): Promise<Page> => walk(browser, at('/school'), who)
  const login = (who: string): Promise<Page> => walk(new Browser(), at('/login?journal=sgo'), who)
  const entered = (page: Page): boolean => page.url.origin === town.town.journals
  const open = async () => town.bridge.store.requests.open(['school-1', 'school-2'], 10)
  const codeOf = async (page: Page): Promise<RefusalCode | undefined> => (await lastEvent(town, page)).code

  /** Somebody whom the list does not know asks for the father's account. */
  async function asked(change: Partial<NewRequest> = {}): Promise<string> {
    const { store, trust } = town.bridge
    const [account] = await store.roster.byLogin('sgo', ['school-1'], 'p-1002')
    const stranger: Person = {
      ...{ idp: trust.idps[0]!.entityId, userId: '555', lastName: 'Неведомая', firstName: 'Раиса', level: 'confirmed' },
      ...{ globalRole: 'P', authenticatedAt: 0 },
    }
    const request: NewRequest = {
      ...{ kind: 'held', school: 'school-1', journal: 'sgo', accountIds: [account!.accountId], person: stranger },
      ...{ number: newRequestNumber(systemChance), at: town.clock.now(), ...change },
    }
    await store.requests.file([request], { at: request.at, what: 'login.refused', result: 'refused' })
    return (await store.requests.byNumber(request.number))[0]!.id
  }

  const question = (id: string, browser = admin): Promise<Page> => browser.get(at(`/school/requests/${id}`))
  const decided = async (id: string) => (await town.bridge.store.requests.find(id))?.decided

  it('leads through the login and back, and names nobody in the list', async () => {
    await asked()
    const page = await queue()
    expect([page.status, page.url.pathname]).to.deep.equal([200, '/school'])
    expect(page.text).to.include('учётная запись уже у другого человека').and.include('p-1002')
    expect(page.text).not.to.match(/Неведомая|Соколов/)
  })

  it('shows who asks and whom the list names, writes down who looked, and a yes opens the journal', async () => {
    await login(SHARED)
    const [request] = await open()
    await queue()
    const page = await question(request!.id)
    expect(page.text).to.include('Павлова Анна Сергеевна').and.include('25.05.1987').and.include('***-***-*11 84')
    expect(page.text).to.include('В списке школы: Павлов Борис Михайлович')
    const unnamed = await admin.submit(page, { act: 'grant', reason: REASON }, 'requests')
    expect([unnamed.status, unnamed.text.includes(REASON)], 'nothing that was typed is lost').to.deep.equal([400, true])
    const accounts = await town.bridge.store.roster.byAccounts(request!.accountIds)
    const account = accounts.find(({ login }) => login === 'p-1008')!.accountId
    const short = await admin.submit(unnamed, { act: 'grant', account, reason: ' ' }, 'requests')
    expect([short.status, await decided(request!.id)]).to.deep.equal([400, undefined])
    const done = await admin.submit(short, { act: 'grant', account, reason: REASON }, 'requests')
    expect(done.text).to.include('Разрешено').and.include('решили вы').and.include(REASON)
    expect(entered(await login(SHARED))).to.equal(true)
    const events = await town.bridge.store.audit.byNumber(request!.number)
    const own = events.filter(({ what }) => what.startsWith('request.'))
    expect(new Set(own.map(({ what }) => what))).to.deep.equal(new Set(['request.viewed', 'request.decided']))
    const by = own[0]!.person
    expect(by).to.be.a('string')
    expect(own.map(({ person }) => person)).to.deep.equal(own.map(() => by))
    expect((await decided(request!.id))?.by).to.equal(by)
  })

  it('takes a decision back', async () => {
    const id = await asked()
    await queue()
    const declined = await admin.submit(await question(id), { act: 'decline', reason: REASON }, 'requests')
    expect(declined.text).to.include('Отказано')
    expect((await admin.get(at('/school'))).text).to.include('Решено за 30 дней')
    const back = await admin.submit(declined, { act: 'take-back' }, 'requests')
    expect([back.text.includes('value="take-back"'), await decided(id)]).to.deep.equal([false, undefined])
  })

  it('decides ticked rows, each by itself, and says what became of each', async () => {
    await login(SHARED)
    const [several] = await open()
    const one = await asked()
    const [own, foreign] = [await asked({ person: adminAsks() }), await asked({ school: 'school-2' })]
    const page = await queue()
    const none = await admin.submit(page, { act: 'grant', reason: REASON }, 'requests')
    expect([none.status, none.text.includes('отметьте хотя бы один')]).to.deep.equal([400, true])
    const ticks = Object.fromEntries([several!.id, one, own, foreign].map(id => [`tick:${id}`, '1']))
    const unsaid = await admin.submit(page, { act: 'grant', ...ticks }, 'requests')
    expect([unsaid.status, unsaid.form('requests').fields[`tick:${one}`]]).to.deep.equal([400, '1'])
    const done = await admin.submit(page, { act: 'grant', reason: REASON, ...ticks }, 'requests')
    for (const said of ['решено', 'учётных записей несколько', 'решает другой администратор', 'в вашей школе нет'])
      expect(done.text).to.include(said)
    const all = await Promise.all([several!.id, one, own, foreign].map(async id => (await decided(id)) !== undefined))
    expect(all).to.deep.equal([false, true, false, false])
  })

  const adminAsks = (): Person => ({
    ...{ idp: town.bridge.trust.idps[0]!.entityId, userId: '1000900006', snils: ADMINS_SNILS, level: 'confirmed' },
    ...{ globalRole: 'P', authenticatedAt: 0 },
  })

  for (const who of ['teacher@mail.example', 'father@mail.example', 'pupil@mail.example'])
    it(`is shut to ${who}, who is told so, and whose forms do nothing`, async () => {
      const id = await asked()
      const browser = new Browser()
      expect(await codeOf(await queue(browser, who))).to.equal('queue.not-admin')
      expect(await codeOf(await question(id, browser))).to.equal('queue.not-admin')
      const logout = await browser.get(at('/logout'))
      const { token } = logout.form('/logout').fields
      const body = new URLSearchParams({ token: token!, act: 'grant', reason: REASON })
      const posted = await browser.request('POST', new URL(at(`/school/requests/${id}`)), body, logout.url)
      expect([await codeOf(posted), await decided(id)]).to.deep.equal(['queue.not-admin', undefined])
    })

  describe('of two operators, in one school', () => {
    /** The list of another journal of the school names somebody its administrator, whom no other list names so. */
    async function namedBy(journal: string): Promise<Browser> {
      const { roster } = town.bridge.store
      const person = { lastName: 'Соколов', firstName: 'Андрей' }
      const record = { login: 'boss', role: 'school-admin', person, snils: parseSnils('900-000-002 83')!, children: [] } as const // prettier-ignore
      await roster.replace(journal, 'school-1', [record], { now: town.clock.now() })
      const boss = new Browser()
      await queue(boss, 'father@mail.example')
      return boss
    }

    /** No list but that of the first journal names the administrator. */
    async function withoutOthers(): Promise<void> {
      const { roster } = town.bridge.store
      for (const journal of town.bridge.web.ports.journals.keys())
        if (journal !== 'sgo') await roster.replace(journal, 'school-1', [], { now: town.clock.now() })
    }

    it('who is named by the list of another journal decides about that one alone', async () => {
      const id = await asked()
      const other = await asked({ journal: 'eljur', number: newRequestNumber(systemChance) })
      const boss = await namedBy('eljur')
      const page = await boss.get(at('/school'))
      expect(page.text).to.include(other).and.not.include(id)
      expect(await codeOf(await question(id, boss))).to.equal('queue.not-yours')
      const ticks = { act: 'grant', reason: REASON, [`tick:${id}`]: '1' }
      const done = await boss.submit(page, ticks, 'requests')
      expect([done.text.includes('в вашей школе нет'), await decided(id)]).to.deep.equal([true, undefined])
      expect((await question(other, boss)).status).to.equal(200)
    })

    it('who is named by a journal that speaks for the whole school decides about every journal of it', async () => {
      const [other, foreign] = [
        await asked({ journal: 'eljur' }),
        await asked({ journal: 'eljur', school: 'school-2' }),
      ]
      await withoutOthers()
      await queue()
      expect(await codeOf(await question(other))).to.equal('queue.not-yours')
      Object.assign(town.bridge.web.ports.journals.get('sgo')!.journal, { administrators: 'school' })
      expect((await question(other)).status).to.equal(200)
      expect(await codeOf(await question(foreign))).to.equal('queue.not-yours')
    })
  })

  it('hides questions of another school as if there were none', async () => {
    const [id, own] = [await asked({ school: 'school-2' }), await asked()]
    const page = await queue()
    expect(page.text).not.to.include(id)
    const [foreign, unknown] = [await question(id), await question('nothing')]
    expect([await codeOf(foreign), foreign.status]).to.deep.equal(['queue.not-yours', 404])
    expect(await codeOf(unknown)).to.equal('queue.not-yours')
    const fields = new URLSearchParams({
      ...(await question(own)).form('requests').fields,
      act: 'grant',
      reason: REASON,
    })
    const posted = await admin.request('POST', foreign.url, fields, page.url)
    expect([await codeOf(posted), await decided(id)]).to.deep.equal(['queue.not-yours', undefined])
  })

  it('nobody decides about themselves, nor about an account that they have', async () => {
    const { store } = town.bridge
    const own = await asked({ person: adminAsks() })
    const form = (await queue()).form('requests').fields
    const decide = (id: string) =>
      admin.request(
        'POST',
        new URL(at(`/school/requests/${id}`)),
        new URLSearchParams({ ...form, act: 'grant', reason: REASON }),
        new URL(at('/school')),
      )
    expect([await codeOf(await question(own)), await codeOf(await decide(own))]).to.deep.equal([
      'queue.own-request',
      'queue.own-request',
    ])

    const [account] = await store.roster.byLogin('sgo', ['school-1'], 'p-1002')
    const { accountId } = account!
    const link = {
      id: 'l',
      accountId,
      journal: 'sgo',
      school: 'school-1',
      ground: 'school',
      since: 0,
      listed: account!.person,
    }
    await store.links.make(
      { ...link, ground: 'school', person: adminAsks() },
      { at: 0, what: 'link.made', result: 'ok' },
    )
    const held = await asked()
    expect(await codeOf(await decide(held))).to.equal('queue.own-request')
    expect([await decided(own), await decided(held)]).to.deep.equal([undefined, undefined])
  })

  it('refuses a form of another session and of another site', async () => {
    const id = await asked()
    await queue()
    const page = await question(id)
    const post = (fields: Record<string, string>, from: URL) =>
      admin.request(
        'POST',
        page.url,
        new URLSearchParams({ ...page.form('requests').fields, act: 'grant', reason: REASON, ...fields }),
        from,
      )
    expect(await codeOf(await post({ token: 'x' }, page.url))).to.equal('request.forged')
    expect(await codeOf(await post({}, new URL('http://localhost:1/')))).to.equal('request.forged')
    expect(await decided(id)).to.equal(undefined)
    await post({}, page.url)
    expect((await decided(id))?.granted, 'the honest one counts').to.equal(true)
    expect(await codeOf(await post({}, page.url))).to.equal('queue.not-possible')
  })

  it('believes a decision for fifteen minutes after the sign-in, shows no form before that ends, and takes a new one', async () => {
    const id = await asked()
    await queue()
    const page = await question(id)
    town.clock.forward(11 * MINUTE)
    const later = await question(id)
    expect(later.text).to.include('Войти ещё раз').and.not.include('Отказать<')
    town.clock.forward(5 * MINUTE)
    const stale = await admin.submit(page, { act: 'grant', reason: REASON }, 'requests')
    expect([await codeOf(stale), await decided(id)]).to.deep.equal(['queue.sign-in-again', undefined])
    const again = await walk(admin, later.link('Войти ещё раз'), ADMIN)
    expect([again.url.pathname, again.text.includes('Разрешить')]).to.deep.equal(['/school', true])
  })

  it('leaves nothing personal in logs and addresses', async () => {
    const id = await asked()
    await queue()
    await admin.submit(await question(id), { act: 'decline', reason: 'звонила Неведомая' }, 'requests')
    expect([...town.logs, ...admin.visited].join('\n')).not.to.match(/Неведомая|Раиса|Титова|900000006|%D0%9D%D0%B5/)
  })
})
