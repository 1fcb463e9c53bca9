/** From the second login on the link speaks, and what must not be guessed goes to the school. Over real HTTP. */
import { expect } from 'chai'
import type { EventKind } from '../../src/audit/audit.js'
import type { NewLink } from '../../src/identity/links.js'
import type { Store } from '../../src/store/open.js'
import type { Person } from '../../src/words/person.js'
import { parseSnils, type Snils } from '../../src/words/snils.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { without } from '../contract/samples.js'
import { Browser, type Page } from '../support/browser.js'
import { numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { tokensIn, walk } from '../support/sign-in.js'

const FATHER = 'father@mail.example'
const FATHERS_SNILS = parseSnils('900-000-002 83')!
const SOMEBODY = parseSnils('900-000-003 84')!

const event = (what: EventKind) => ({ at: 0, what, result: 'ok' as const })

describe('flow: links', () => {
  let town: TestTown
  let store: Store
  let who: Person
  beforeEach(async () => {
    town = await startTestTown()
    store = town.bridge.store
    const { entityId } = town.bridge.trust.idps[0]!
    who = {
      ...{ idp: entityId, userId: '1000900002', snils: FATHERS_SNILS, firstName: 'Андрей', birthDate: '1984-11-03' },
      ...{ level: 'confirmed', globalRole: 'P', authenticatedAt: 0 },
    }
  })
  afterEach(() => town.close())

  const login = (browser = new Browser(), more = '') =>
    walk(browser, `${town.town.bridge}/login?journal=sgo${more}`, FATHER)
  const own = async (person = who) => (await store.links.around(person, [])).own
  const account = async () =>
    (await store.roster.bySnils(FATHERS_SNILS)).find(({ journal }) => journal === 'sgo')!.accountId

  async function linked(change: Partial<NewLink> = {}): Promise<void> {
    const link: NewLink = {
      ...{ id: 'link-1', accountId: await account(), journal: 'sgo', school: 'school-1', ground: 'snils', since: 0 },
      ...{ person: who, listed: { firstName: 'Андрей', birthDate: '1984-11-03' } },
    }
    expect(await store.links.make({ ...link, ...change }, event('link.made'))).to.equal('made')
  }

  /** The school exports its list anew, and this time the father's СНИЛС is not in it, or is another. */
  async function listWith(snils?: Snils): Promise<void> {
    const [entry] = await store.roster.byAccounts([await account()])
    const record = without(entry!, 'accountId', 'journal', 'school', 'snils')
    await store.roster.replace('sgo', 'school-1', [{ ...record, ...(snils && { snils }) }], { now: town.clock.now() })
  }

  function refusedAs(page: Page, code: keyof typeof refusalText): void {
    expect(page.status, page.text).to.equal(403)
    expect(page.text).to.include(refusalText[code].heading)
    expect(page.text, 'nothing about the other person').not.to.match(/p-1002|Соколов Илья/)
  }

  it('the first entry makes the link, the next ones leave it; a list that lost the number does no harm', async () => {
    expect((await login()).url.origin).to.equal(town.town.journals)
    const [link] = await own()
    expect(link).to.include({ ground: 'snils', snils: 'same', school: 'school-1', journal: 'sgo' })
    expect(link!.listed).to.deep.equal({ firstName: 'Андрей', birthDate: '1984-11-03' })
    await login()
    expect(await own()).to.deep.equal([link])
    await listWith()
    const browser = new Browser()
    expect((await login(browser)).url.origin).to.equal(town.town.journals)
    expect(tokensIn(browser)[0]).to.include({ login: 'p-1002' })
  })

  it('an account that was given to somebody else is not entered by the old link', async () => {
    await linked({ listed: { firstName: 'Пётр' } })
    await listWith(SOMEBODY)
    refusedAs(await login(), 'identity.not-linked')
  })

  it('an account that somebody else has is refused, and the school is asked once', async () => {
    await linked({ person: { ...who, userId: '7', snils: SOMEBODY } })
    const first = await login()
    refusedAs(first, 'identity.held')
    const [request] = await store.requests.open(['school-1'], 10)
    expect(request).to.deep.include({
      kind: 'held',
      number: numberOn(first),
      journal: 'sgo',
      accountIds: [await account()],
    })
    expect(request!.person).to.include({ firstName: 'Андрей', snils: FATHERS_SNILS })
    const second = await login()
    refusedAs(second, 'identity.held')
    expect(await store.requests.open(['school-1'], 10)).to.have.length(1)
    expect(await store.requests.byNumber(numberOn(second)), 'the new number finds it, too').to.deep.equal([request])
    expect(await own()).to.deep.equal([])

    const decided = {
      granted: true,
      at: town.clock.now(),
      by: 'admin',
      reason: 'по паспорту',
      accountId: await account(),
    }
    await store.requests.decide(request!.id, decided, event('request.decided'))
    expect((await login()).url.origin, 'and once the school has said yes').to.equal(town.town.journals)
  })

  it('a link that the person ended does not come back by itself', async () => {
    await linked()
    await store.links.end(who, 'link-1', town.clock.now(), event('link.ended'))
    refusedAs(await login(), 'identity.unlinked')
    await store.links.resume(who, 'link-1', town.clock.now(), event('link.resumed'))
    expect((await login()).url.origin).to.equal(town.town.journals)
  })

  it('another СНИЛС than before waits for the school', async () => {
    await linked({ person: { ...who, snils: SOMEBODY } })
    refusedAs(await login(), 'identity.snils-changed')
    const [request] = await store.requests.open(['school-1'], 10)
    expect(request?.kind).to.equal('snils-changed')
    const decided = { granted: true, at: town.clock.now(), by: 'admin', reason: 'звонок', accountId: await account() }
    await store.requests.decide(request!.id, decided, event('request.decided'))
    expect((await login()).url.origin).to.equal(town.town.journals)
    expect((await own())[0]?.snils).to.equal('same')
  })

  it('the refusal stands in the audit once, under the number that the page shows', async () => {
    await linked({ person: { ...who, userId: '7', snils: SOMEBODY } })
    const number = numberOn(await login())
    const events = await store.audit.byNumber(number)
    expect(events.filter(({ what }) => what === 'login.refused').map(({ code }) => code)).to.deep.equal([
      'identity.held',
    ])
  })

  it('a deep link keeps the child, and a child that is not theirs leads to the choice', async () => {
    const mother = 'mother@mail.example'
    const browser = new Browser()
    const page = await walk(browser, `${town.town.bridge}/login?journal=sgo&child=c-601`, mother)
    expect(page.url.origin).to.equal(town.town.journals)
    expect(tokensIn(browser)[0]).to.include({ child: 'c-601' })
    const chooser = await walk(new Browser(), `${town.town.bridge}/login?journal=sgo&child=c-999`, mother)
    expect(chooser.text).to.include('Что открыть?')
  })
})
