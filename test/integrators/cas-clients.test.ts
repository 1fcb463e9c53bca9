/** The CAS server before clients that are not ours: mod_auth_cas in a real Apache, and php-cas in a real PHP. */
import type { ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { modAuthCas, phpCas, type Client } from '../support/cas-clients.js'
import { freePorts } from '../support/free-ports.js'
import { has } from '../support/require.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
/** What a journal may call its parents, so that the client has something to spoil. */
const ROLE = `Ёжик 🦔 О’Нил & <b>"co"</b>`

function suite(name: string, client: Client): void {
  describe(`a journal behind ${name}`, () => {
    let town: TestTown
    let program: ChildProcess | undefined
    let folder: string
    let page: string
    before(async () => {
      const [port] = await freePorts(1)
      const home = `http://127.0.0.1:${port}${client.page}`
      page = `${home}?day=%D0%BF%D0%BD&q=a%2Fb`
      const journal = {
        ...{ id: 'client', title: name, schools: ['school-1'], roles: ['parent'], roleNames: { parent: ROLE } },
        returnTo: [`http://127.0.0.1:${port}/*`],
        release: ['login', 'role', 'lastName'],
        connector: { kind: 'cas', home, ...client.settings },
      }
      town = await startTestTown({ more: { journals: [journal] } })
      folder = await mkdtemp(join(tmpdir(), 'cas-client-'))
      await chmod(folder, 0o755)
      program = await client.start(folder, port!, town.town.bridge)
    })
    after(async () => {
      program?.removeAllListeners('exit').kill()
      await town.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('lets the person in, under the name and with the attributes that were sent', async () => {
      const browser = new Browser()
      const arrived = await walk(browser, page, FATHER)
      expect([arrived.status, arrived.url.pathname]).to.deep.equal([200, client.page])
      expect(arrived.url.search, 'a clean address, as it was asked for').to.equal(new URL(page).search)
      const again = await browser.get(arrived.url)
      expect(client.who(again)).to.deep.equal({ user: 'p-1002', role: ROLE, name: 'Соколов' })
    })

    it('from our own start page, too', async () => {
      const browser = new Browser()
      const arrived = await walk(browser, `${town.town.bridge}/login?journal=client`, FATHER)
      expect(client.who(await browser.get(arrived.url)).user).to.equal('p-1002')
    })

    it('sends on who comes with a ticket that somebody used', async () => {
      const browser = new Browser()
      await walk(browser, page, FATHER)
      const used = browser.visited.find(url => url.includes('ticket='))!
      const other = await new Browser().get(used)
      expect(other.text, 'nobody is let in').not.to.include('p-1002')
      expect(other.headers.get('x-user') ?? '').to.equal('')
    })

    it('hears of the logout: the next click begins a new login', async () => {
      const browser = new Browser()
      const arrived = await walk(browser, page, FATHER)
      expect(client.who(await browser.get(arrived.url)).user).to.equal('p-1002')
      const button = await browser.get(`${town.town.bridge}/cas/client/logout`)
      const form = button.forms.find(({ fields }) => !('then' in fields))!
      const to = new URL(form.action, button.url)
      const farewell = await browser.follow(await browser.request('POST', to, new URLSearchParams(form.fields), to))
      expect(farewell.text).to.include('Журнал подтвердил выход').and.to.include(name)
      const next = await browser.request('GET', arrived.url)
      expect(next.status).to.be.within(302, 303)
      expect(next.location!.pathname).to.equal('/cas/client/login')
    })
  })
}

if (has('/usr/lib/apache2/modules/mod_auth_cas.so', 'apache2 libapache2-mod-auth-cas'))
  suite('mod_auth_cas', modAuthCas)
if (has('/usr/share/php/CAS.php', 'php-cas php-cli php-curl php-xml')) suite('php-cas', phpCas)
