/** What a whole day of logins leaves behind: no line, no address and no file tells in clear who signed in. */
import { expect } from 'chai'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { readPeople } from '../src/mock-idp/people.js'
import { path } from '../src/mock-idp/metadata.js'
import { Browser } from './support/browser.js'
import { agree, asksConsent, decline } from './support/consenting.js'
import { needles, type Needle } from './support/needles.js'
import { claimsOf, signInAtIdp, tokensIn, walk } from './support/sign-in.js'
import { startTestTown, type TestTown } from './support/town.js'

/** СНИЛС of the block that is not issued, check number included. */
function snils(last: number): string {
  const nine = String(900_000_000 + last)
  const sum = Array.from(nine, Number).reduce((total, digit, i) => total + digit * (9 - i), 0)
  return `${nine.slice(0, 3)}-${nine.slice(3, 6)}-${nine.slice(6)} ${String((sum % 101) % 100).padStart(2, '0')}`
}

const person = (key: string, at: number, firstName: string, level: 10 | 30 = 30) => ({
  key,
  about: 'чьё имя ни с чем не спутать',
  lastName: 'Ъюникова',
  firstName,
  middleName: 'Щукаревна',
  gender: 'F',
  birthDate: '1987-02-03',
  snils: snils(at),
  userId: `7755331${at}`,
  phone: `+7(987)65431${at}`,
  email: `yunikova-${key}@mail.example`,
  level,
  secondFactor: false,
})

const parent = person('parent', 81, 'Ёжика')
const teacher = person('teacher', 82, 'Жыгуля')
const nobody = person('nobody', 83, 'Цапля')
const beginner = person('beginner', 84, 'Фыва', 10)
const everybody = [parent, teacher, nobody, beginner]
/** In the school's list only. */
const CHILDREN = ['Ъюников Эхо Ыкович', 'Ъюникова Юла Ыковна']

const HEADER = 'Роль;Логин;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка'
const row = (role: string, login: string, who: typeof parent, more: string): string =>
  [role, login, who.lastName, who.firstName, who.middleName, '03.02.1987', who.snils, more].join(';')
const csv = [
  HEADER,
  row('родитель', 'p-8101', parent, `;c-1;${CHILDREN[0]!};5А`),
  row('родитель', 'p-8101', parent, `;c-2;${CHILDREN[1]!};7Б`),
  row('учитель', 't-8201', teacher, ';;;'),
  row('ученик', 'u-8401', beginner, '5А;;;'),
  '',
].join('\n')

const secrets: readonly Needle[] = needles([
  ...new Set(
    everybody.flatMap(({ lastName, firstName, middleName, snils: card, userId, phone, email }) => [
      lastName,
      firstName,
      middleName,
      card,
      card.replace(/\D/g, ''),
      card.slice(0, 11),
      userId,
      phone,
      phone.replace(/\D/g, ''),
      phone.replace(/\D/g, '').slice(1),
      email,
    ]),
  ),
  ...CHILDREN.flatMap(name => name.split(' ')),
  '1987-02-03',
  '03.02.1987',
])

/** Names of the secrets that stand in it, in whatever writing. */
const found = (text: Buffer | string): string[] => {
  const octets = Buffer.from(text)
  return secrets.filter(({ octets: needle }) => octets.includes(needle)).map(({ name }) => name)
}

/** An address, and what its parameters carry. */
function unpacked(url: string): string {
  const parts = [url, decodeURIComponent(url)]
  for (const [name, value] of new URL(url).searchParams) {
    if (name === 'token') parts.push(JSON.stringify(claimsOf(value)))
    if (name === 'SAMLRequest' || name === 'SAMLResponse')
      parts.push(inflateRawSync(Buffer.from(value, 'base64')).toString())
  }
  return parts.join('\n')
}

describe('privacy', function () {
  this.timeout(30_000)
  let town: TestTown
  const browsers: Browser[] = []
  const seen: string[] = []

  const newBrowser = (): Browser => {
    const browser = new Browser()
    browsers.push(browser)
    return browser
  }
  const login = (): string => `${town.town.bridge}/login?journal=sgo`

  before(async () => {
    const people = readPeople(JSON.stringify({ password: 'uchebny-stend', people: everybody }))
    const rosters = [{ school: 'school-1', title: 'Школа № 1', csv }]
    town = await startTestTown({ people, rosters, more: asksConsent() })
    await choosingParent()
    await quickTeacher()
    await refusedOnes()
    await selfTest()
    await liesAndStrangers()
  })
  after(() => town.close())

  async function choosingParent(): Promise<void> {
    const browser = newBrowser()
    const chooser = await walk(browser, login(), parent.email)
    seen.push(chooser.text)
    const choice = /value="([^"]+)"[^>]*>(?:(?!<\/button>)[\s\S])*Юла/.exec(chooser.text)![1]!
    const asked = await browser.submit(chooser, { choice }, '/continue/')
    seen.push(asked.text)
    const journal = await agree(browser, asked)
    expect(journal.status).to.equal(200)
    seen.push((await browser.get(`${town.town.bridge}/session`)).text)
    seen.push((await browser.get(town.town.bridge)).text)
    await browser.get(`${town.town.bridge}/login?journal=eljur`)
    await browser.submit(await browser.get(`${town.town.bridge}/logout`), {}, '/logout')
  }

  async function quickTeacher(): Promise<void> {
    const browser = newBrowser()
    const asked = await walk(browser, login(), teacher.email)
    await decline(browser, asked)
    const page = await agree(browser, asked)
    expect(page.url.origin).to.equal(town.town.journals)
    expect(tokensIn(browser)).to.have.length(1)
  }

  async function refusedOnes(): Promise<void> {
    for (const who of [nobody, beginner]) {
      const page = await walk(newBrowser(), login(), who.email)
      expect(page.status).to.equal(403)
      seen.push(page.text)
    }
  }

  async function selfTest(): Promise<void> {
    const browser = newBrowser()
    seen.push((await walk(browser, `${town.town.bridge}/self-test`, parent.phone)).text)
    seen.push((await browser.get(`${town.town.bridge}/session`)).text)
  }

  async function liesAndStrangers(): Promise<void> {
    for (const fault of ['attribute-altered', 'expired', 'wrong-audience', 'doctype', 'cut-short'])
      expect((await walk(newBrowser(), login(), parent.snils, { fault })).status).to.be.within(400, 403)
    const browser = newBrowser()
    const tile = new URL(path.unsolicited, town.town.idp)
    tile.search = new URLSearchParams({ providerId: `${town.town.bridge}/saml/metadata`, target: 'sgo' }).toString()
    const answer = await signInAtIdp(browser, await browser.get(tile), teacher.email)
    await browser.submit(answer)
  }

  it('control: the search finds everybody where they are shown, and in every writing', () => {
    const shown = found(seen.join('\n'))
    for (const value of [
      parent.lastName,
      parent.firstName,
      parent.userId,
      parent.email,
      nobody.firstName,
      parent.snils,
    ])
      expect(shown).to.include(`${value} as UTF-8`)
    expect(new Set(found(csv)).size).to.be.greaterThan(20)
    const base64 = Buffer.from(`..${parent.userId}..`).toString('base64')
    expect(found(base64).join()).to.include('base64')
    expect(found(JSON.stringify(encodeURIComponent(parent.lastName))).join()).to.include('percent')
  })

  it('log lines', () => {
    expect(town.logs.length).to.be.greaterThan(30)
    expect(found(town.logs.join('\n'))).to.deep.equal([])
  })

  it('addresses, with what their parameters carry', () => {
    const addresses = browsers.flatMap(({ visited }) => visited)
    expect(addresses.filter(url => url.includes('token=')).length).to.be.greaterThan(1)
    expect(addresses.filter(url => url.includes('SAMLRequest=')).length).to.be.greaterThan(8)
    expect(found(addresses.map(unpacked).join('\n'))).to.deep.equal([])
  })

  it('cookies', () => {
    const cookies = browsers.flatMap(({ cookies: jar }) =>
      [...jar.values()].flatMap(each => [...each].map(([name, { value }]) => `${name}=${decodeURIComponent(value)}`)),
    )
    expect(cookies.length).to.be.greaterThan(5)
    expect(found(cookies.join('\n'))).to.deep.equal([])
  })

  it('the database file, and what it has yet to write into it', async () => {
    const files = (await readdir(town.folder)).filter(name => name.startsWith('bridge.db'))
    expect(files).to.include.members(['bridge.db', 'bridge.db-wal'])
    const octets = Buffer.concat(await Promise.all(files.map(name => readFile(join(town.folder, name)))))
    expect(octets.includes('consent.given'), 'the audit can be read').to.equal(true)
    expect(found(octets)).to.deep.equal([])
  })
})
