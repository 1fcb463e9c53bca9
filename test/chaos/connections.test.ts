/** Clients who hold on to what they were given, by the ten thousand, while honest people sign in. The bridge is a process of its own. */
import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Browser } from '../support/browser.js'
import { startProcessTown, type ProcessTown } from './process-town.js'
import { walk } from '../support/sign-in.js'

const IDLE = 10_000
const SLOW = 2_000
const LARGE = 20
const FIVE_MEGABYTES = 5_000_000
/** Of this process and of the bridge, beside the connections. */
const OTHER_FILES = 500

/** Open files that a process may have at most; Node.js raises itself to that when it starts. */
function mostFiles(): number {
  try {
    const said = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
    return said === 'unlimited' ? Infinity : Number(said)
  } catch {
    return 0
  }
}

describe('chaos: connections', function () {
  this.timeout(180_000)
  const sockets: Socket[] = []
  let town: ProcessTown
  before(async function () {
    if (mostFiles() < IDLE + SLOW + OTHER_FILES) {
      process.stderr.write(
        `A process may open ${mostFiles()} files here: the test with ${IDLE} connections is skipped\n`,
      )
      return this.skip()
    }
    town = await startProcessTown()
  })
  after(async () => {
    for (const socket of sockets) socket.destroy()
    await (town as ProcessTown | undefined)?.close()
  })

  async function dial(says = ''): Promise<void> {
    const { port, hostname } = new URL(town.bridge)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    sockets.push(socket)
    await once(socket, 'connect')
    if (says !== '') socket.write(says)
  }

  /** Not all at one moment: the queue of a listening socket has an end. */
  async function dialAll(count: number, says?: string): Promise<void> {
    for (let done = 0; done < count; done += 250) await Promise.all(Array.from({ length: 250 }, () => dial(says)))
  }

  const signIn = async (): Promise<void> => {
    const page = await walk(new Browser(), `${town.bridge}/login?journal=sgo`, 'father@mail.example')
    expect([page.status, page.url.origin], page.text).to.deep.equal([200, town.journals])
  }
  const health = async (): Promise<number> => (await fetch(`${town.bridge}/readyz`)).status

  it(`${IDLE} idle ones and ${SLOW} with half-sent headers keep nobody out`, async () => {
    await dialAll(IDLE)
    await dialAll(SLOW, 'GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    for (let i = 0; i < 5; i++) await signIn()
    expect(await health()).to.equal(200)
  })

  it(`${LARGE} bodies of five megabytes at once are refused, and people sign in meanwhile`, async () => {
    const body = `SAMLResponse=${'A'.repeat(FIVE_MEGABYTES)}`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const large = Array.from({ length: LARGE }, () =>
      fetch(`${town.bridge}/saml/acs`, { method: 'POST', headers, body }).then(
        ({ status }) => status,
        () => 413, // cut off while it was still sending
      ),
    )
    await Promise.all([...large, signIn(), signIn(), signIn()])
    // 408: of a machine so busy that five megabytes take half a minute
    for (const status of await Promise.all(large)) expect(status).to.be.oneOf([413, 408])
    expect(await health()).to.equal(200)
    expect(town.node.wrong).to.deep.equal([])
  })
})
