import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { messagesOf } from '../../src/web/messages.js'

const prototypes = (request: IncomingMessage, response: ServerResponse): readonly unknown[] =>
  [request, response].map(message => Object.getPrototypeOf(message) as unknown)

/** Serves one request. @returns what its messages inherit from when they are made, and when the app is done with them */
async function served(app: express.Express, own: boolean): Promise<{ made: unknown; done: unknown; body: string }> {
  const server = own ? createServer(messagesOf(app), app) : createServer(app)
  const made = new Promise<readonly [IncomingMessage, ServerResponse, readonly unknown[]]>(resolve =>
    server.prependListener('request', (request, response) =>
      resolve([request, response, prototypes(request, response)]),
    ),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hello`)
  const body = await answer.text()
  const [request, response, before] = await made
  server.close()
  server.closeAllConnections()
  return { made: before, done: prototypes(request, response), body }
}

function greeting(): express.Express {
  const app = express()
  app.use((request, response) => {
    response.send(`${request.path} of ${String(request.app === app)}`)
  })
  return app
}

describe('messages of the server', () => {
  it('inherit from what Express wants them to inherit from, before it says so', async () => {
    const { made, done, body } = await served(greeting(), true)
    expect(body).to.equal('/hello of true')
    expect(made).to.have.ordered.members(done as unknown[])
  })

  it('get another prototype from Express where node:http makes them by itself', async () => {
    const { made, done, body } = await served(greeting(), false)
    expect(body).to.equal('/hello of true')
    expect((made as unknown[])[0]).not.to.equal((done as unknown[])[0])
  })
})
