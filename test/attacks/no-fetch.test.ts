/**
 * Nothing in a message makes the bridge fetch anything: while every row of the attack table and every oddity is judged, no
 * socket is opened and no name is looked up, though the messages name a server that would gladly answer.
 */
import { createHook } from 'node:async_hooks'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { expect } from 'chai'
import { faults } from '../../src/mock-idp/faults.js'
import { oddities } from '../../src/mock-idp/oddities.js'
import { openCourtroom, outcomeOf, type Courtroom } from '../support/judged.js'

/** What the runtime calls the beginnings of any talk with the outside, whichever module began it. */
const OUTWARD = new Set([
  'TCPCONNECTWRAP',
  'PIPECONNECTWRAP',
  'GETADDRINFOREQWRAP',
  'QUERYWRAP',
  'UDPWRAP',
  'UDPSENDWRAP',
])

describe('attacks: a message that would have us fetch something', () => {
  let court: Courtroom
  let server: Server
  let arrived = 0
  const begun: string[] = []
  const hook = createHook({
    init(_, type) {
      if (OUTWARD.has(type)) begun.push(type)
    },
  })

  before(async () => {
    court = await openCourtroom()
    server = createServer(socket => {
      arrived++
      socket.destroy()
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    hook.enable()
  })
  after(() => {
    hook.disable()
    server.close()
  })

  const port = (): number => (server.address() as AddressInfo).port
  const turn = (): Promise<void> => new Promise(done => setImmediate(done))

  it('opens no connection and looks no name up', async () => {
    const elsewhere = `http://localhost:${port()}`
    const rows = [...faults, ...oddities]
    const named = rows.filter(({ name }) => {
      const { base64 } = court.make({ fault: name, elsewhere })
      outcomeOf(court.judge(base64))
      return Buffer.from(base64, 'base64').includes(elsewhere)
    })
    await turn()
    expect(named.length, 'rows that name the server').to.be.greaterThan(20)
    expect({ arrived, begun }).to.deep.equal({ arrived: 0, begun: [] })
  })

  it('would be noticed: a connection of our own is counted', async () => {
    await new Promise<void>(done =>
      connect(port(), 'localhost')
        .on('error', () => undefined)
        .on('close', () => done()),
    )
    expect(arrived).to.equal(1)
    expect(begun).to.include('TCPCONNECTWRAP').and.to.include('GETADDRINFOREQWRAP')
  })
})
