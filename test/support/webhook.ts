/** A webhook of the administration on this machine, which keeps what it is told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Called {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Webhook {
  readonly url: string
  readonly calls: Called[]
  answerWith(status: number): void
  close(): Promise<void>
}

export async function openWebhook(): Promise<Webhook> {
  const calls: Called[] = []
  let status = 204
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bridge`,
    calls,
    answerWith: code => void (status = code),
    close: () => new Promise(resolve => void (server.closeAllConnections(), server.close(() => resolve()))),
  }
}
