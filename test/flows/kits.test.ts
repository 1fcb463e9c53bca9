/** The receivers that we give away, behind a started bridge: from the journal's button to its own page, and out again. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { freePorts } from '../support/free-ports.js'
import { kitJournal, kits, type Kit } from '../support/kits.js'
import type { RunningReceiver } from '../support/receivers.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'

interface Place {
  readonly id: string
  readonly kit: Kit
  readonly origin: string
  readonly port: number
}

describe('flow: the receivers for integrators', () => {
  const rows = Object.entries<Kit>(kits)
  const places = new Map<string, Place>()
  let town: TestTown | undefined
  before(async () => {
    const ports = await freePorts(rows.length)
    rows.forEach(([id, kit], i) =>
      places.set(id, { id, kit, origin: `http://127.0.0.1:${ports[i]!}`, port: ports[i]! }),
    )
    const journals = [...places.values()].map(({ id, kit, origin }) => kitJournal(id, kit, origin))
    town = await startTestTown({ more: { journals } })
  })
  after(() => town?.close())

  for (const [id, kit] of rows)
    describe(kit.name, () => {
      let journal: RunningReceiver | undefined
      let [start, diary] = ['', '']
      before(async function () {
        if (!kit.isThere()) return this.skip()
        const { origin, port } = places.get(id)!
        ;[start, diary] = [origin + kit.login, `${origin}/diary/`]
        const { town: at, prepared } = town!
        const shared = { alg: 'HS256', key: prepared.journalSecrets.sgo, requireState: true }
        journal = await kit.start({ bridge: at.bridge, journal: id, home: diary, ...shared }, port)
      })
      after(() => journal?.close())

      /** The address that leads into the journal, not yet opened. */
      const linkFor = async (browser: Browser): Promise<URL> => {
        const bridge = (await browser.request('GET', new URL(start))).location!
        const link = (await browser.request('GET', bridge)).location!
        expect(link.href.startsWith(`${new URL(diary).origin}${kit.sso}?token=`), link.href).to.equal(true)
        return link
      }
      const isIn = async (browser: Browser): Promise<boolean> => {
        const page = await browser.get(diary)
        expect(page.status, page.text).to.be.oneOf([200, 403])
        return page.status === 200 && page.text.includes('p-1002')
      }

      it('lets the person in at a clean address, with a session of its own, until a logout', async () => {
        const browser = new Browser()
        expect(await isIn(browser), 'before').to.equal(false)
        const page = await walk(browser, start, FATHER)
        expect([page.status, page.url.href]).to.deep.equal([200, diary])
        expect(page.text).to.include('p-1002')
        expect(await isIn(new Browser()), 'a stranger').to.equal(false)
        const bye = await browser.submit(await browser.get(`${town!.town.bridge}/logout`), { then: '' }, '/logout')
        expect(bye.text, 'the journal was told').to.include('Вы вышли').and.not.to.include('ещё не вышли')
        expect(await isIn(browser), 'after').to.equal(false)
      })

      it('takes no token twice', async () => {
        const browser = new Browser()
        await walk(browser, start, FATHER)
        const used = browser.visited.find(url => url.includes('token='))!
        const stranger = new Browser()
        for (const each of [browser, stranger]) expect((await each.get(used)).status).to.equal(403)
        // with a state that this browser does know: the number of the token alone says no
        const fresh = await linkFor(browser)
        const jar = structuredClone(browser.cookies)
        expect((await browser.get(fresh)).url.href).to.equal(diary)
        browser.cookies.clear()
        for (const [host, cookies] of jar) browser.cookies.set(host, cookies)
        const again = await browser.get(fresh)
        expect(again.status).to.equal(403)
        expect(again.text).to.match(/Для школы: (?:token-used|state-foreign)</)
        expect(await isIn(stranger)).to.equal(false)
      })

      it('takes no link of a login that another browser began, and the link is still good where it belongs', async () => {
        const [owner, other] = [new Browser(), new Browser()]
        await walk(owner, `${town!.town.bridge}/login`, FATHER)
        const link = await linkFor(owner)
        await other.request('GET', new URL(start)) // it has a state of its own
        const refused = await other.get(link)
        expect([refused.status, refused.text.includes('Для школы: state-foreign<')]).to.deep.equal([403, true])
        expect(await isIn(other)).to.equal(false)
        expect((await owner.get(link)).url.href).to.equal(diary)
        expect(await isIn(owner)).to.equal(true)
      })
    })
})
