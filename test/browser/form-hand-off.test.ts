/**
 * A token that comes by a form from another site, in a real browser over https: the cookie that ties the login to its browser
 * must be `SameSite=None; Secure`, or the browser leaves it at home.
 */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { freePorts } from '../support/free-ports.js'
import { kitJournal, kits, type Kit } from '../support/kits.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { launch, present, visitor, type Visitor } from './chromium.js'
import { signIn } from './steps.js'
import { httpsBefore, makeTls, trusting } from './tls.js'

const FATHER = 'father@mail.example'

interface Place {
  readonly id: string
  readonly kit: Kit
  /** What the journal's people have set; the bridge posts to all of them. */
  readonly post: boolean
  readonly origin: string
  readonly ports: readonly [number, number]
}

;(present ? describe : describe.skip)('browser: a token by a form from another site', () => {
  const journals = (['php', 'node'] as const).flatMap(id => [
    { id, kit: kits[id], post: true },
    { id: `${id}-lax`, kit: kits[id], post: false },
  ])
  const closing: (() => unknown)[] = []
  let places: readonly Place[] = []
  let town: TestTown
  let chromium: Browser
  before(async () => {
    const { authority, tls } = await makeTls()
    const ports = await freePorts(journals.length * 2)
    places = journals.map((journal, i) => {
      const [front = 0, behind = 0] = ports.slice(i * 2)
      return { ...journal, origin: `https://127.0.0.1:${front}`, ports: [front, behind] }
    })
    const settings = places.map(({ id, kit, origin }) =>
      kitJournal(id, kit, origin, { method: 'post', logoutUrl: undefined }),
    )
    ;[town, chromium] = await Promise.all([
      startTestTown({ idpHost: '127.0.0.1', https: { tls, host: 'localhost' }, more: { journals: settings } }),
      launch(trusting(authority)),
    ])
    closing.push(() => chromium.close(), () => town.close()) // prettier-ignore
    const shared = { bridge: town.town.bridge, alg: 'HS256', key: town.prepared.journalSecrets.sgo, requireState: true }
    for (const { id, kit, post, origin, ports } of places.filter(({ kit }) => kit.isThere())) {
      const journal = await kit.start({ ...shared, journal: id, home: `${origin}/diary/`, post }, ports[1])
      closing.push(() => journal.close(), await httpsBefore(tls, ...ports))
    }
  })
  after(() => Promise.all(closing.map(close => close())))

  /** @returns what the journal made of the form, and the cookies that it had set before */
  async function enter({ kit, origin }: Place): Promise<{ readonly one: Visitor; readonly set: readonly string[] }> {
    const one = await visitor(chromium)
    const set: string[] = []
    one.page.on('response', response => {
      if (!response.url().startsWith(`${origin}/`)) return
      void response.headerValue('set-cookie').then(line => line !== null && set.push(line))
    })
    await one.page.goto(origin + kit.login)
    await signIn(one, FATHER)
    await one.page.waitForURL(url => url.origin === origin)
    return { one, set }
  }

  for (const [i, { kit, post, id }] of journals.entries())
    it(`${id}: ${post ? 'SameSite=None; Secure brings the login home' : 'SameSite=Lax stays at home, and nobody is let in'}`, async function () {
      if (!kit.isThere()) return this.skip()
      const place = places[i]!
      const { one, set } = await enter(place)
      const { page } = one
      const cookie = set[0] ?? ''
      expect(cookie)
        .to.match(/;\s*secure/i)
        .and.match(post ? /;\s*samesite=none/i : /;\s*samesite=lax/i)
      if (post) {
        expect(page.url()).to.equal(`${place.origin}/diary/`)
        expect(await page.innerText('p')).to.include('p-1002')
        await page.reload()
        expect(await page.innerText('h1'), 'a session of its own').to.equal('Дневник')
        expect(one.asked.filter(url => url.includes('token='))).to.deep.equal([])
      } else {
        expect(page.url()).to.equal(place.origin + kit.sso)
        expect(await page.innerText('body')).to.include('Для школы: state-foreign')
        expect((await page.goto(`${place.origin}/diary/`))!.status()).to.equal(403)
      }
      await one.leave()
    })
})
