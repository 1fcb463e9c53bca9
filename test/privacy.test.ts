/** What a whole day of logins leaves behind: no line, no address and no file tells in clear who signed in. */
import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sendDue } from '../src/login/notifying.js'
import { readPeople } from '../src/mock-idp/people.js'
import { path } from '../src/mock-idp/metadata.js'
import { Browser } from './support/browser.js'
import { agree, asksConsent, decline } from './support/consenting.js'
import { sections } from './support/confirming.js'
import { openMailServer, type MailServer, type SmsServer } from './support/post-office.js'
import { signInAtIdp, tokensIn, walk } from './support/sign-in.js'
import { beginner, csv, everybody, found, nobody, parent, teacher, unpacked } from './support/unmistakable.js'
import { startTestTown, type TestTown } from './support/town.js'

describe('privacy', () => {
  let town: TestTown
  let mail: MailServer
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
    mail = await openMailServer({ security: 'none' })
    const { mail: section } = sections(mail, { url: '' } as SmsServer)
    const notices = ['devices', 'accounts', 'consents']
    town = await startTestTown({ people, rosters, more: { ...asksConsent(), mail: section, notices } })
    await choosingParent()
    await quickTeacher()
    await refusedOnes()
    await selfTest()
    await liesAndStrangers()
    await sendDue(town.bridge.web.ports)
    // the bridge sends by itself, too, and may just have some in hand
    while ((await town.bridge.store.outbox.due(Number.MAX_SAFE_INTEGER, 0, 10)).length > 0) await setImmediate()
  })
  after(() => Promise.all([town.close(), mail.close()]))

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

  it('control: people were told by e-mail, and nothing of it waits any more', async () => {
    expect(found(mail.mails.flatMap(({ to }) => to).join()).join())
      .to.include(parent.email)
      .and.include(teacher.email)
    expect(await town.bridge.store.outbox.due(Number.MAX_SAFE_INTEGER, 0, 10)).to.deep.equal([])
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
