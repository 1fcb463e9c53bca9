/** A bridge that is told to stop: nobody who is under way is dropped, nobody new is taken, and it ends whatever clients do. */
import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { lookup } from 'node:dns/promises'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'
import { Browser } from '../support/browser.js'
import { postgresServer } from '../support/postgres.js'
import { startSecondNode, type Node } from '../support/second-node.js'
import { signInAtIdp } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { wayTo } from '../support/way.js'

const FATHER = 'father@mail.example'
const HEAD =
  'POST /saml/acs HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\n\r\n'

describe('flow: stopping', function () {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())

  it('while it drains, a balancer hears that it is not ready, and a login that comes back is served', async () => {
    const node = await startSecondNode(town)
    const browser = new Browser()
    const answer = await signInAtIdp(browser, await browser.get(`${town.town.bridge}/login?journal=sgo`), FATHER)
    expect((await fetch(node.at(`${town.town.bridge}/readyz`))).status).to.equal(200)

    // longer than three requests take on any machine
    const stopped = node.close(8_000)
    const notReady = await fetch(node.at(`${town.town.bridge}/readyz`))
    expect([notReady.status, notReady.headers.get('connection')]).to.deep.equal([503, 'close'])
    const form = answer.form()
    const to = node.at(new URL(form.action, answer.url))
    const entered = await browser.request('POST', to, new URLSearchParams(form.fields), answer.url)
    expect(entered.status, entered.text).to.equal(303)
    expect(entered.location?.origin).to.equal(town.town.journals)

    await stopped
    const refused = await fetch(node.at(`${town.town.bridge}/healthz`)).then(
      () => 'answered',
      () => 'refused',
    )
    expect(refused).to.equal('refused')
  })

  /** What lay before the door when it was closed: nginx sends a form to no second node, and a browser neither. */
  describe('a form that is just arriving', () => {
    const read = async (socket: Socket): Promise<string> => {
      let said = ''
      for await (const chunk of socket) said += String(chunk)
      return said
    }
    /** @returns when its octets, if any, have left; the node in this very process has heard nothing of it */
    const knock = async (node: Node, form: string): Promise<Socket> => {
      const { port } = node.at(town.town.bridge)
      const { address, family } = await lookup('localhost')
      const socket = connect({ port: Number(port), host: address, family })
      socket.write(form)
      await new Promise(resolve => process.nextTick(resolve))
      return socket
    }
    /** The loop is busy until the time has come to stop listening. */
    const stopWhileBusy = (node: Node): Promise<void> => {
      const stopped = node.close()
      for (const until = performance.now() + 20; performance.now() < until;);
      return stopped
    }

    it('with whoever had just knocked, is answered', async () => {
      const node = await startSecondNode(town)
      const socket = await knock(node, `${HEAD}SAMLResponse=A`)
      const stopped = stopWhileBusy(node)
      expect(await read(socket)).to.match(/^HTTP\/1\.1 400 [^]*Connection: close[^]*"refused":"/i)
      await stopped
    })

    it('over a connection that was kept, is answered', async () => {
      const node = await startSecondNode(town)
      const socket = await knock(node, `${HEAD}SAMLResponse=A`)
      const [first] = (await once(socket, 'data')) as [Buffer]
      expect(String(first)).to.match(/^HTTP\/1\.1 400 [^]*Connection: keep-alive/i)
      socket.write(`${HEAD}SAMLResponse=A`)
      const stopped = stopWhileBusy(node)
      expect(await read(socket)).to.match(/^HTTP\/1\.1 400 [^]*Connection: close[^]*"refused":"/i)
      await stopped
    })
  })

  describe('by SIGTERM', () => {
    let child: ChildProcess
    let port: number

    beforeEach(async () => {
      const config = join(town.folder, 'stopping.yaml')
      const text = (await readFile(town.prepared.configFile, 'utf8')).replace(/port: \d+/, 'port: 0')
      await writeFile(config, text)
      child = startMain(config)
      port = await portOf(child)
    })
    afterEach(() => child.kill('SIGKILL'))

    const dial = async (): Promise<Socket> => {
      const socket = connect(port, 'localhost')
      await once(socket, 'connect')
      return socket
    }

    it('a request that is half here is answered, and the process ends without an error', async () => {
      const socket = await dial()
      socket.write(`${HEAD}SAMLResp`)
      await told(child)
      socket.write('onse=A')
      let said = ''
      socket.on('data', chunk => (said += String(chunk)))
      await once(socket, 'end')
      expect(said).to.match(/^HTTP\/1\.1 400 /)
      expect(said).to.include('"refused":"')
      const [code] = (await once(child, 'exit')) as [number | null]
      if (process.platform !== 'win32') expect(code).to.equal(0)
    })

    it('whoever never finishes does not keep it', async () => {
      const socket = await dial()
      socket.on('error', () => undefined)
      socket.write(`${HEAD}SAMLResp`)
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      if (process.platform !== 'win32') expect(code).to.equal(0)
    })

    it('it ends though nobody reads its log any more', async () => {
      child.stdout!.destroy()
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      if (process.platform !== 'win32') expect(code).to.equal(0)
    })

    it('a second signal ends it at once', async () => {
      const socket = await dial()
      socket.on('error', () => undefined)
      socket.write(`${HEAD}SAMLResp`)
      await told(child)
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      if (process.platform !== 'win32') expect(code).to.equal(1)
    })
  })
})

/** Twice the patience of `serve`, and what a slow machine adds; it was 35 s. */
const ENDS_WITHIN = 30_000

describe('flow: stopping over a database that says nothing any more', function () {
  this.timeout(90_000)
  it('ends all the same, and soon', async function () {
    const server = await postgresServer()
    if (!server) return this.skip()
    const storage = await server.storage()
    const town = await startTestTown({ more: { storage } })
    const way = await wayTo(server.port)
    const config = join(town.folder, 'silent.yaml')
    const text = (await readFile(town.prepared.configFile, 'utf8')).replace(/port: \d+/, 'port: 0')
    await writeFile(config, text.replace(`127.0.0.1:${server.port}`, `127.0.0.1:${way.port}`))
    const child = startMain(config)
    try {
      await portOf(child)
      way.swallow(true)
      const told = performance.now()
      child.kill('SIGTERM')
      const [code] = (await once(child, 'exit')) as [number | null]
      if (process.platform !== 'win32') expect(code).to.equal(0)
      expect(performance.now() - told).to.be.below(ENDS_WITHIN)
    } finally {
      child.kill('SIGKILL')
      await way.close()
      await town.close()
    }
  })
})

function startMain(config: string): ChildProcess {
  const args = ['--enable-source-maps', projectFile('dist/src/main.js'), '--config', config]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** As its log says when it is ready. */
const portOf = async (child: ChildProcess): Promise<number> => Number((await heard(child, /"port":(\d+).*"ready"/))[1])

/** It is told to stop. @returns when it knows: two signals that it has not seen yet are one to it */
async function told(child: ChildProcess): Promise<void> {
  const knows = heard(child, /"stopping"/)
  child.kill('SIGTERM')
  await knows
}

/** From now on in its log. */
function heard(child: ChildProcess, words: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout!.on('data', chunk => {
      said += String(chunk)
      const found = words.exec(said)
      if (found) resolve(found)
    })
    child.once('exit', () => reject(new Error(`never said ${String(words)}: ${said}`)))
  })
}
