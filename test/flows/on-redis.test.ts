/** Two nodes with one Redis server, and what people see when it is gone or has forgotten. .mocharc.redis.json runs other flows on it. */
import { expect } from 'chai'
import { Browser, type Page } from '../support/browser.js'
import { postgresServer } from '../support/postgres.js'
import { ownRedis, redisServer, type RedisServer } from '../support/redis.js'
import { startSecondNode, type Node } from '../support/second-node.js'
import { signInAtIdp } from '../support/sign-in.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

if (await redisServer())
  describe('flow: short-lived records in Redis', () => {
    let redis: RedisServer
    let town: TestTown
    let node: Node
    before(async () => {
      redis = await ownRedis()
      town = await startTestTown({
        more: { storage: { database: 'sqlite:data/bridge.db', shortLived: redis.address } },
      })
      node = await startSecondNode(town)
    })
    after(async () => {
      await node.close()
      await town.close()
    })

    const start = (browser: Browser) => browser.get(`${town.town.bridge}/login?journal=sgo`)
    const answered = async (browser: Browser): Promise<Page> =>
      signInAtIdp(browser, await start(browser), 'father@mail.example')
    const inJournal = (page: Page): void => {
      expect(page.url.origin, page.text).to.equal(town.town.journals)
      expect(page.status).to.equal(200)
    }

    it('goes on at one node with what another began, and knows a copied answer at either', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      const fields = new URLSearchParams(answer.form().fields)
      const to = node.at(answer.form().action)
      inJournal(await browser.follow(await browser.request('POST', to, fields, answer.url)))
      const thief = await new Browser().submit(answer)
      expect(thief.status, thief.text).to.equal(403)
      inJournal(await browser.submit(answer))
    })

    it('shows a page with a number while the server is gone, and is ready again by itself', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      const at = (path: string) => browser.get(`${town.town.bridge}${path}`)
      await redis.kill()
      const closed = await browser.submit(answer)
      expect(closed.status, closed.text).to.equal(503)
      expect(closed.text).to.include('Вход временно не работает')
      expect(closed.text).to.match(NUMBER)
      expect([(await at('/readyz')).status, (await at('/healthz')).status]).to.deep.equal([503, 200])
      await redis.start()
      expect((await at('/readyz')).status).to.equal(200)
      expect(town.logs.join(''), 'nothing of the people of the login').not.to.match(/father@mail|900-?000-?0/)
    })

    it('takes no answer to a login that was forgotten, and one click leads on', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      await redis.kill()
      await redis.start()
      const refused = await browser.submit(answer)
      expect(refused.status, refused.text).to.equal(400)
      expect(refused.text).to.include('Начатый вход не сохранился')
      expect((await browser.get(refused.link('Войти ещё раз'))).text).to.include('Войти через Госуслуги')
      inJournal(await browser.submit(await answered(browser)))
      const again = await browser.submit(answer)
      expect(again.url.origin, again.text).to.equal(new URL(town.town.bridge).origin)
      expect(again.status).to.equal(400)
    })

    it('signs everybody out who was signed in before, and lets them in again', async () => {
      const browser = new Browser()
      inJournal(await browser.submit(await answered(browser)))
      const me = () => browser.get(`${town.town.bridge}/me`)
      expect((await me()).url.pathname).to.equal('/me')
      await redis.kill()
      await redis.start()
      expect((await me()).url.pathname, 'asked to sign in').not.to.equal('/me')
      inJournal(await browser.submit(await answered(browser)))
    })
  })

const server = await postgresServer()

if (server && (await redisServer()))
  describe('flow: signing out, with short-lived records in Redis and the rest in PostgreSQL', () => {
    let town: TestTown
    let redis: RedisServer
    before(async () => {
      redis = await ownRedis()
      town = await startTestTown({ more: { storage: { ...(await server.storage()), shortLived: redis.address } } })
    })
    after(() => town.close())

    const at = (path: string): string => `${town.town.bridge}${path}`
    const closings = async (): Promise<number> => {
      let count = 0
      for await (const { what } of town.bridge.store.audit.between({})) if (what === 'session.closed') count += 1
      return count
    }
    /** Stands before the button «Выйти». */
    async function leaving(): Promise<{ browser: Browser; question: Page }> {
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await browser.get(at('/login?journal=sgo')), 'father@mail.example')
      await browser.submit(answer)
      return { browser, question: await browser.get(at('/logout')) }
    }

    it('says «Вы вышли» only when it stands in the audit: the click that was not answered is made good by the next', async () => {
      const { browser, question } = await leaving()
      await server.stop()
      const [first, second] = [await browser.submit(question), await browser.submit(question)]
      await server.start()
      expect([first.status, second.status], 'over, and not yet written').to.deep.equal([503, 503])
      expect((await browser.get(at('/session'))).status).to.equal(401)
      expect(await closings()).to.equal(0)
      const third = await browser.submit(question)
      expect(third.text).to.include('Вы вышли')
      expect(await closings()).to.equal(1)
      expect((await browser.submit(question)).text).to.include('Вы вышли')
      expect(await closings(), 'once').to.equal(1)
    })

    it('a session that Redis forgot under the click is over, and closed by nobody', async () => {
      const before = await closings()
      const { browser, question } = await leaving()
      await redis.kill()
      await redis.start()
      expect((await browser.submit(question)).text).to.include('Вы вышли')
      expect(await closings()).to.equal(before)
    })
  })
