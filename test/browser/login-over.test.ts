/** A form that is sent after the login has ended, behind the proxies of the guide: a page for people, and nothing that they typed is lost. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { freePort } from '../support/free-ports.js'
import { proxies, type Proxy } from '../support/proxy.js'
import { has } from '../support/require.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { arrived, press, signIn } from './steps.js'
import { DESKTOP, launch, PHONE, present, visitor, type Visitor } from './chromium.js'

const FATHER = 'father@mail.example'
const NOTE = 'Прошу освободить от физкультуры до пятницы'
/** Beyond the idle end. */
const LONG = 20 * 60_000

const FORM = `<!doctype html><html lang="ru"><meta charset="utf-8"><title>Записка</title><main><h1>Записка</h1>
<form method="post" action="/notes"><label>Текст <textarea name="note"></textarea></label><button>Отправить</button></form></main></html>`

/** A journal with a form; `notes` is what arrived. */
async function openJournal(): Promise<{ readonly server: Server; readonly port: number; readonly notes: string[] }> {
  const notes: string[] = []
  const server = createServer((request, response) => {
    void text(request).then(body => {
      if (request.method === 'POST') notes.push(new URLSearchParams(body).get('note') ?? '')
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(request.method === 'POST' ? '<!doctype html><html lang="ru"><h1>Принято</h1></html>' : FORM)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, notes, port: (server.address() as AddressInfo).port }
}

for (const kind of ['nginx', 'caddy'] as const)
  (present ? describe : describe.skip)(`browser: the login is over, behind ${kind}`, () => {
    let [town, chromium, proxy]: [TestTown?, Browser?, Proxy?] = []
    let journal: Awaited<ReturnType<typeof openJournal>> | undefined
    let site = ''
    before(async function () {
      if (!has(proxies[kind].program, kind)) return this.skip()
      const port = await freePort()
      site = `http://127.0.0.1:${port}`
      const dnevnik = {
        ...{ id: 'dnevnik', title: 'Дневник', schools: ['school-1'], roles: ['parent'], returnTo: [`${site}/*`] },
        connector: { kind: 'trusted-headers', site },
      }
      ;[town, chromium, journal] = await Promise.all([
        startTestTown({ more: { journals: [dnevnik] } }),
        launch(),
        openJournal(),
      ])
      proxy = await proxies[kind].start(port, new URL(town.town.bridge), journal.port)
    })
    after(async () => {
      journal?.server.close().closeAllConnections()
      await Promise.all([proxy?.close(), chromium?.close(), town?.close()])
    })

    /** Somebody has typed for long, and sends what they typed. */
    async function sendLate(viewport = PHONE): Promise<Visitor> {
      const one = await visitor(chromium!, { viewport })
      await one.page.goto(`${site}/notes`)
      await signIn(one, FATHER)
      await arrived(one.page, 'Записка')
      await one.page.getByLabel('Текст').fill(NOTE)
      town!.clock.forward(LONG)
      await press(one.page, 'Отправить')
      await arrived(one.page, 'Ваш вход закончился')
      expect(journal!.notes, 'the journal got nothing').to.deep.equal([])
      return one
    }

    async function signInBeside({ page }: Visitor): Promise<void> {
      const [beside] = await Promise.all([
        page.waitForEvent('popup'),
        page.getByRole('link', { name: 'Войдите снова' }).click(),
      ])
      await beside.waitForURL(`${site}/`) // the IdP still knows the person
      await beside.close()
    }

    it('says so on a page that everybody can read', async () => {
      const one = await sendLate()
      const { page } = one
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await overflow(page), 'nothing stands beyond the edge').to.equal(0)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id }) => id)).to.deep.equal([])
      await one.leave()
    })

    it('reloading sends it once more, after a sign-in in another tab', async () => {
      const one = await sendLate(DESKTOP)
      await signInBeside(one)
      await one.page.reload()
      await arrived(one.page, 'Принято')
      expect(journal!.notes.splice(0)).to.deep.equal([NOTE])
      await one.leave()
    })

    it('going back finds what was typed', async () => {
      const one = await sendLate()
      await signInBeside(one)
      await one.page.goBack()
      expect(await one.page.getByLabel('Текст').inputValue()).to.equal(NOTE)
      await press(one.page, 'Отправить')
      await arrived(one.page, 'Принято')
      expect(journal!.notes.splice(0)).to.deep.equal([NOTE])
      await one.leave()
    })
  })

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
