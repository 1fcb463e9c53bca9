/** More people than can be served, and people who hold on to what they were given. Over real HTTP. */
import { expect } from 'chai'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { openStoreOf } from '../../src/compose.js'
import type { Store } from '../../src/store/open.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MOST = 300

/** A database that does not answer until it is let. */
function slowly(store: Store): { readonly store: Store; readonly waiting: () => number; readonly let: () => void } {
  let open: (() => void) | undefined
  let waiting = 0
  const gate = new Promise<void>(resolve => (open = resolve))
  const start: Store['logins']['start'] = async (...args) => {
    waiting += 1
    await gate
    return store.logins.start(...args)
  }
  return { store: { ...store, logins: { ...store.logins, start } }, waiting: () => waiting, let: () => open!() }
}

describe('flow: a crowd', function () {
  it('who comes when all hands are full is sent off at once, told when to come again, and the queue recovers', async () => {
    let held: ReturnType<typeof slowly> | undefined
    const town = await startTestTown({
      openStore: async configuration => (held = slowly(await openStoreOf(configuration))).store,
    })
    const login = (init: RequestInit = {}) =>
      fetch(`${town.town.bridge}/login?journal=sgo`, { redirect: 'manual', ...init })
    const crowd = Array.from({ length: MOST }, () => login())
    while (held!.waiting() < MOST) await new Promise(setImmediate)

    const late = await login()
    const seconds = Number(late.headers.get('retry-after'))
    expect(late.status).to.equal(503)
    expect(seconds).to.be.within(5, 15)
    expect(late.headers.get('refresh'), 'it comes again by itself').to.equal(String(seconds))
    expect(await late.text()).to.include('Сейчас входит очень много людей')
    const program = await login({ headers: { accept: 'application/json' } })
    expect(await program.json()).to.include({ failed: 'busy' })
    const posted = await fetch(`${town.town.bridge}/saml/acs`, {
      method: 'POST',
      body: new URLSearchParams({ SAMLResponse: 'x' }),
    })
    expect([posted.status, posted.headers.get('refresh')], 'nothing is posted twice by itself').to.deep.equal([
      503,
      null,
    ])
    for (const path of ['/healthz', '/readyz']) {
      expect((await fetch(`${town.town.bridge}${path}`)).status, path).to.equal(200)
    }

    held!.let()
    const served = await Promise.all(crowd)
    expect(new Set(served.map(({ status }) => status))).to.deep.equal(new Set([303]))
    const page = await walk(new Browser(), `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
    expect(page.url.origin).to.equal(town.town.journals)
    await town.close()
  })

  describe('of connections', () => {
    let town: TestTown
    const sockets: Socket[] = []
    before(async () => (town = await startTestTown()))
    after(async () => {
      for (const socket of sockets) socket.destroy()
      await town.close()
    })

    async function dial(says = ''): Promise<Socket> {
      const { port, hostname } = new URL(town.town.bridge)
      const socket = connect(Number(port), hostname)
      sockets.push(socket)
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      if (says !== '') socket.write(says)
      return socket
    }

    it('idle ones, half-sent headers and slow bodies keep nobody out', async () => {
      const post =
        'POST /saml/acs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900000\r\n\r\nSAMLResponse=A'
      await Promise.all(Array.from({ length: 800 }, () => dial()))
      await Promise.all(Array.from({ length: 400 }, () => dial('GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ')))
      await Promise.all(Array.from({ length: MOST + 50 }, () => dial(post)))
      const page = await walk(new Browser(), `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
      expect(page.url.origin).to.equal(town.town.journals)
    })

    it('who does not finish the headers is cut off', async () => {
      const socket = await dial('GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ')
      let said = ''
      socket.on('data', chunk => (said += String(chunk)))
      await once(socket, 'close')
      expect(said).to.match(/^HTTP\/1\.1 408 /)
    })

    it('five megabytes are refused, and the next one is served', async () => {
      const large = await fetch(`${town.town.bridge}/saml/acs`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `SAMLResponse=${'A'.repeat(5_000_000)}`,
      })
      expect(large.status).to.equal(413)
      expect((await fetch(`${town.town.bridge}/`)).status).to.equal(200)
    })
  })
})
