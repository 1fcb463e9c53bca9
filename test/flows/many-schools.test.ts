/** A region: more schools than a page or a list shows. Over real HTTP. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { journalsOf, type Town } from '../../src/demo/settings.js'
import { demoPassword } from '../../src/demo-journals/old-login.js'
import { Browser, type Page } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const NOBODY = 'nobody@mail.example'
const FAR = Array.from({ length: 120 }, (_, i) => ({ code: `far-${i}`, title: `Школа № ${i + 100} города Энска` }))

function region(place: Town) {
  const journals = journalsOf(place).map(journal => ({
    ...journal,
    schools: ['school-1', 'school-2', ...FAR.map(({ code }) => code)],
  }))
  const near = { code: 'school-1', title: 'Школа № 1', ogrn: '1027700132195' }
  return { journals, schools: [near, { code: 'school-2', title: 'Лицей № 2' }, ...FAR] }
}

describe('flow: a region of many schools', () => {
  let town: TestTown
  before(async () => {
    const csv = readFileSync(projectFile('docs/examples/roster-school-1.csv'), 'utf8')
    town = await startTestTown({ more: region, rosters: [{ school: 'school-1', title: 'Школа № 1', csv }] })
  })
  after(() => town.close())

  const at = (path: string) => new URL(path, town.town.bridge)
  const options = ({ text }: Page) => [...text.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value)

  /** The search and the question have one address: this one is posted. */
  async function post(browser: Browser, page: Page, fields: Readonly<Record<string, string>>): Promise<Page> {
    const form = page.forms.find(({ method, action }) => method === 'post' && action === page.url.pathname)!
    const values = new URLSearchParams({ ...form.fields, ...fields })
    return browser.follow(await browser.request('POST', new URL(form.action, page.url), values, page.url))
  }

  it('shows fifty of them on the first page, and finds the others', async () => {
    const page = await new Browser().get(at('/'))
    expect(page.text.match(/class="card"/g)).to.have.lengthOf(50)
    const found = await new Browser().submit(page, { q: 'школа 219' }, '/')
    expect(found.text.match(/href="\/s\/[^"#]+"/g)).to.deep.equal(['href="/s/far-119"'])
  })

  it('knows a school by another number, and no school by a number that nobody has', async () => {
    const known = await new Browser().get(at('/s/1027700132195'))
    expect([known.status, known.text]).to.deep.equal([200, known.text])
    expect(known.text).to.contain('<h1>Школа № 1</h1>')
    expect((await new Browser().get(at('/s/1027700132196'))).status).to.equal(400)
  })

  it('asks for the school before it asks for the child', async () => {
    const browser = new Browser()
    const first = await walk(browser, at('/me/child'), NOBODY)
    expect(first.text).to.contain('Сначала найдите школу').and.not.to.contain('Фамилия ребёнка')
    const tooMany = await browser.submit(first, { q: 'энск' }, '/me/child')
    expect(tooMany.text).not.to.contain('Фамилия ребёнка')
    const many = await browser.submit(tooMany, { q: 'школа' }, '/me/child')
    expect(many.text).to.contain('Нашлось слишком много школ')
    const none = await browser.submit(many, { q: 'гимназия' }, '/me/child')
    expect(none.text).to.contain('«гимназия» школ не нашлось')
    const found = await browser.submit(none, { q: '150' }, '/me/child')
    expect(options(found)).to.include('far-50 sgo').and.not.to.include('far-51 sgo')
    const child = { place: 'far-50 sgo', lastName: 'Ежов', firstName: 'Пётр', className: '5А' }
    const refused = await post(browser, found, child)
    expect([refused.status, options(refused)]).to.deep.equal([400, options(found)])
    const asked = await post(browser, refused, { ...child, agree: 'yes' })
    expect(asked.text).to.contain('Школа «Школа № 150 города Энска» увидит его')
  })

  it('comes from one school: that one is offered at once', async () => {
    const page = await walk(new Browser(), at('/me/child?journal=sgo&school=far-7'), NOBODY)
    expect(options(page)).to.include('far-7 sgo').and.not.to.include('far-8 sgo')
  })

  it('asks for the school before an account is made, and makes none elsewhere', async () => {
    const browser = new Browser()
    const first = await walk(browser, at('/me/create?journal=sgo'), NOBODY)
    expect(first.text).to.contain('Сначала найдите школу').and.not.to.contain('name="agree"')
    const found = await browser.submit(first, { q: 'школа 15' }, '/me/create')
    expect(found.text).to.contain('Школа № 150 города Энска').and.not.to.contain('Школа № 160 города Энска')
    const form = await browser.get(found.link('of=far-50&as=parent'))
    const made = await post(browser, form, { agree: 'yes' })
    expect(made.text).to.contain('/login?journal=sgo').and.contain('school=far-50')
    const [entry, ...others] = await town.bridge.store.roster.entries({ school: 'far-50' })
    expect([entry?.role, others]).to.deep.equal(['parent', []])
  })

  it('asks for the school before login and password of the journal', async () => {
    const browser = new Browser()
    const first = await walk(browser, at('/me/old-login?journal=sgo'), NOBODY)
    expect(first.text).to.contain('Сначала найдите школу').and.not.to.contain('type="password"')
    const found = await browser.submit(first, { q: 'школа 1' }, '/me/old-login')
    expect(found.text).to.contain('слишком много')
    const one = await browser.submit(found, { q: 'школа 1 school' }, '/me/old-login')
    const login = 'p-1'
    const wrong = await post(browser, one, { login, password: demoPassword('another') })
    expect([wrong.status, wrong.text.includes('type="password"')], wrong.text).to.deep.equal([403, true])
  })
})
