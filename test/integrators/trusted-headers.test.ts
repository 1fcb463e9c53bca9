/** Our page about trusted headers, proven: its text in a real nginx and a real Caddy, an honest walk and a hostile client. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { freePort } from '../support/free-ports.js'
import { proxies as kinds, sendRaw, startUpstream, type Proxy, type Upstream } from '../support/proxy.js'
import { has } from '../support/require.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'

for (const kind of ['nginx', 'caddy'] as const)
  describe(`trusted headers behind ${kind}`, () => {
    let [town, proxy, upstream]: [TestTown?, Proxy?, Upstream?] = []
    let [port, site] = [0, '']
    before(async function () {
      if (!has(kinds[kind].program, kind)) return this.skip()
      port = await freePort()
      site = `http://127.0.0.1:${port}`
      const dnevnik = {
        id: 'dnevnik',
        title: 'Дневник',
        schools: ['school-1'],
        connector: {
          kind: 'trusted-headers',
          site,
          headers: { 'X-Remote-User': '{login}', 'X-Remote-Role': '{role}', 'X-Remote-Name': '{lastName} {firstName}' },
        },
        release: ['login', 'role', 'lastName', 'firstName'],
        returnTo: [`${site}/*`],
        roles: ['parent'],
      }
      town = await startTestTown({ more: { journals: [dnevnik] } })
      upstream = await startUpstream()
      proxy = await kinds[kind].start(port, new URL(town.town.bridge), upstream.port)
    })
    after(async () => {
      upstream?.close()
      await proxy?.close()
      await town?.close()
    })

    const signedIn = async (): Promise<string> => {
      const browser = new Browser()
      await walk(browser, `${site}/diary`, FATHER)
      return `vhod-visit-dnevnik=${browser.cookie(site, 'vhod-visit-dnevnik')!}`
    }
    /** What the journal takes for statements about people: PHP and WSGI do not tell hyphens from underscores. */
    const believed = (): readonly (readonly [string, string])[] =>
      upstream!.seen
        .at(-1)!
        .map(([name, value]) => [name.replace(/[^A-Za-z0-9]/g, '-').toLowerCase(), value] as const)
        .filter(([name, value]) => name.startsWith('x-remote') && value !== '')
    const father = [
      ['x-remote-user', 'p-1002'],
      ['x-remote-role', 'parent'],
      ['x-remote-name', "UTF-8''%D0%A1%D0%BE%D0%BA%D0%BE%D0%BB%D0%BE%D0%B2%20%D0%90%D0%BD%D0%B4%D1%80%D0%B5%D0%B9"],
    ]

    it('leads to the page that was asked for, and out again', async () => {
      const browser = new Browser()
      const page = await walk(browser, `${site}/diary/5?week=2&q=%D1%91`, FATHER)
      expect(page.url.href).to.equal(`${site}/diary/5?week=2&q=%D1%91`)
      expect(upstream!.seen.at(-1)![0]).to.deep.equal([':request', 'GET /diary/5?week=2&q=%D1%91'])
      expect(believed()).to.have.deep.members(father)
      const names = (host: string) => [...(browser.cookies.get(host)?.keys() ?? [])]
      expect(names('127.0.0.1')).to.have.members(['vhod-way-dnevnik', 'vhod-visit-dnevnik'])
      expect(names('localhost').filter(name => name.includes('dnevnik'))).to.deep.equal([])

      const button = await browser.get(`${site}/.bridge/logout`)
      expect(button.url.href).to.equal(`${town!.town.bridge}/logout`)
      await browser.submit(button, { then: '' }, '/logout')
      const before = upstream!.seen.length
      expect((await browser.get(`${site}/diary/5`)).text).to.include('name="password"')
      expect(upstream!.seen.length, 'the journal was not asked').to.equal(before)
    })

    it('leads on from our own start page', async () => {
      const browser = new Browser()
      const page = await walk(browser, `${town!.town.bridge}/login?journal=dnevnik`, FATHER)
      expect(page.url.href).to.equal(`${site}/`)
      expect(believed()).to.have.deep.members(father)
    })

    const host = () => `Host: 127.0.0.1:${port}\r\nConnection: close\r\n`
    const reached = async (act: () => Promise<unknown>): Promise<boolean> => {
      const before = upstream!.seen.length
      await act()
      return upstream!.seen.length > before
    }

    for (const [what, lines] of [
      ['the header itself', 'X-Remote-User: root'],
      ['small letters', 'x-remote-user: root'],
      ['underscores', 'X_Remote_User: root\r\nX_REMOTE_ROLE: school-admin'],
      ['one underscore', 'X-Remote_User: root\r\nX_Remote-User: root\r\nx-remote_name: root'],
      ['many copies', 'X-Remote-User: root\r\nX-Remote-User: p-1002\r\nx-remote-user: root'],
      ['an empty copy', 'X-Remote-User:\r\nX-Remote-User: root'],
      ['an address of the proxy', 'X-Forwarded-Host: evil.example\r\nX-Original-URL: /x\r\nX-Remote-User: root'],
      ['a cookie beside ours', 'Cookie: vhod-visit-dnevnik=root\r\nX-Remote-User: root'],
    ] as const)
      it(`hands no lie on: ${what}`, async () => {
        const cookie = `Cookie: ${await signedIn()}\r\n`
        expect(await sendRaw(port, `GET /diary HTTP/1.1\r\n${host()}${cookie}${lines}\r\n\r\n`)).to.match(
          /^HTTP\/1\.1 200/,
        )
        expect(believed()).to.have.deep.members(father)
        const stranger = () => sendRaw(port, `GET /diary HTTP/1.1\r\n${host()}${lines}\r\n\r\n`)
        expect(await reached(stranger)).to.equal(false)
        expect(await stranger()).to.match(/^HTTP\/1\.1 (?:303|401)/)
      })

    it('lets nobody strike a header of ours out by naming it in Connection', async () => {
      const cookie = `Cookie: ${await signedIn()}\r\n`
      const answer = await sendRaw(
        port,
        `GET /diary HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${cookie}Connection: close, X-Remote-User\r\n\r\n`,
      )
      if (kind === 'caddy') expect(answer).to.match(/^HTTP\/1\.1 400/)
      else expect(believed()).to.have.deep.members(father)
    })

    for (const [what, request] of [
      ['two lengths', 'POST / HTTP/1.1\r\n{host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
      ['a length and chunks', 'POST / HTTP/1.1\r\n{host}Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\nhello'],
      ['a blank before the colon', 'GET / HTTP/1.1\r\n{host}X-Remote-User : root\r\n\r\n'],
      ['a line that goes on', 'GET / HTTP/1.1\r\n{host}X-A: b\r\n X-Remote-User: root\r\n\r\n'],
      [
        'a request in the body',
        'GET / HTTP/1.1\r\n{host}Content-Length: 44\r\n\r\nGET /admin HTTP/1.1\r\nX-Remote-User: root\r\n\r\n',
      ],
      ['a whole address', 'GET http://evil.example/ HTTP/1.1\r\n{host}\r\n'],
      ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ] as const)
      it(`lets nobody in by ${what}`, async () => {
        expect(await reached(() => sendRaw(port, request.replace('{host}', host())))).to.equal(false)
      })

    for (const path of [
      '/.bridge/check',
      '/.bridge-check',
      '/.bridge/',
      '/.bridge/enter/../check',
      '/.bridge/start/../../auth/dnevnik/check',
      '/.bridge/%2e%2e/saml/metadata',
      '/.bridge/..%2f..%2fhealthz',
      '/.bridge/start%2f..%2f..%2f..%2fhealthz',
      '/x/../.bridge/check',
      '//.bridge/check',
      '/.bridge/start;/../check',
      '/.bridge/logout%00/../../healthz',
    ])
      it(`shows nothing of ours and nothing of the journal's at ${path}`, async () => {
        let answer = ''
        const ask = async () => (answer = await sendRaw(port, `GET ${path} HTTP/1.1\r\n${host()}\r\n`))
        expect(await reached(ask)).to.equal(false)
        expect(answer).to.match(/^HTTP\/1\.1 (?:303|308|400|401|404)/)
        expect(answer).not.to.match(/"status":"ok"|EntityDescriptor|X-Remote/i)
        const [, location] = /\r\nlocation: ([^\r]*)/i.exec(answer) ?? []
        if (location !== undefined && new URL(location, site).origin !== site)
          expect(location).to.match(new RegExp(`^${town!.town.bridge}/(?:login|logout)`))
      })

    it('tells a person whose form came too late what to do, and a script that nobody is inside', async () => {
      const answer = await sendRaw(port, `POST /marks HTTP/1.1\r\n${host()}Content-Length: 0\r\n\r\n`)
      expect(answer)
        .to.match(/^HTTP\/1\.1 401/)
        .and.match(/\r\ncontent-type: text\/html; ?charset=utf-8\r\n/i)
      expect(answer).to.match(/\r\ncache-control: no-store\r\n/i)
      const page = Buffer.from(answer, 'latin1').toString()
      expect(page).to.include('Ваш вход закончился').and.include('href="/.bridge/start"')
    })
  })
