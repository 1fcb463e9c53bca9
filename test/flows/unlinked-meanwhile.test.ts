/** An account is taken off while somebody is on the way in by it: whoever reads that it is off is inside no more. Over real HTTP. */
import { expect } from 'chai'
import { openStoreOf } from '../../src/compose.js'
import type { EventKind } from '../../src/audit/audit.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import type { Store } from '../../src/store/open.js'
import type { Person } from '../../src/words/person.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER } from '../support/cabinet.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const ADMIN = 'school-admin@mail.example'
const NUMBER = 'D7FW-2NQ9' as RequestNumber
const event = (what: EventKind) => ({ at: 0, what, result: 'ok' as const })
const given = (accountId: string) => ({ granted: true, at: 0, by: 'admin', reason: 'паспорт показан', accountId })

type Write = 'claim' | 'enter' | 'end' | 'decide' | 'takeBack'

/** What happens to it right before the store writes, once: everything was decided by then. */
type Meanwhile = Partial<Record<Write, (() => Promise<unknown>) | undefined>>

function interrupted(store: Store, meanwhile: Meanwhile): Store {
  const before =
    <A extends unknown[], R>(name: Write, write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const act = meanwhile[name]
      meanwhile[name] = undefined
      await act?.()
      return write(...args)
    }
  const { logins, links, requests } = store
  const claim = before('claim', (...args: Parameters<typeof logins.claim>) => logins.claim(...args))
  const enter = before('enter', (...args: Parameters<typeof logins.enter>) => logins.enter(...args))
  const end = before('end', (...args: Parameters<typeof links.end>) => links.end(...args))
  const decide = before('decide', (...args: Parameters<typeof requests.decide>) => requests.decide(...args))
  const takeBack = before('takeBack', (...args: Parameters<typeof requests.takeBack>) => requests.takeBack(...args))
  return {
    ...store,
    logins: { ...logins, claim, enter },
    links: { ...links, end },
    requests: { ...requests, decide, takeBack },
  }
}

describe('flow: an account is taken off while somebody enters it', () => {
  let town: TestTown
  let store: Store
  let meanwhile: Meanwhile
  let browser: Browser
  beforeEach(async () => {
    meanwhile = {}
    town = await startTestTown({
      openStore: async configuration => interrupted(await openStoreOf(configuration), meanwhile),
    })
    store = town.bridge.store
    browser = new Browser()
  })
  afterEach(() => town.close())

  const login = (by = browser): Promise<Page> => walk(by, at(town, '/login?journal=sgo'), FATHER)
  const isInside = (page: Page): boolean => page.url.origin === town.town.journals
  const account = async () => (await store.roster.byLogin('sgo', ['school-1'], 'p-1002'))[0]!.accountId
  /** Open sessions in which somebody is inside the father's account. */
  async function inside(): Promise<number> {
    const [accountId, now] = [await account(), town.clock.now()]
    let count = 0
    for await (const { open, entered } of store.sessions.traces(now))
      if (open && entered.some(each => each.accountId === accountId)) count += 1
    return count
  }
  async function refusedAs(page: Page, code: RefusalCode): Promise<void> {
    expect(isInside(page), page.text).to.equal(false)
    expect((await lastEvent(town, page)).code).to.equal(code)
    expect(await inside()).to.equal(0)
  }

  /** In another browser of the father's, who was inside before. */
  async function unlink(): Promise<void> {
    const home = new Browser()
    await enterCabinet(town, home)
    const question = await home.get((await home.get(at(town, '/me'))).link('Отвязать'))
    const out = await home.submit(question, {}, '/me/unlink')
    expect(out.text).to.include('отвязана')
  }

  /** Somebody whom the list does not know asks for the father's account. */
  async function asked(): Promise<string> {
    const stranger: Person = {
      ...{ idp: town.bridge.trust.idps[0]!.entityId, userId: '555', lastName: 'Неведомая', firstName: 'Раиса' },
      ...{ level: 'confirmed', globalRole: 'P', authenticatedAt: 0 },
    }
    const doubt = { kind: 'held' as const, school: 'school-1', journal: 'sgo', accountIds: [await account()] }
    await store.requests.file([{ ...doubt, number: NUMBER, person: stranger, at: 0 }], event('login.refused'))
    return (await store.requests.byNumber(NUMBER))[0]!.id
  }
  async function press(id: string, act: 'grant' | 'take-back'): Promise<Page> {
    const admin = new Browser()
    await walk(admin, at(town, '/school'), ADMIN)
    const question = await admin.get(at(town, `/school/requests/${id}`))
    return admin.submit(question, { act, ...(act === 'grant' && { reason: 'паспорт показан' }) }, 'requests')
  }

  it('before a sign-in by it is written: nobody is let in, and the refusal says why', async () => {
    expect(isInside(await login(new Browser()))).to.equal(true)
    meanwhile.claim = unlink
    await refusedAs(await login(), 'identity.unlinked')
  })

  it('before an entry in an open session is written', async () => {
    expect(isInside(await login(new Browser()))).to.equal(true)
    await enterCabinet(town, browser)
    meanwhile.enter = unlink
    await refusedAs(await browser.get(at(town, '/login?journal=sgo')), 'identity.unlinked')
  })

  it('linked and taken off in another tab, while the first tab was about to link it', async () => {
    meanwhile.claim = async () => {
      await login(new Browser())
      await unlink()
    }
    await refusedAs(await login(), 'identity.unlinked')
  })

  it('when somebody came in after its sessions were looked for: they end, too', async () => {
    expect(isInside(await login(new Browser()))).to.equal(true)
    meanwhile.end = async () => expect(isInside(await login())).to.equal(true)
    await unlink()
    expect(meanwhile.end, 'control').to.equal(undefined)
    expect(await inside()).to.equal(0)
  })

  it('by the school, before a sign-in by it is written', async () => {
    expect(isInside(await login(new Browser()))).to.equal(true)
    const [id, accountId] = [await asked(), await account()]
    meanwhile.claim = () => press(id, 'grant')
    await refusedAs(await login(), 'identity.held')
    expect((await store.requests.find(id))?.decided?.accountId).to.equal(accountId)
  })

  it('by the school, when its holder linked it and came in a moment before', async () => {
    const id = await asked()
    meanwhile.decide = async () => {
      town.clock.forward(1)
      expect(isInside(await login())).to.equal(true)
    }
    await press(id, 'grant')
    expect((await store.requests.find(id))?.decided?.granted).to.equal(true)
    expect(await inside()).to.equal(0)
  })

  it('by a decision that is taken back, before a sign-in by it is written', async () => {
    const id = await grantedToFather()
    meanwhile.claim = () => press(id, 'take-back')
    expect(isInside(await login())).to.equal(false)
    expect([await inside(), (await store.requests.find(id))?.decided]).to.deep.equal([0, undefined])
  })

  it('by a decision that is taken back, when somebody came in by it a moment before', async () => {
    const id = await grantedToFather()
    meanwhile.takeBack = async () => {
      town.clock.forward(1)
      expect(isInside(await login())).to.equal(true)
    }
    await press(id, 'take-back')
    expect([await inside(), (await store.requests.find(id))?.decided]).to.deep.equal([0, undefined])
  })

  /** The account was somebody else's, the father asked for it, and the school gave it to him. */
  async function grantedToFather(): Promise<string> {
    const stranger: Person = {
      ...{ idp: town.bridge.trust.idps[0]!.entityId, userId: '555', lastName: 'Неведомая', level: 'confirmed' },
      ...{ globalRole: 'P', authenticatedAt: 0 },
    }
    const accountId = await account()
    const link = { accountId, journal: 'sgo', school: 'school-1', ground: 'school', since: 0, listed: { firstName: 'Андрей' } } as const // prettier-ignore
    await store.links.make({ ...link, id: 'theirs', person: stranger }, event('link.made'))
    expect((await lastEvent(town, await login(new Browser()))).code).to.equal('identity.held')
    const [request] = await store.requests.open(['school-1'], 10)
    const decision = { ...given(accountId), at: town.clock.now() }
    expect(await store.requests.decide(request!.id, decision, event('request.decided'))).to.equal('decided')
    return request!.id
  }
})
