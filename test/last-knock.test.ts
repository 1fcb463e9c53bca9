/** A server that stops listening while its loop is never at rest, and clients who knock just then. */
import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { stopListening } from '../src/last-knock.js'
import { authority, tlsFor } from './support/https.js'

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

describe('the last knock', () => {
  let server: Server
  let ended: Promise<void>
  const answer: RequestListener = (_request, response) => void response.end('answered')

  async function listen(made: Server): Promise<number> {
    server = made.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  function stop(): Promise<void> {
    let isOver: () => void
    ended = new Promise(resolve => (isOver = resolve))
    return stopListening(server, () => isOver())
  }
  /** @returns ends it */
  function neverAtRest(): () => void {
    let on = true
    const work = (): void => {
      for (const until = performance.now() + 3; performance.now() < until;);
      if (on) setImmediate(work)
    }
    work()
    return () => (on = false)
  }
  const read = async (socket: Socket): Promise<string> => {
    let said = ''
    for await (const chunk of socket) said += String(chunk)
    return said
  }
  const dial = (port: number): Socket => connect(port, '127.0.0.1')

  it('ends a server that never comes to rest, after those were served who knocked meanwhile', async () => {
    const port = await listen(createServer(answer))
    const rest = neverAtRest()
    const stopped = stop()
    const knocked = Array.from({ length: 5 }, () => dial(port))
    for (const socket of knocked) socket.write(REQUEST)
    await stopped
    rest()
    expect(server.listening).to.equal(false)
    for (const said of await Promise.all(knocked.map(read))) expect(said).to.match(/^HTTP\/1\.1 200 [^]*answered$/)
    await ended
  })

  it('goes on when somebody who knocked gives up before they are served', async () => {
    const port = await listen(createServer(answer))
    const rest = neverAtRest()
    const stopped = stop()
    const rude = dial(port)
    const polite = dial(port)
    rude.once('connect', () => rude.resetAndDestroy())
    polite.write(REQUEST)
    await stopped
    rest()
    expect(await read(polite)).to.match(/answered$/)
    await ended
  })

  it('serves who had begun no handshake of TLS yet', async () => {
    const port = await listen(createTlsServer(await tlsFor({ name: 'localhost' }), answer))
    const ca = (await authority()).certificatePem
    const rest = neverAtRest()
    const stopped = stop()
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca })
    socket.write(REQUEST)
    await stopped
    rest()
    expect(await read(socket)).to.match(/answered$/)
    await ended
  })

  it('refuses whoever comes after it', async () => {
    const port = await listen(createServer(answer))
    await stop()
    const [error] = (await once(dial(port), 'error')) as [NodeJS.ErrnoException]
    expect(error.code).to.equal('ECONNREFUSED')
    await ended
  })
})
