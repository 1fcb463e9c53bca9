/** A parent misses a child: the ways, the question to the school, its answer, and who must not see what was typed. Over real HTTP. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { tokensIn, walk } from '../support/sign-in.js'
import { lastEvent, numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const [NO_SNILS, NOBODY, ADMIN] = ['no-snils@mail.example', 'nobody@mail.example', 'school-admin@mail.example']
const DAY = 86_400_000

/** `p-1007` of the demo's list is a parent of `Нгуен Ань, 1В` and has no СНИЛС there. */
const asked = {
  place: 'school-1 sgo',
  lastName: 'нгуен',
  firstName: 'Ань',
  className: '1В',
  birthDate: '',
  agree: 'yes',
}

describe('flow: adding a child', () => {
  let town: TestTown
  beforeEach(async () => {
    town = await startTestTown()
  })
  afterEach(() => town.close())

  const at = (path: string): URL => new URL(path, town.town.bridge)
  const open = (browser: Browser, who = NO_SNILS, path = '/me/child') => walk(browser, at(path), who)
  const ask = (browser: Browser, page: Page, change: Partial<typeof asked> = {}) =>
    browser.submit(page, { ...asked, ...change }, '/me/child')
  const questions = () => town.bridge.store.requests.open(['school-1', 'school-2'], 50)

  async function asks(change: Partial<typeof asked> = {}, who = NO_SNILS) {
    const browser = new Browser()
    return { browser, page: await ask(browser, await open(browser, who), change) }
  }

  async function queue(path: string) {
    const browser = new Browser()
    await walk(browser, at('/login?page=school'), ADMIN)
    return { browser, page: await browser.get(at(path)) }
  }

  it('names the ways, each leading on to where the person wanted to go', async () => {
    const browser = new Browser()
    const no = await walk(browser, at('/login?journal=sgo&state=s1&school=school-1'), NO_SNILS)
    const page = await browser.get(no.link('Спросить школу о ребёнке'))
    for (const way of ['/me/code', '/me/old-login']) expect(page.link(way).search).to.include('state=s1')
    expect(page.form('/me/child').fields.place, 'the journal that was wanted is chosen').to.equal('school-1 sgo')
    const cabinet = await browser.get(at('/me'))
    const free = await browser.get(cabinet.link('Добавить ребёнка'))
    expect(free.text.match(/\/me\/old-login\?journal=/g)).to.have.length(2)
    for (const school of ['Школа № 1', 'Лицей № 2']) expect(free.text).to.include(`${school}: Сетевой журнал`)
  })

  it('the school sees what was typed and who may be meant, says yes, and the journal opens', async () => {
    const { browser, page } = await asks()
    expect(page.text).to.include('Вопрос отправлен')
    const number = numberOn(page)
    expect((await browser.get(at('/me'))).text)
      .to.include('Ждёт ответа школы')
      .and.to.include(number)
    const [request] = await questions()
    const school = await queue(`/school/requests/${request!.id}`)
    for (const said of ['родитель просит добавить ребёнка', 'нгуен Ань', 'p-1007', 'Нгуен Тхи Лан'])
      expect(school.page.text).to.include(said)
    const reason = 'показала свидетельство о рождении'
    const unsaid = await school.browser.submit(school.page, { act: 'grant', reason }, '/school/requests/')
    expect([unsaid.status, (await questions()).length], 'which account must be said').to.deep.equal([400, 1])
    const { accountId } = (await town.bridge.store.roster.byLogin('sgo', ['school-1'], 'p-1007'))[0]!
    await school.browser.submit(school.page, { act: 'grant', reason, account: accountId }, '/school/requests/')
    expect(await questions()).to.deep.equal([])
    expect((await browser.get(at('/me'))).text).to.include('Школа согласилась')
    await browser.get(at('/login?journal=sgo'))
    expect(tokensIn(browser)[0]).to.include({ login: 'p-1007', child: 'c-507' })
  })

  it('or answers without an account, and may think better of it', async () => {
    const { browser } = await asks({ lastName: 'Иванов', firstName: 'Пётр' })
    const [request] = await questions()
    const { browser: admin, page } = await queue(`/school/requests/${request!.id}`)
    expect(page.text).to.include('ни у одного родителя нет такого ребёнка')
    const answered = { act: 'grant', reason: 'внесли в список', account: 'none' }
    const after = await admin.submit(page, answered, '/school/requests/')
    expect((await browser.get(at('/me'))).text).to.include('Школа ответила')
    await admin.submit(after, { act: 'take-back' }, '/school/requests/')
    expect((await questions())[0], 'nothing of the question is lost').to.deep.equal(request)
  })

  it('a yes to ticked questions gives nobody the account of the other parent', async () => {
    await asks()
    const { browser, page } = await queue('/school')
    const [request] = await questions()
    const told = await browser.submit(
      page,
      { [`tick:${request!.id}`]: '1', act: 'grant', reason: 'все' },
      '/school/requests',
    )
    expect(told.text).to.include('учётных записей несколько')
    expect(await questions()).to.have.length(1)
  })

  it('no account outside the question can be given', async () => {
    await asks()
    const [request] = await questions()
    const { browser, page } = await queue(`/school/requests/${request!.id}`)
    const { accountId } = (await town.bridge.store.roster.byLogin('sgo', ['school-1'], 'p-1001'))[0]!
    const no = await browser.submit(page, { act: 'grant', reason: 'ошибка', account: accountId }, '/school/requests/')
    expect((await lastEvent(town, no)).code).to.equal('queue.not-possible')
    expect(await questions()).to.have.length(1)
  })

  it('a second child joins the question that is open, one of another school asks another', async () => {
    const { page } = await asks()
    const second = await asks({ lastName: 'Нгуен', firstName: 'Минь', birthDate: '2015-02-03' })
    await asks({ firstName: 'АНЬ', className: '2В' })
    expect(numberOn(second.page)).to.equal(numberOn(page))
    await asks({ place: 'school-2 sgo' })
    const all = await questions()
    expect(all.map(({ school, children }) => [school, children?.length])).to.have.deep.members([
      ['school-1', 2],
      ['school-2', 1],
    ])
    expect(all.find(({ school }) => school === 'school-1')!.children).to.deep.equal([
      { lastName: 'нгуен', firstName: 'АНЬ', className: '2В' },
      { lastName: 'Нгуен', firstName: 'Минь', className: '1В', birthDate: '2015-02-03' },
    ])
  })

  it('says what is missing, keeps what was typed, and sends nothing', async () => {
    const browser = new Browser()
    let page = await open(browser)
    for (const [change, problem] of [
      [{ place: '' }, 'Выберите школу'],
      [{ place: 'school-1 nowhere' }, 'Выберите школу'],
      [{ lastName: '' }, 'Напишите фамилию'],
      [{ lastName: '1234' }, 'Напишите фамилию'],
      [{ firstName: 'Пётр\u0000' }, 'Напишите имя'],
      [{ className: '<b>' }, 'Напишите класс'],
      [{ birthDate: '2015-02-30' }, 'Проверьте дату'],
      [{ birthDate: '2199-01-01' }, 'Проверьте дату'],
      [{ agree: '' }, 'поставьте отметку'],
    ] as const) {
      page = await ask(browser, page, change)
      expect([page.status, page.text.includes(problem)], problem).to.deep.equal([400, true])
      expect(page.form('/me/child').fields).to.include({ className: change.className ?? asked.className })
    }
    expect(await questions()).to.deep.equal([])
  })

  it('six questions a day are enough for any family', async () => {
    const { browser, page } = await asks()
    for (let i = 0; i < 5; i++) await ask(browser, await browser.get(at('/me/child')))
    const no = await ask(browser, await browser.get(at('/me/child')))
    expect([no.status, (await lastEvent(town, no)).code]).to.deep.equal([429, 'cabinet.asked-often'])
    expect(no.text).to.include(refusalText['cabinet.asked-often'].heading)
    town.clock.forward(DAY)
    expect((await asks()).page.text, numberOn(page)).to.include('Вопрос отправлен')
  })

  it('what was typed stands nowhere in clear, is nobody else’s to see, and goes when its time is over', async () => {
    await asks({ lastName: 'Ъюникова', firstName: 'Ёжика', className: 'Ъ7' })
    const [request] = await questions()
    const files = ['', '-wal'].map(end => readFileSync(`${town.folder}/bridge.db${end}`).toString('utf8'))
    expect([...files, ...town.logs].join('\n')).not.to.match(/Ъюников|Ёжика|Ъ7/)
    expect(JSON.stringify(await town.bridge.store.audit.byNumber(request!.number))).not.to.match(/Ъюников|Ёжика|Ъ7/)
    const nosy = await walk(new Browser(), at(`/login?page=school`), NOBODY)
    expect(nosy.text).not.to.include('Ъюникова')
    const { store } = town.bridge
    const limits = { loginAudit: DAY, securityAudit: DAY, unlinked: 30 * DAY, consents: DAY }
    await store.retention.delete('unlinked', town.clock.now() + 31 * DAY, limits, 100)
    expect(await questions()).to.deep.equal([])
  })

  it('takes no form of a stranger, and leads who is signed out through the login and back', async () => {
    const browser = new Browser()
    const page = await open(browser, NO_SNILS, '/me/child?journal=sgo&school=school-1&state=s2')
    expect(page.form('/me/child').fields).to.include({ state: 's2', place: 'school-1 sgo' })
    const { fields } = page.form('/me/child')
    const post = (body: Record<string, string>, from = page.url) =>
      browser.request('POST', at('/me/child'), new URLSearchParams({ ...fields, ...asked, ...body }), from)
    for (const no of [await post({ token: 'x' }), await post({}, new URL('http://localhost:1/'))])
      expect((await lastEvent(town, no)).code).to.equal('request.forged')
    expect(await questions()).to.deep.equal([])
  })
})
