/** Two nodes over one PostgreSQL server, and what people see while it is gone. .mocharc.postgres.json runs other flows on it. */
import { expect } from 'chai'
import { Browser, type Page } from '../support/browser.js'
import { postgresServer } from '../support/postgres.js'
import { startSecondNode, type Node } from '../support/second-node.js'
import { signInAtIdp } from '../support/sign-in.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const server = await postgresServer()

if (server)
  describe('flow: on PostgreSQL', () => {
    let town: TestTown
    let node: Node
    before(async () => {
      town = await startTestTown({ more: { storage: await server.storage() } })
      node = await startSecondNode(town)
    })
    after(async () => {
      await node.close()
      await town.close()
    })

    const answered = async (browser: Browser): Promise<Page> =>
      signInAtIdp(browser, await browser.get(`${town.town.bridge}/login?journal=sgo`), 'father@mail.example')
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

    it('shows a page with a number while the server is gone, and enters with the same answer when it is back', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      const at = (path: string) => browser.get(`${town.town.bridge}${path}`)
      await server.stop()
      try {
        const closed = await browser.submit(answer)
        expect(closed.status, closed.text).to.equal(503)
        expect(closed.headers.get('retry-after')).to.equal('30')
        expect(closed.text).to.include('Вход временно не работает')
        expect(closed.text).to.match(NUMBER)
        expect([(await at('/readyz')).status, (await at('/healthz')).status]).to.deep.equal([503, 200])
      } finally {
        await server.start()
      }
      expect((await at('/readyz')).status).to.equal(200)
      inJournal(await browser.submit(answer))
      const said = town.logs.join('')
      expect(said, 'nothing of the people of the login').not.to.match(/father@mail|900-?000-?0/)
    })
  })
