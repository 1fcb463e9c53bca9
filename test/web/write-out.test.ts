/** Answers of any length, to browsers that go away at whatever moment. */
import { expect } from 'chai'
import type { Response } from 'express'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { jsonOf } from '../../src/cabinet/own-data.js'
import { writeOut } from '../../src/web/write-out.js'

describe('web: an answer of any length', () => {
  let server: Server
  afterEach(() => server.close().closeAllConnections())

  async function ask(answer: RequestListener): Promise<Socket> {
    server = createServer(answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    return socket
  }
  const parts = (end: () => void): AsyncIterable<string> =>
    (async function* () {
      try {
        for (;;) yield await Promise.resolve('x'.repeat(10_000))
      } finally {
        end()
      }
    })()

  it('is over when the browser went before the first part', async () => {
    let isOver: () => void
    const over = new Promise<void>(resolve => (isOver = resolve))
    const socket = await ask((_, response) => {
      response.once(
        'close',
        () =>
          void writeOut(
            response as Response,
            parts(() => undefined),
          ).then(isOver),
      )
      socket.destroy()
    })
    await over
  })

  it('is over when the browser goes while it does not read, and what was read for it is closed', async () => {
    let isOver: () => void
    const over = new Promise<void>(resolve => (isOver = resolve))
    let isClosed = false
    const socket = await ask((_, response) => {
      void writeOut(
        response as Response,
        parts(() => (isClosed = true)),
      ).then(isOver)
      const leave = (): void => {
        if (response.writableNeedDrain) socket.destroy()
        else setImmediate(leave)
      }
      leave()
    })
    await over
    expect(isClosed).to.equal(true)
  })

  it('of JSON holds every text as it was', async () => {
    const facts = { text: 'a\u2028b\u2029c\nd' }
    const history = (async function* () {
      for (const i of [1, 2]) yield await Promise.resolve({ i, facts })
    })()
    let said = ''
    for await (const part of jsonOf({ all: { schemaVersion: 1 }, history })) said += part
    expect(JSON.parse(said)).to.deep.equal({
      schemaVersion: 1,
      history: [
        { i: 1, facts },
        { i: 2, facts },
      ],
    })
    expect(said).to.equal(`${JSON.stringify(JSON.parse(said), null, 2)}\n`)
  })
})
