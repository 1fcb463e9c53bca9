/** From a composed bridge to a listening one, and back. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createApp } from './web/app.js'
import type { Bridge } from './compose.js'

/** Ended logins, sessions and remembered assertions are deleted this often. */
const SWEEP_EVERY = 5 * 60_000

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** @throws Error of node:net, e.g. EADDRINUSE, which `listenProblem` turns into a sentence */
export async function serve(
  bridge: Bridge,
  at: { host: string; port: number },
  tls?: ServerOptions,
): Promise<Listening> {
  const { web, store } = bridge
  const app = createApp(web)
  const server = tls ? createTlsServer(tls, app) : createServer(app)
  server.requestTimeout = 30_000
  await listen(server, at)
  const sweeping = setInterval(() => {
    store.sweep(web.ports.clock.now()).catch((error: unknown) => {
      web.log.error({ kind: error instanceof Error ? error.name : typeof error }, 'sweep failed')
    })
  }, SWEEP_EVERY)
  sweeping.unref()
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      clearInterval(sweeping)
      await closed(server)
      await store.close()
    },
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Requests under way are answered; idle connections are cut. */
function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 5_000).unref()
  })
}

/** @returns a sentence that names the fix, or undefined when the error is of another kind */
export function listenProblem(error: unknown, { host, port }: { host: string; port: number }): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use. Stop the other program, or set another listen.port (and publicUrl) in the settings.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Ports below 1024 need a proxy in front or a right.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${host}. Set listen.host to 127.0.0.1, 0.0.0.0 or one of its own.`
  return undefined
}
