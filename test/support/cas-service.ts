/** A service of a CAS journal that takes whatever comes, and keeps what was posted. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Service {
  readonly origin: string
  readonly letters: { readonly path: string; readonly body: URLSearchParams }[]
  close(): Promise<void>
}

export async function openService(): Promise<Service> {
  const letters: { path: string; body: URLSearchParams }[] = []
  const server = createServer((request, response) => {
    void text(request).then(body => {
      if (request.method === 'POST') letters.push({ path: request.url!, body: new URLSearchParams(body) })
      response.end('здесь')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
