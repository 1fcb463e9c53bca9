/** List B, the way in: every row that concerns login, password and second factor. */
import { expect } from 'chai'
import { hotp } from '../../src/mock-idp/accounts/one-time-password.js'
import { SESSION_LIFETIME } from '../../src/mock-idp/idp.js'
import { CODE_DENIED, CODE_EXPIRED, CODE_REPLACED, CODE_WAITING, WRONG_CODE, WRONG_PASSWORD, WRONG_PIN } from '../../src/mock-idp/wrong-input.js' // prettier-ignore
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { authnRequestUrl } from '../../src/saml/request.js'
import { Browser, type Page } from '../support/browser.js'
import { decrypt } from './open.js'
import { at, startStand, type Stand } from './stand.js'
import { assertionOf, cabinetPage, enterCabinet, enterWith, otherCode, PASSWORD, shownCode, typePassword } from './steps.js' // prettier-ignore

const MOTHER = 'mother@mail.example'
const MINUTE = 60_000

describe('mock IdP: list B, the way in', () => {
  let stand: Stand
  let browser: Browser
  before(async () => (stand = await startStand()))
  after(() => stand.idp.close())
  beforeEach(() => {
    stand.clock.time = at
    browser = new Browser()
  })

  const expectAnswer = (page: Page): void => {
    expect(page.form().fields).to.have.property('SAMLResponse')
  }
  const by = (page: Page, method: string): Promise<Page> => browser.submit(page, { method }, 'other')

  it('mock IdP: B01 a page with login and password, marked as a stand', async () => {
    const page = await browser.get(stand.request())
    expect(page.form('password').fields).to.include({ login: '', password: '' })
    expect(page.text).to.include('Учебный стенд, не Госуслуги')
    expectAnswer(await enterWith(browser, stand, MOTHER))
  })

  for (const login of ['8 (000) 000-00-01', 'Mother@Mail.example', '900 000 001 82'])
    it(`mock IdP: B02 telephone, e-mail or СНИЛС: ${login}`, async () =>
      expect(assertionOf(stand, await enterWith(browser, stand, login))).to.include('900-000-001 82'))

  it('mock IdP: B03 «Запомнить меня» outlives the day, and without it the session ends', async () => {
    const short = new Browser()
    const remembered = await enterWith(browser, stand, MOTHER, { remember: 'yes' })
    await enterWith(short, stand, MOTHER)
    expectAnswer(remembered)
    stand.clock.time += SESSION_LIFETIME
    expectAnswer(await browser.get(stand.request()))
    expect((await short.get(stand.request())).text).to.include('name="password"')
    stand.clock.time += 30 * 24 * 60 * MINUTE
    expect((await browser.get(stand.request())).text).to.include('name="password"')
  })

  it('mock IdP: B04 one message for a wrong password and for an unknown login', async () => {
    const said = /class="complaint"[^>]*>([^<]*)</
    const wrong = await typePassword(browser, stand, MOTHER, { password: 'Wrong-1' })
    const unknown = await typePassword(browser, stand, 'who@mail.example')
    expect(said.exec(wrong.text)![1]).to.equal(WRONG_PASSWORD).and.to.equal(said.exec(unknown.text)![1])
    expectAnswer(await enterWith(browser, stand, MOTHER))
  })

  for (const [who, login] of [
    ['known', 'shared-snils@mail.example'],
    ['unknown', 'stranger@mail.example'],
  ] as const)
    // prettier-ignore
    it(`mock IdP: B05 five wrong passwords close the door of a login that is ${who}, and it opens by itself`, async () => {
      let page = await browser.get(stand.request())
      for (let tries = 0; tries < 5; tries += 1)
        page = await browser.submit(page, { login, password: `Wrong-${tries}` }, 'password')
      expect(page.text).to.match(/вход закрыт до \d\d:\d\d \(ещё 15 мин\)/)
      stand.clock.time += 14 * MINUTE
      page = await browser.submit(page, { login, password: PASSWORD }, 'password')
      expect([page.status, page.text]).to.satisfy(
        ([status, text]: [number, string]) => status === 403 && text.includes('ещё 1 мин'),
      )
      stand.clock.time += MINUTE
      page = await browser.submit(page, { login, password: PASSWORD }, 'password')
      expect(page.text).to.include(who === 'known' ? 'Код подтверждения' : WRONG_PASSWORD)
    })

  it('mock IdP: B05 the closed door stands in the history of its owner', async () => {
    const login = 'wrong-number@mail.example'
    let page = await browser.get(stand.request())
    for (let tries = 0; tries < 5; tries += 1)
      page = await browser.submit(page, { login, password: 'Wrong-1' }, 'password')
    stand.clock.time += 15 * MINUTE
    const history = await cabinetPage(await enterCabinet(stand, login), stand, '/security')
    expect(history.text).to.include('Вход закрыт: слишком много неверных паролей').and.to.include('Неверный пароль')
  })

  const ways = [
    ['B06', 'sms', 'СМС', /\+7 \*\*\* \*\*\*-00-01/],
    ['B07', 'email', 'Письмо', /m\*\*\*@mail\.example/],
    ['B29', 'call', 'Звонок', /\+7 \*\*\* \*\*\*-00-01/],
  ] as const
  for (const [row, method, name, to] of ways)
    it(`mock IdP: ${row} the code comes by ${method}, lies in this browser's messages, and is right once`, async () => {
      let page = await typePassword(browser, stand, MOTHER)
      if (method !== 'sms') page = await by(page, method)
      expect(page.text).to.match(to)
      const code = shownCode(page)
      const messages = await browser.get(`${stand.idp.url}/idp/messages`)
      expect(messages.text).to.include(name).and.to.match(to)
      expect(messages.text.replace(/ /g, '')).to.include(code)
      expect((await new Browser().get(`${stand.idp.url}/idp/messages`)).text).not.to.match(to)
      expectAnswer(await browser.submit(page, { code }, 'code'))
      const again = await typePassword(browser, stand, MOTHER)
      if (shownCode(again) !== code) expect((await browser.submit(again, { code }, 'code')).text).to.include(WRONG_CODE)
    })

  it('mock IdP: B08 a question in the app: nothing before the answer, «Это я» lets in', async () => {
    const page = await by(await typePassword(browser, stand, MOTHER), 'push')
    expect(page.text).not.to.match(/<strong>\d{6}</)
    expect((await browser.submit(page, {}, 'code')).text).to.include(CODE_WAITING)
    expectAnswer(await browser.submit(await browser.submit(page, { answer: 'yes' }, 'push'), {}, 'code'))
  })

  it('mock IdP: B08 «Это не я» ends the sign-in and is remembered', async () => {
    const page = await by(await typePassword(browser, stand, MOTHER), 'push')
    const denied = await browser.submit(await browser.submit(page, { answer: 'no' }, 'push'), {}, 'code')
    expect(denied.text).to.include(CODE_DENIED).and.to.include('name="password"')
    const history = await cabinetPage(await enterCabinet(stand, MOTHER), stand, '/security')
    expect(history.text).to.include('«Это не я»')
  })

  it('mock IdP: B09 the secret question takes its answer in any spelling, and no other', async () => {
    const page = await by(await typePassword(browser, stand, MOTHER), 'question')
    expect(page.text).to.include('Как звали вашего первого учителя?')
    expect((await browser.submit(page, { code: 'Иван Иванович' }, 'code')).text).to.include(WRONG_CODE)
    expectAnswer(await browser.submit(page, { code: '  анна  ИВАНОВНА ' }, 'code'))
  })

  it('mock IdP: B10 an app with codes is connected by its first code, and no code counts twice', async () => {
    const login = 'father@mail.example'
    const owner = await enterCabinet(stand, login)
    const security = await cabinetPage(owner, stand, '/security')
    const page = await owner.submit(security, {}, 'totp')
    expect(page.text).to.match(/<code>[A-Z2-7]{32}</)
    expect((await owner.submit(page, { code: otherCode(page) }, 'totp')).text).to.include(WRONG_CODE)
    const used = shownCode(page)
    expect((await owner.submit(page, { code: used }, 'totp')).text).to.include('Подключено приложение-генератор')
    const asked = await typePassword(browser, stand, login)
    expect(asked.text).to.include('приложение-генератор')
    expect((await browser.submit(asked, { code: used }, 'code')).text, 'used at the enrolment').to.include(WRONG_CODE)
    stand.clock.time += 30_000
    const fresh = await browser.get(asked.url)
    expectAnswer(await browser.submit(fresh, { code: shownCode(fresh) }, 'code'))
  })

  it('mock IdP: B11 no second factor where the account has none, or trusts the browser', async () => {
    expectAnswer(await typePassword(browser, stand, 'pupil@mail.example'))
    const first = await typePassword(browser, stand, 'no-snils@mail.example')
    await browser.submit(first, { code: shownCode(first), trust: 'yes' }, 'code')
    expectAnswer(await typePassword(browser, stand, 'no-snils@mail.example'))
    expect((await typePassword(new Browser(), stand, 'no-snils@mail.example')).text).to.include('Код подтверждения')
    stand.clock.time += 30 * 24 * 60 * MINUTE
    expect((await typePassword(browser, stand, 'no-snils@mail.example')).text).to.include('Код подтверждения')
  })

  it('mock IdP: B12 a code that is late is replaced, the replaced one says so, and a lost one is sent again', async () => {
    const page = await typePassword(browser, stand, MOTHER)
    const fresh = await browser.submit(page, {}, 'new-code')
    expect(shownCode(fresh)).not.to.equal(shownCode(page))
    expect((await browser.submit(fresh, { code: shownCode(page) }, 'code')).text).to.include(CODE_REPLACED)
    stand.clock.time += 3 * MINUTE
    const late = await browser.submit(fresh, { code: shownCode(fresh) }, 'code')
    expect(late.text).to.include(CODE_EXPIRED)
    expectAnswer(await browser.submit(late, { code: shownCode(late) }, 'code'))
  })

  it('mock IdP: B12 whoever asks for code after code is locked out', async () => {
    const login = 'nobody@mail.example'
    let page = await typePassword(browser, stand, login)
    const asking = page
    for (let count = 0; count < 9 && page.status === 200; count += 1)
      page = await browser.submit(asking, {}, 'new-code')
    expect(page.text).to.include('Слишком много кодов')
    expect((await typePassword(browser, stand, login)).text).to.include('вход закрыт до')
  })

  it('mock IdP: B13 a hardware token: its button shows a code, its counter only goes forward', async () => {
    const login = 'school-admin@mail.example'
    const asked = await by(await typePassword(browser, stand, login), 'token')
    expect(asked.text).to.include('Экран погашен')
    await browser.submit(asked, {}, 'press')
    const page = await browser.submit(asked, {}, 'press')
    const [unused, code] = [0, 1].map(counter => hotp(Buffer.from('mock token 000006'.padEnd(20, '.')), counter))
    expect(shownCode(page)).to.equal(code)
    const inside = await browser.submit(page, { code: code! }, 'code')
    expectAnswer(await browser.submit(inside, { capacity: 'person' }, 'capacity'))
    const again = await by(await typePassword(browser, stand, login), 'token')
    for (const old of [code!, unused!])
      expect((await browser.submit(again, { code: old }, 'code')).text).to.include(WRONG_CODE)
  })

  it('mock IdP: B14 biometrics are a button that says there are none', async () => {
    const page = await browser.get((await browser.get(stand.request())).link('Войти по биометрии'))
    expect(page.text).to.include('Учебный стенд биометрию не собирает')
    expect(page.forms).to.deep.equal([])
  })

  it('mock IdP: B15 an electronic signature enters without a code, and the assertion says DS', async () => {
    const login = 'school-admin@mail.example'
    const page = await browser.get((await browser.get(stand.request())).link('Войти с электронной подписью'))
    const inside = await browser.submit(page, { login, password: '0000' }, 'signature')
    const xml = assertionOf(stand, await browser.submit(inside, { capacity: 'person' }, 'capacity'))
    expect(xml).to.match(/FriendlyName="authnMethod"[^>]*><saml2:AttributeValue[^>]*>DS</)
    expect(assertionOf(stand, await enterWith(new Browser(), stand, MOTHER))).to.include('>PWD</saml2:AttributeValue>')
  })

  it('mock IdP: B15 three wrong PINs close the carrier; whoever has none gets the same words', async () => {
    const fresh = await startStand()
    const page = await browser.get((await browser.get(fresh.request())).link('Войти с электронной подписью'))
    const tried = async (login: string, password: string): Promise<string> =>
      (await browser.submit(page, { login, password }, 'signature')).text
    expect(await tried(MOTHER, '0000')).to.include(WRONG_PIN)
    for (const pin of ['1111', '2222', '3333', '0000'])
      expect(await tried('school-admin@mail.example', pin)).to.include(WRONG_PIN)
    await fresh.idp.close()
  })

  it('mock IdP: B34 one set of credentials opens every service, and each knows the person by another name', async () => {
    const other = {
      ...stand.sp,
      entityId: 'https://other.example/saml/metadata',
      acsUrl: 'https://other.example/saml/acs',
    }
    stand.idp.registerServiceProvider(spMetadata(other))
    const first = assertionOf(stand, await enterWith(browser, stand, MOTHER))
    const url = authnRequestUrl(other, stand.trusted, { id: '_other', relayState: 'r', forced: false, at })
    const answer = await browser.get(url)
    expect(answer.form().action).to.equal(other.acsUrl)
    const second = decrypt(Buffer.from(answer.form().fields.SAMLResponse!, 'base64').toString(), stand.sp.decryption[0]!.privateKey) // prettier-ignore
    const nameId = /<saml2:NameID[^>]*>([^<]+)</
    expect(nameId.exec(second)![1]).not.to.equal(nameId.exec(first)![1])
    expect(second).to.include('900-000-001 82')
  })

  it('a form that is posted from another site does nothing', async () => {
    const page = await browser.get(stand.request())
    const to = new URL(page.form('password').action, page.url)
    const body = new URLSearchParams({ login: 'pupil@mail.example', password: PASSWORD })
    const posted = await browser.request('POST', to, body, new URL('https://evil.example/'))
    expect(posted.status).to.equal(403)
    expect(posted.text).to.include('Форма не отсюда')
  })
})
