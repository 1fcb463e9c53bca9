/** List B, the account: registration, recovery, levels, roles, the personal cabinet and the catalogue. */
import { expect } from 'chai'
import { at, startStand, type Stand } from './stand.js'
import { Browser, type Page } from '../support/browser.js'
import { assertionOf, cabinetPage, enterCabinet, enterWith, otherCode, PASSWORD, shownCode, typePassword } from './steps.js' // prettier-ignore

const MOTHER = 'mother@mail.example'
const GOOD = 'Берёза-2026'

const somebody = {
  lastName: 'Выдумкина',
  firstName: 'Проба',
  middleName: '',
  birthDate: '1990-05-05',
  phone: '+7 000 111-22-33',
  password: GOOD,
}

describe('mock IdP: list B, the account', () => {
  let stand: Stand
  let browser: Browser
  beforeEach(async () => {
    stand = await startStand()
    browser = new Browser()
  })
  afterEach(() => stand.idp.close())

  const address = (path: string): string => stand.idp.url + path
  const fill = async (more: Readonly<Record<string, string>>): Promise<Page> =>
    browser.submit(await browser.get(address('/idp/registration')), { ...somebody, ...more }, '/idp/registration')
  const suggested = async (): Promise<string> =>
    /например (900-000-\d{3} \d\d)/.exec((await browser.get(address('/idp/registration'))).text)![1]!
  const register = async (more: Readonly<Record<string, string>> = {}): Promise<Page> => {
    const page = await fill(more)
    return browser.submit(page, { code: shownCode(page) }, '/idp/registration')
  }

  describe('recovery', () => {
    const begin = async (login: string): Promise<Page> =>
      browser.submit(await browser.get(address('/idp/recovery')), { login })

    it('mock IdP: B16 a code and a good new password open the closed door, and end all sessions', async () => {
      const signedIn = await enterCabinet(stand, MOTHER)
      let page = await browser.get(stand.request())
      for (let tries = 0; tries < 5; tries += 1)
        page = await browser.submit(page, { login: MOTHER, password: 'Wrong-1' }, 'password')
      expect(page.text).to.include('вход закрыт до')
      const code = await begin('+7(000)0000001')
      const weak = await browser.submit(code, { code: shownCode(code), password: 'short1' })
      expect(weak.text).to.include('Пароль короче восьми знаков')
      const done = await browser.submit(code, { code: shownCode(code), password: GOOD })
      expect(done.text).to.include('Пароль изменён')
      expect((await browser.submit(code, { code: shownCode(code), password: GOOD })).status, 'once').to.equal(404)
      expect((await cabinetPage(signedIn, stand)).text).to.include('name="password"')
      expect((await typePassword(browser, stand, MOTHER)).text).to.include('Неверный логин')
      expect((await typePassword(browser, stand, MOTHER, { password: GOOD })).text).to.include('Код подтверждения')
    })

    it('mock IdP: B16 whoever is unknown sees the same page, and no code comes', async () => {
      const [known, unknown] = [await begin(MOTHER), await begin('who@mail.example')]
      const heading = (page: Page): string => /<h1>.*?<\/form>/s.exec(page.text)![0].replace(/recovery\/[\w-]+/, '')
      expect(heading(unknown)).to.equal(heading(known))
      expect(unknown.text).to.include('Ничего не пришло')
      expect((await browser.submit(unknown, { code: '123456', password: GOOD })).status).to.equal(403)
    })

    it('mock IdP: B16 a wrong code changes nothing, an old one is replaced', async () => {
      const page = await begin(MOTHER)
      expect((await browser.submit(page, { code: otherCode(page), password: GOOD })).text).to.include('Код неверный')
      stand.clock.time += 3 * 60_000
      expect((await browser.submit(page, { code: shownCode(page), password: GOOD })).text).to.include('Код устарел')
      expect((await typePassword(browser, stand, MOTHER)).text).to.include('Код подтверждения')
    })
  })

  describe('registration', () => {
    it('mock IdP: B17 telephone, name and date of birth make an account that is упрощённая', async () => {
      expect((await register()).text).to.include('упрощённая')
      const first = await typePassword(browser, stand, '80001112233', { password: GOOD })
      expect(first.text).to.include('Это первый вход')
      const code = await browser.submit(first, { method: 'sms' }, 'method')
      const xml = assertionOf(stand, await browser.submit(code, { code: shownCode(code) }, 'code'))
      expect(xml)
        .to.include('Выдумкина')
        .and.to.match(/FriendlyName="assuranceLevel"[^>]*><[^>]*>10</)
      expect(xml).not.to.include('personSNILS')
    })

    it('mock IdP: B18 with a СНИЛС it is стандартная', async () => {
      const snils = await suggested()
      expect((await register({ snils })).text).to.include('стандартная')
      const owner = await enterFirst('80001112233')
      expect((await cabinetPage(owner, stand)).text)
        .to.include(snils)
        .and.to.include('<strong>стандартная')
    })

    const refused: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ phone: '+7 912 345-67-89' }, 'только вымышленный телефон'],
      [{ phone: '+7 000 000-00-01' }, 'С этим телефоном уже'],
      [{ snils: '112-233-445 95' }, 'только вымышленный СНИЛС'],
      [{ snils: '900-000-001 83' }, 'В СНИЛС ошибка'],
      [{ snils: '900-000-001 82' }, 'С этим СНИЛС уже'],
      [{ birthDate: '2014-09-15' }, 'с 14 лет'],
      [{ birthDate: 'yesterday' }, 'Укажите дату'],
      [{ firstName: 'Bob' }, 'русскими буквами'],
      [{ lastName: '<b>Я</b>' }, 'русскими буквами'],
    ]
    for (const [more, words] of refused)
      it(`mock IdP: B18 takes nothing real and nothing twice: ${words}`, async () => {
        const page = await fill(more)
        expect(page.status).to.equal(403)
        expect(page.text).to.include(words).and.not.to.include('<b>Я')
        expect(page.form('registration').fields.phone).to.equal(more.phone ?? somebody.phone)
      })

    it('mock IdP: B31 a bad password is refused here, too, and nobody is made before the code', async () => {
      expect((await fill({ password: 'короткий' })).text).to.include('и буквы, и цифры')
      const page = await fill({})
      expect((await browser.submit(page, { code: otherCode(page) }, '/idp/registration')).status).to.equal(403)
      const early = await typePassword(browser, stand, '80001112233', { password: GOOD })
      expect(early.text).to.include('Неверный логин')
    })

    it('mock IdP: B29 at the first sign-in the way of the code is chosen: SMS, e-mail where there is one, or a call', async () => {
      await register()
      const page = await typePassword(browser, stand, '80001112233', { password: GOOD })
      expect(page.form('method').buttons.map(({ value }) => value)).to.deep.equal(['sms', 'call'])
      expect((await browser.submit(page, { method: 'push' }, 'method')).text).to.include('Выберите способ')
      const call = await browser.submit(page, { method: 'call' }, 'method')
      expect(call.text).to.include('Робот звонит')
      await browser.submit(call, { code: shownCode(call) }, 'code')
      expect((await typePassword(browser, stand, '80001112233', { password: GOOD })).text).to.include('Робот звонит')
    })
  })

  async function enterFirst(login: string): Promise<Browser> {
    const owner = new Browser()
    const page = await owner.submit(await owner.get(address('/idp/cabinet')), { login, password: GOOD }, 'password')
    const code = await owner.submit(page, { method: 'sms' }, 'method')
    await owner.submit(code, { code: shownCode(code) }, 'code')
    return owner
  }

  describe('levels', () => {
    const prove = async (owner: Browser, more: Readonly<Record<string, string>>): Promise<Page> =>
      owner.submit(await cabinetPage(owner, stand, '/confirm'), { way: 'video', ...more }, 'confirm')

    it('mock IdP: B19 papers that match the played register confirm the person, others do not', async () => {
      const owner = await enterCabinet(stand, 'unconfirmed@mail.example')
      const papers = { passport: '0000 000008', snils: '900-000-008 89' }
      for (const wrong of [{ passport: '0000 000009' }, { snils: '900-000-009 90' }, { snils: '900-000-008 88' }])
        expect((await prove(owner, { ...papers, ...wrong })).status).to.equal(403)
      expect((await cabinetPage(owner, stand)).text).to.include('<strong>упрощённая')
      expect((await prove(owner, papers)).text).to.include('<strong>подтверждённая')
    })

    it('mock IdP: B20 the new level stands in the next assertion', async () => {
      const level = /FriendlyName="assuranceLevel"[^>]*><[^>]*>(\d\d)</
      const login = 'standard@mail.example'
      expect(level.exec(assertionOf(stand, await enterWith(browser, stand, login)))![1]).to.equal('20')
      const done = await prove(await enterCabinet(stand, login), { passport: '0000000009', snils: '90000000990' })
      expect(done.text).to.include('Статус «подтверждена»')
      const xml = assertionOf(stand, await browser.get(stand.request()))
      expect(level.exec(xml)![1]).to.equal('30')
      expect(xml).to.match(/FriendlyName="personTrusted"[^>]*><[^>]*>true</)
    })

    it('mock IdP: B19 nobody is confirmed under the number of somebody else', async () => {
      await register()
      const owner = await enterFirst('80001112233')
      const passport = /паспорт\s*<code>(0000 \d{6})</.exec((await cabinetPage(owner, stand, '/confirm')).text)![1]!
      for (const snils of ['900-000-001 82', '112-233-445 95'])
        expect((await prove(owner, { passport, snils })).text).to.include('не совпали')
      expect((await prove(owner, { passport, snils: await suggested() })).text).to.include('подтверждённая')
    })
  })

  it('mock IdP: B21 browsers are listed, forgotten ones are asked for a code again', async () => {
    const page = await typePassword(browser, stand, MOTHER)
    await browser.submit(page, { code: shownCode(page), trust: 'yes' }, 'code')
    const security = await cabinetPage(browser, stand, '/security')
    expect(security.text).to.include('(этот)').and.to.include('без кода до')
    const [{ value } = { value: '' }] = security.form('forget').buttons
    await browser.submit(security, { device: value }, 'forget')
    expect((await typePassword(browser, stand, MOTHER)).text).to.include('Код подтверждения')
  })

  it('mock IdP: B21 the second factor is chosen, and the other sessions are ended', async () => {
    const other = await enterCabinet(stand, MOTHER)
    await enterCabinet(stand, MOTHER, PASSWORD, browser)
    const security = await cabinetPage(browser, stand, '/security')
    expect(security.text).to.include('Открытых входов: 2')
    await browser.submit(security, {}, 'end')
    expect((await cabinetPage(other, stand)).text).to.include('name="password"')
    await browser.submit(security, { method: 'email' }, 'method')
    expect((await typePassword(browser, stand, MOTHER)).text).to.include('Код отправлен письмом')
    expect((await browser.submit(security, { method: 'token' }, 'method')).status, 'she has none').to.equal(403)
  })

  it('mock IdP: B22 citizen, entrepreneur or organisation: the assertion speaks for the one that was chosen', async () => {
    const login = 'class-teacher@mail.example'
    const page = await enterWith(browser, stand, login)
    const [person, ogrnip, ogrn] = page.form('capacity').buttons.map(({ value }) => value)
    const entered = async (capacity: string): Promise<string> =>
      assertionOf(stand, await browser.submit(await enterWith(browser, stand, login), { capacity }, 'capacity'))
    expect(await entered(person!))
      .to.include('>P</saml2:AttributeValue>')
      .and.not.to.include('orgOGRN')
    const school = await entered(ogrn!)
    expect(school).to.include('1027700132195').and.to.include('>E</saml2:AttributeValue>')
    const business = await entered(ogrnip!)
    expect(business).to.include('>E</saml2:AttributeValue>').and.not.to.include('1027700132195')
  })

  it('mock IdP: B23 the cabinet lists the organisations and the entrepreneur', async () => {
    const page = await browser.submit(await browser.get(address('/idp/cabinet')), { login: 'class-teacher@mail.example', password: PASSWORD }, 'password') // prettier-ignore
    await browser.submit(page, { code: shownCode(page) }, 'code')
    const cabinet = await cabinetPage(browser, stand)
    expect(cabinet.text).to.include('ОГРН 1027700132195').and.to.include('ОГРНИП 390000000000019')
  })

  it('mock IdP: B24 the tile «Электронный журнал ЦОП» starts without a request', async () => {
    await enterWith(browser, stand, MOTHER)
    const answer = await browser.get((await browser.get(stand.idp.url)).link('Электронный журнал ЦОП'))
    expect(Buffer.from(answer.form().fields.SAMLResponse!, 'base64').toString()).not.to.include('InResponseTo')
  })

  it('mock IdP: B25 the tile «Школьный портал» leads to the bridge, which asks', async () => {
    const with_ = await startStand({ journalLogin: 'https://vhod.school.example/login?journal=sgo' })
    expect((await browser.get(with_.idp.url)).link('Школьный портал').href).to.equal('https://vhod.school.example/login?journal=sgo') // prettier-ignore
    await with_.idp.close()
  })

  it('mock IdP: B26 «Мои дети» lists the children of this account, and of no other', async () => {
    const mother = await cabinetPage(await enterCabinet(stand, MOTHER), stand, '/children')
    expect(mother.text).to.include('Соколов Илья').and.to.include('Соколова Вера')
    const father = await cabinetPage(await enterCabinet(stand, 'father@mail.example'), stand, '/children')
    expect(father.text).to.include('Соколов Илья').and.not.to.include('Вера')
    expect((await cabinetPage(new Browser(), stand, '/children')).text).to.include('name="password"')
  })

  it('mock IdP: B27 the profile shows name, date of birth, contacts and papers; the e-mail can be changed', async () => {
    const owner = await enterCabinet(stand, MOTHER)
    const page = await cabinetPage(owner, stand)
    for (const words of ['Соколова Марина Викторовна', '12.04.1986', '900-000-001 82', '0000 000001', '+7(000)0000001', MOTHER]) expect(page.text).to.include(words) // prettier-ignore
    expect((await owner.submit(page, { email: 'real@yandex.ru' }, 'email')).status).to.equal(403)
    expect((await owner.submit(page, { email: 'New@mail.example' }, 'email')).text).to.include('new@mail.example')
    expect(assertionOf(stand, await enterWith(browser, stand, 'new@mail.example'))).to.include('new@mail.example')
  })

  it('mock IdP: B28 the history names service, browser and time, the newest first', async () => {
    const named = new Browser({ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/130.0' })
    await typePassword(named, stand, MOTHER, { password: 'Wrong-1' })
    stand.clock.time = at + 60_000
    await enterWith(named, stand, MOTHER)
    const { text } = await cabinetPage(named, stand, '/security')
    expect(text)
      .to.include('Firefox, Windows')
      .and.to.include(`Вход: ${new URL(stand.sp.acsUrl).host}`)
    expect(text.lastIndexOf('Вход: ')).to.be.below(text.indexOf('Неверный пароль'))
    expect((await named.get(address('/idp/messages'))).text).to.include('Вход с нового устройства: Firefox, Windows')
  })

  it('mock IdP: B31 the password is changed by whoever knows the old one, and follows the rules', async () => {
    const owner = await enterCabinet(stand, MOTHER)
    const page = await cabinetPage(owner, stand, '/security')
    const change = (old: string, wanted: string): Promise<Page> => owner.submit(page, { old, new: wanted }, 'password')
    expect((await change('Wrong-1', GOOD)).text).to.include('Нынешний пароль неверен')
    expect((await change(PASSWORD, 'Марина-86')).text).to.include('В пароле ваше имя')
    expect((await change(PASSWORD, GOOD)).text).to.include('Пароль изменён')
    expect((await typePassword(browser, stand, MOTHER)).text).to.include('Неверный логин')
  })

  it('mock IdP: B09 the secret question is set in the cabinet', async () => {
    const owner = await enterCabinet(stand, 'father@mail.example')
    const page = await cabinetPage(owner, stand, '/security')
    await owner.submit(page, { question: 'Кличка кота?', answer: 'Ёжик' }, 'question')
    const asked = await browser.submit(await typePassword(browser, stand, 'father@mail.example'), { method: 'question' }, 'other') // prettier-ignore
    expect(asked.text).to.include('Кличка кота?').and.not.to.match(/ёжик/i)
    expect((await browser.submit(asked, { code: 'ежик' }, 'code')).form().action).to.equal(stand.sp.acsUrl)
  })

  it('mock IdP: B33 a service that is off has no tile, and whoever came by it is asked first', async () => {
    await enterWith(browser, stand, MOTHER)
    const tile = (await browser.get(stand.idp.url)).link('Электронный журнал ЦОП')
    const off = await browser.submit(await browser.get(stand.idp.url), { on: 'no' }, 'subscription')
    expect(off.text).to.include('услуга выключена').and.not.to.include('Unsolicited')
    expect((await browser.get(tile)).url.pathname, 'nobody is signed in by an old link').to.equal('/')
    const other = new Browser()
    const code = await other.submit(await other.get(tile), { login: MOTHER, password: PASSWORD }, 'password')
    const question = await other.submit(code, { code: shownCode(code) }, 'code')
    expect(question.text).to.include('Услуга не подключена').and.not.to.include('SAMLResponse')
    expect((await other.submit(question, {}, 'subscribe')).form().fields).to.have.property('SAMLResponse')
    expect((await browser.get(stand.idp.url)).text).to.include('Unsolicited')
  })
})
