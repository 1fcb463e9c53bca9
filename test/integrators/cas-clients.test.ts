/** The CAS server before clients that are not ours: mod_auth_cas in a real Apache, and php-cas in a real PHP. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Browser, type Page } from '../support/browser.js'
import { freePorts } from '../support/free-ports.js'
import { has } from '../support/require.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
/** What a journal may call its parents, so that the client has something to spoil. */
const ROLE = `Ёжик 🦔 О’Нил & <b>"co"</b>`

/** A program that serves one journal, and what its pages say about who is there. */
interface Client {
  readonly settings: object
  readonly page: string
  who(page: Page): { readonly user: string; readonly role: string; readonly name: string }
  /** @param bridge where the bridge stands */
  start(folder: string, port: number, bridge: string): Promise<ChildProcess>
}

const modAuthCas: Client = {
  settings: { singleLogout: 'redirected', attributes: { sn: '{lastName}', 'urn:role': '{role}' } },
  page: '/secure/page.html',
  // headers are octets; fetch reads them as Latin-1
  who: ({ headers }) => {
    const read = (name: string) => Buffer.from(headers.get(name) ?? '', 'latin1').toString()
    return { user: read('x-user'), role: read('x-role'), name: read('x-name') }
  },
  async start(folder, port, bridge) {
    const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_cas', 'headers']
    await mkdir(join(folder, 'secure'))
    await mkdir(join(folder, 'cookies'))
    await chmod(join(folder, 'cookies'), 0o777)
    await writeFile(join(folder, 'secure/page.html'), 'here')
    await writeFile(
      join(folder, 'apache.conf'),
      `ServerRoot ${folder}
      Listen 127.0.0.1:${port}
      ServerName 127.0.0.1:${port}
      PidFile ${folder}/pid
      ErrorLog "|/bin/cat"
      ${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
      ${modules.map(name => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      DocumentRoot ${folder}
      CASVersion 2
      CASLoginURL ${bridge}/cas/client/login
      CASValidateURL ${bridge}/cas/client/p3/serviceValidate
      CASCookiePath ${folder}/cookies/
      CASAttributePrefix CAS-
      CASSSOEnabled On
      <Location /secure>
        AuthType CAS
        CASScrubRequestHeaders On
        CASAuthNHeader CAS-User
        Require valid-user
        Header always set X-User "expr=%{req:CAS-User}"
        Header always set X-Role "expr=%{req:CAS-urn_role}"
        Header always set X-Name "expr=%{req:CAS-sn}"
      </Location>`,
    )
    return listening(spawn('/usr/sbin/apache2', ['-DFOREGROUND', '-f', join(folder, 'apache.conf')]), 'resuming normal')
  },
}

const phpCas: Client = {
  settings: { attributes: { sn: '{lastName}', 'urn:role': '{role}' } },
  page: '/index.php',
  who: ({ text }) => {
    const { user, attributes } = JSON.parse(text) as { user: string; attributes: Record<string, string> }
    expect(attributes).to.include({ longTermAuthenticationRequestTokenUsed: 'false' })
    return { user, role: attributes['urn_role']!, name: attributes['sn']! }
  },
  async start(folder, port, bridge) {
    await writeFile(
      join(folder, 'index.php'),
      `<?php
      error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
      require 'CAS.php';
      $bridge = parse_url('${bridge}');
      phpCAS::client(CAS_VERSION_3_0, $bridge['host'], $bridge['port'], '/cas/client', 'http://' . $_SERVER['HTTP_HOST']);
      // php-cas knows no http but by hand
      phpCAS::setServerLoginURL('${bridge}/cas/client/login?service=' . urlencode(phpCAS::getServiceURL()));
      phpCAS::setServerServiceValidateURL('${bridge}/cas/client/p3/serviceValidate');
      phpCAS::setNoCasServerValidation();
      phpCAS::handleLogoutRequests(true, ['127.0.0.1', 'localhost']);
      phpCAS::forceAuthentication();
      echo json_encode(['user' => phpCAS::getUser(), 'attributes' => phpCAS::getAttributes()]);`,
    )
    await mkdir(join(folder, 'sessions'))
    const php = spawn('php', ['-d', `session.save_path=${folder}/sessions`, '-S', `127.0.0.1:${port}`, '-t', folder])
    return listening(php, 'started')
  },
}

/** @returns once it says that it is there */
function listening(program: ChildProcess, words: string): Promise<ChildProcess> {
  let said = ''
  return new Promise((resolve, reject) => {
    program.once('exit', code => reject(new Error(`ended with ${String(code)}:\n${said}`)))
    for (const stream of [program.stdout!, program.stderr!])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes(words)) resolve(program)
      })
  })
}

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
