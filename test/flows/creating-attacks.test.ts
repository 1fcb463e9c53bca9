/** Somebody with an account of their own at Госуслуги tries to have made what is not theirs. Over real HTTP. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { defaultPeople } from '../../src/mock-idp/people.js'
import type { refusalText } from '../../src/web/pages/text-ru.js'
import { without } from '../contract/samples.js'
import { Browser, type Page } from '../support/browser.js'
import { asksConsent } from '../support/consenting.js'
import {
  agree,
  createAt,
  NOBODY,
  openForm,
  openStrangeJournal,
  says,
  type StrangeJournal,
} from '../support/creating.js'
import { walk } from '../support/sign-in.js'
import { lastEvent, numberOn } from '../support/told.js'
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'

const PUPIL_FORM = '&of=school-1&as=pupil'
const TEACHER_FORM = '&of=school-1&as=teacher'
/** Nobody's in any list, of whatever age and level. */
const [GIRL, PLAIN, STAFF] = ['girl@mail.example', 'plain@mail.example', 'staff@mail.example']
const csv = (school: string) => readFileSync(projectFile(`docs/examples/roster-${school}.csv`), 'utf8').trimEnd()

describe('flow: accounts made at the first login, attacked', () => {
  let town: TestTown
  let strange: StrangeJournal
  before(async () => (strange = await openStrangeJournal()))
  after(() => strange.close())
  afterEach(() => town.close())

  async function open(change: object = {}, options: TestTownOptions = {}): Promise<void> {
    strange.wishes.length = 0
    strange.answer = says({ created: true, login: 'made-1' })
    const { all } = defaultPeople()
    const work = all.find(({ key }) => key === 'teacher-parent')!.organisations[0]!
    const nobody = all.find(({ key }) => key === 'nobody')!
    const more = [
      { ...nobody, key: 'girl', email: GIRL, firstName: 'Яна', birthDate: '2015-01-01', snils: '900-000-051 92', userId: '51', phone: '+7(000)0000051' },
      { ...nobody, key: 'plain', email: PLAIN, level: 20 as const, snils: '900-000-052 93', userId: '52', phone: '+7(000)0000052' },
      { ...nobody, key: 'staff', email: STAFF, snils: '900-000-053 94', userId: '53', phone: '+7(000)0000053', organisations: [{ ...work, ogrn: '1027700132195' }, { ...work, ogrn: '1029900000019' }] },
    ] // prettier-ignore
    town = await startTestTown({
      more: place => ({ ...strange.more(change)(place) }),
      people: { ...defaultPeople(), all: [...all, ...more] },
      ...options,
    })
  }

  const made = async () =>
    (await town.bridge.store.roster.entries({})).filter(({ createdAt }) => createdAt !== undefined)
  async function refusedAs(page: Page, code: keyof typeof refusalText): Promise<void> {
    expect((await lastEvent(town, page)).code, page.text).to.equal(code)
    expect(page.status).to.be.greaterThan(399)
  }
  const nothingMade = async () => expect([strange.wishes.length, await made()]).to.deep.equal([0, []])
  const post = (browser: Browser, page: Page, change: Readonly<Record<string, string>>) => {
    const body = new URLSearchParams({ ...page.form('/me/create').fields, agree: 'yes', ...change })
    return browser.request('POST', createAt(town), body, page.url)
  }

  it('no field of the form names another person, СНИЛС or login', async () => {
    await open()
    const browser = new Browser()
    const form = await openForm(town, browser)
    const names = Object.keys(form.form('/me/create').fields).sort()
    expect(names).to.deep.equal(['as', 'journal', 'of', 'shown', 'token'])
    const more = { snils: '900-000-001 82', login: 'p-1001', accountId: 'x', key: 'x', sub: 'x', level: 'confirmed' }
    await post(browser, form, more)
    const [{ claims }] = strange.wishes as [(typeof strange.wishes)[0]]
    const person = { lastName: 'Неизвестный', firstName: 'Виктор', birthDate: '1980-08-14' }
    expect(claims).to.deep.include({ person, role: 'parent', school: 'school-1' })
    expect([claims['key'], claims['sub']]).not.to.include('x')
    expect((await made())[0]).to.deep.include({ login: 'made-1', snils: '90000001083' })
  })

  it('no school that the journal does not serve, no role that it does not make, whatever the form says', async () => {
    await open({ roles: ['parent'] })
    const browser = new Browser()
    const form = await openForm(town, browser)
    for (const change of [
      { of: 'school-9' },
      { as: 'teacher' },
      { as: 'pupil' },
      { as: 'school-admin' },
      { as: 'x' },
    ]) {
      const page = await post(browser, form, change)
      expect(page.text, JSON.stringify(change)).to.include('Какую запись создать?')
    }
    await refusedAs(await post(browser, form, { school: 'school-9' }), 'journal.school')
    await refusedAs(await post(browser, form, { journal: 'handle' }), 'create.not-offered')
    await nothingMade()
  })

  it('a grown-up becomes no pupil, a child no parent, and staff only who signed in as an employee of the school', async () => {
    await open()
    const grownUp = new Browser()
    const form = await openForm(town, grownUp)
    for (const as of ['pupil', 'teacher']) expect((await post(grownUp, form, { as })).text).to.include('Какую запись')
    const child = new Browser()
    const own = await openForm(town, child, GIRL, PUPIL_FORM)
    expect(own.text).to.include('ученик')
    for (const as of ['parent', 'teacher']) expect((await post(child, own, { as })).text).to.include('Какую запись')
    await nothingMade()
  })

  it('where only parents are made, a child is told so', async () => {
    await open({ roles: ['parent'] })
    const page = await walk(new Browser(), createAt(town), GIRL)
    await refusedAs(page, 'create.minor')
    await nothingMade()
  })

  it('a level below the school’s makes nothing, and pupils are made of confirmed accounts alone', async () => {
    await open()
    await refusedAs(await walk(new Browser(), createAt(town), PLAIN), 'identity.level')
    await nothingMade()
  })

  it('where nobody tells the birth date, nothing is made', async () => {
    const { all } = defaultPeople()
    const people = all.map(person => (person.key === 'nobody' ? without(person, 'birthDate') : person))
    await open({}, { people: { ...defaultPeople(), all: people as never } })
    await refusedAs(await walk(new Browser(), createAt(town), NOBODY), 'create.unknown')
    await nothingMade()
  })

  it('whom a list knows in any way is told what is wrong there, and has nothing made', async () => {
    await open()
    for (const [who, code] of [
      ['no-snils@mail.example', 'identity.no-snils'],
      ['shared-snils@mail.example', 'identity.ambiguous'],
    ] as const)
      await refusedAs(await walk(new Browser(), createAt(town, '&school=school-1'), who), code)
    const browser = new Browser()
    const page = await walk(browser, createAt(town, '&school=school-1'), 'father@mail.example')
    expect(page.url.origin, 'who has an account is led in').to.equal(town.town.journals)
    await nothingMade()
  })

  it('whom the school took off its list makes no account around that', async () => {
    await open(
      {},
      {
        rosters: [
          {
            school: 'school-1',
            title: 'Школа № 1',
            csv: `${csv('school-1')}\nродитель;p-77;Неизвестный;Виктор;Сергеевич;14.08.1980;900-000-010 83;;c-1;Неизвестная Яна;1В`,
          },
        ],
      },
    )
    const { store } = town.bridge
    const left = (await store.roster.entries({ journal: 'eljur', school: 'school-1' })).filter(
      ({ login }) => login !== 'p-77',
    )
    await store.roster.replace(
      'eljur',
      'school-1',
      left.map(entry => without(entry, 'accountId', 'journal', 'school')),
      { now: town.clock.now() },
    )
    const browser = new Browser()
    await refusedAs(await agree(browser, await openForm(town, browser)), 'create.was-listed')
    await nothingMade()
  })

  it('a journal that answers with the login of somebody else opens it for nobody, and the school is asked', async () => {
    await open()
    const { store } = town.bridge
    const [theirs] = await store.roster.byLogin('eljur', ['school-1'], 'p-1001')
    strange.answer = says({ created: true, login: 'p-1001' })
    const browser = new Browser()
    const page = await agree(browser, await openForm(town, browser))
    await refusedAs(page, 'create.taken')
    const [request] = await store.requests.open(['school-1'], 10)
    expect(request).to.deep.include({ kind: 'held', number: numberOn(page), accountIds: [theirs!.accountId] })
    expect(await made()).to.deep.equal([])
    const { entityId: idp } = town.bridge.trust.idps[0]!
    const person = { idp, userId: '1000900011', level: 'confirmed', globalRole: 'P', authenticatedAt: 0 } as const
    expect((await town.bridge.store.links.around(person, [])).own).to.deep.equal([])
  })

  it('the login of somebody else in another spelling is theirs all the same: databases pass over case and width', async () => {
    await open()
    const { store } = town.bridge
    const [theirs] = await store.roster.byLogin('eljur', ['school-1'], 'p-1001')
    for (const login of ['P-1001', 'ｐ-1001', 'p\u0301-1001']) {
      strange.answer = says({ created: true, login })
      const browser = new Browser()
      await refusedAs(await agree(browser, await openForm(town, browser)), 'create.taken')
      expect(await made(), login).to.deep.equal([])
    }
    const [request] = await store.requests.open(['school-1'], 10)
    expect(request!.accountIds).to.deep.equal([theirs!.accountId])
  })

  it('two people get two accounts, and the login of the first is not the second one’s', async () => {
    await open()
    const [first, second] = [new Browser(), new Browser()]
    expect((await agree(first, await openForm(town, first))).text).to.include('запись создана')
    await refusedAs(await agree(second, await openForm(town, second, STAFF)), 'create.taken')
    expect(await made()).to.have.length(1)
  })

  it('asks the journal so often and no oftener, whatever it answers', async () => {
    await open()
    strange.answer = says('', 500)
    const browser = new Browser()
    const form = await openForm(town, browser)
    for (let i = 0; i < 5; i++) await refusedAs(await agree(browser, form), 'create.unanswered')
    await refusedAs(await agree(browser, form), 'create.limit')
    expect(strange.wishes).to.have.length(5)
    expect(new Set(strange.wishes.map(({ claims }) => claims['key'])).size, 'all of them the same account').to.equal(1)
    town.clock.forward(15 * 60_000)
    strange.answer = says({ created: true, login: 'made-1' })
    const later = new Browser()
    expect((await agree(later, await openForm(town, later))).text).to.include('запись создана')
    const again = await later.get(createAt(town, '&school=school-1'))
    expect(again.url.origin, 'and never a second one').to.equal(town.town.journals)
  })

  it('an account that is under way in one role is made in no other', async () => {
    await open()
    strange.answer = says('', 500)
    const child = new Browser()
    await refusedAs(await agree(child, await openForm(town, child, GIRL, PUPIL_FORM)), 'create.unanswered')
    const again = await child.get(createAt(town, '&of=school-1&as=parent'))
    expect(again.text).not.to.include('родитель')
  })

  it('takes no form of a stranger', async () => {
    await open()
    const [own, thief] = [new Browser(), new Browser()]
    const form = await openForm(town, own)
    const theirs = (await openForm(town, thief, STAFF)).form('/me/create').fields
    await refusedAs(await post(own, form, { token: '' }), 'request.forged')
    await refusedAs(await post(own, form, { token: theirs['token']! }), 'request.forged')
    const body = new URLSearchParams({ ...form.form('/me/create').fields, agree: 'yes' })
    await refusedAs(await own.request('POST', createAt(town), body, new URL('http://localhost:1/')), 'request.forged')
    await nothingMade()
  })

  it('what a pupil may not agree to alone is not sent, and the consent of a parent still stands before the door', async () => {
    await open({}, { more: place => ({ ...asksConsent(), ...strange.more()(place) }) })
    const child = new Browser()
    await refusedAs(await agree(child, await openForm(town, child, GIRL, PUPIL_FORM)), 'consent.parent-missing')
    await nothingMade()
    const browser = new Browser()
    const done = await agree(browser, await openForm(town, browser))
    const consent = await browser.get(done.link('Открыть журнал'))
    expect(consent.text).to.include('Нужно ваше согласие')
  })

  it('staff are made of who signed in as an employee of this very school, and of nobody else', async () => {
    await open()
    for (const [capacity, offered] of [
      ['person', false],
      ['1029900000019', false],
      ['1027700132195', true],
    ] as const) {
      const browser = new Browser()
      await walk(browser, createAt(town, '&school=school-1'), STAFF, { capacity })
      const page = await browser.get(createAt(town, TEACHER_FORM))
      expect(page.text.includes('<dd>учитель</dd>'), capacity).to.equal(offered)
      if (offered) expect((await agree(browser, page)).text).to.include('запись создана')
    }
    expect((await made())[0]).to.include({ role: 'teacher' })
  })
})
