/** Nobody enters a journal before they agreed to the text in force, by whatever road. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { demoConsent } from '../../src/demo/consent.js'
import { compose } from '../../src/compose.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { readFile, writeFile } from 'node:fs/promises'
import { pino } from 'pino'
import { agree, asksConsent, choose, decline, enteredIn, expectConsent, isConsent } from '../support/consenting.js'
import { Browser, type Page } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'

const FATHER = 'father@mail.example'
const MOTHER = 'mother@mail.example'
const DAY = 86_400_000

describe('flow: consent', () => {
  const flow = useTown({ more: asksConsent() })
  const { login } = flow
  const consents = () => flow.town.bridge.store.consents
  const begin = async (person: string, query?: string): Promise<{ browser: Browser; page: Page }> => {
    const browser = new Browser()
    return { browser, page: await walk(browser, login(query), person) }
  }
  const personOf = async (browser: Browser) => {
    const { userId } = (await flow.session(browser)).body['person'] as { userId: string }
    return { idp: [...flow.town.bridge.web.ports.trust.idps][0]!.entityId, userId } as never
  }
  const givenBy = async (browser: Browser) => consents().ofPerson(await personOf(browser))

  for (const journal of ['sgo', 'eljur', 'handle', 'cas', 'form', 'query', 'forum', 'headers'])
    it(`${journal}: nothing leaves before the person agrees, and then the journal opens`, async () => {
      const { browser, page } = await begin(FATHER, `journal=${journal}`)
      expectConsent(page)
      expect(await enteredIn(flow.town)).not.to.include(`${journal} p-1002`)
      const again = await browser.get(login(`journal=${journal}`))
      expectConsent(again)
      expect(await enteredIn(flow.town), 'nor with an open session').not.to.include(`${journal} p-1002`)
      let inside = await agree(browser, again)
      if (inside.forms.some(({ action }) => action.endsWith('/sso'))) inside = await browser.submit(inside)
      expect(inside.url.origin, inside.text).to.equal(flow.town.town.journals)
      expect(await enteredIn(flow.town)).to.include(`${journal} p-1002`)
      const next = await browser.get(login(`journal=${journal}`))
      expect(isConsent(next), 'asked once').to.equal(false)
    })

  it('every journal of the demo was tried', () => {
    expect([...flow.town.bridge.web.ports.journals.keys()]).to.have.length(8)
  })

  it('CAS gateway goes back without a ticket until then', async () => {
    const { browser } = await begin(MOTHER, 'journal=cas&school=school-2')
    const gateway = new URL(`${flow.town.town.bridge}/cas/cas/login?gateway=true`)
    gateway.searchParams.set('service', `${flow.town.town.journals}/cas/`)
    const teacher = await begin('class-teacher@mail.example', 'journal=cas')
    const ticketOf = async (who: Browser) => (await who.request('GET', gateway)).location!.searchParams.get('ticket')
    expect(await ticketOf(teacher.browser)).to.equal(null)
    await agree(teacher.browser, teacher.page)
    expect(await ticketOf(teacher.browser)).to.match(/^ST-/)
    expect(await ticketOf(browser)).to.equal(null)
  })

  it('is written down with everything that proves it, in one breath with its event', async () => {
    const { browser, page } = await begin(MOTHER, 'journal=eljur&school=school-1')
    expect(page.text).to.include('Соколов Илья').and.include('как законный представитель')
    for (const words of [
      demoConsent.operator.name,
      demoConsent.purpose,
      demoConsent.term,
      demoConsent.withdrawal,
      ...demoConsent.data,
    ])
      expect(page.text).to.include(words)
    expect(page.text)
      .to.match(/<input type="checkbox"[^>]*>/)
      .and.not.match(/<input type="checkbox"[^>]*checked/)
    await agree(browser, page)
    const [given] = await givenBy(browser)
    const hash = page.form('/continue/').fields['text']!
    expect(given).to.deep.include({ journal: 'eljur', school: 'school-1', role: 'parent', version: 'uchebny-1', hash })
    expect(given).to.deep.include({ rule: 'representative', level: 'confirmed', authnMethod: 'PWD' })
    expect(given!.details).to.include({ name: 'Соколова Марина Викторовна', login: 'p-1001' })
    expect(given!.details!.child).to.deep.equal({ id: 'c-501', name: 'Соколов Илья', className: '5А' })
    expect(given!.details!.address).to.match(/127\.0\.0\.1|::1/)
    expect((await consents().text(hash))!.whole)
      .to.include(demoConsent.operator.address)
      .and.include('Учебный пример.')
    const events = await flow.town.bridge.store.audit.byNumber(given!.number)
    const event = events.find(({ what }) => what === 'consent.given') as AuditEvent
    expect(event).to.deep.include({ person: given!.person, accountId: given!.accountId, journal: 'eljur' })
    expect(event.facts).to.deep.equal({ text: hash, version: 'uchebny-1', rule: 'representative' })
  })

  it('asks a mother for each child by itself', async () => {
    const { browser, page } = await begin(MOTHER)
    const first = await choose(browser, page, 'Вера')
    expect(first.text).to.include('за ребёнка: Соколова Вера')
    await agree(browser, first)
    expectConsent(await choose(browser, await browser.get(login()), 'Илья'))
    expect(isConsent(await choose(browser, await browser.get(login()), 'Вера'))).to.equal(false)
  })

  it('comes again when the box is empty, the text is another one, or the choice; and writes nothing', async () => {
    const { browser, page } = await begin('class-teacher@mail.example', 'journal=query')
    const unticked = await browser.submit(page, { consent: 'given' }, '/continue/')
    expect(expectConsent(unticked).text).to.include('поставьте отметку')
    for (const change of [{ text: 'f'.repeat(64) }, { choice: 'x' }] as Record<string, string>[])
      expect(expectConsent(await agree(browser, page, change)).text).to.include('Текст согласия изменился')
    expect((await givenBy(browser)).filter(({ journal }) => journal === 'query')).to.deep.equal([])
    const forged = await agree(browser, page, { token: 'x' })
    expect([forged.status, (await givenBy(browser)).some(({ journal }) => journal === 'query')]).to.deep.equal([
      403,
      false,
    ])
    const empty = await browser.submit(page, { consent: 'given', agree: 'yes', text: '' }, '/continue/')
    expect(empty.status).to.equal(400)
  })

  it('no is told clearly, and leads back to the text -> consent.declined', async () => {
    const { browser, page } = await begin('class-teacher@mail.example', 'journal=form')
    const no = await decline(browser, page)
    expect([no.status, no.text.includes(refusalText['consent.declined'].heading)]).to.deep.equal([403, true])
    expect((await lastEvent(flow.town, no)).code).to.equal('consent.declined')
    expect(await enteredIn(flow.town)).not.to.include('form t-3002')
    expect((await flow.session(browser)).status, 'still signed in').to.equal(200)
    const visited = browser.visited.length
    expectConsent(await browser.get(no.link('Вернуться к тексту')))
    expect(browser.visited.slice(visited).filter(url => url.startsWith(flow.town.town.idp))).to.deep.equal([])
  })

  it('a page that was shown before another text came into force agrees to nothing', async () => {
    const { browser, page } = await begin(FATHER)
    if (isConsent(page)) await agree(browser, page)
    const teacher = await begin('school-admin@mail.example')
    flow.town.clock.forward(3 * DAY)
    const late = await walk(teacher.browser, login(), 'school-admin@mail.example')
    const stale = await agree(teacher.browser, late, { text: teacher.page.form('/continue/').fields['text']! })
    expect(expectConsent(stale).text).to.include('Текст согласия изменился').and.include('Permission is hereby granted')

    const again = await walk(browser, login(), FATHER)
    expect(expectConsent(again).text, 'of the new text').to.include('Текст согласия изменился')
    await agree(browser, again)
    const sgo = (await givenBy(browser)).filter(({ journal }) => journal === 'sgo')
    expect(sgo.map(({ version, ended }) => [version, ended?.how])).to.deep.equal([
      ['later', undefined],
      ['uchebny-1', 'superseded'],
    ])
  })

  it('a text that changed under its version keeps the bridge from starting', async () => {
    const { configFile } = flow.town.prepared
    const yaml = await readFile(configFile, 'utf8')
    await writeFile(configFile, yaml.replace(demoConsent.purpose, 'для всего на свете'))
    const start = compose(loadConfiguration(configFile, {}), pino({ level: 'silent' }))
    const error = await start.catch((thrown: unknown) => thrown)
    await writeFile(configFile, yaml)
    expect(error).to.be.instanceOf(RangeError)
    expect((error as Error).message).to.match(/consent\.texts: uchebny-1, later was another text before/)
  })
})
