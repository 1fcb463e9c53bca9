/** From a composed bridge to a listening one, and back. */
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tellDue } from './login/tell-journals.js'
import { retain } from './login/retaining.js'
import { carryOutDestructions, endWithdrawnSessions } from './login/withdrawing.js'
import { createApp } from './web/app.js'
import { messagesOf } from './web/messages.js'
import { metricsServer } from './metrics/listener.js'
import type { Bridge } from './compose.js'

/** Ended logins, sessions and remembered assertions are deleted this often. */
const SWEEP_EVERY = 5 * 60_000
/** Approvals of other programs, changed files and due visits are noticed this often. */
const TRUST_EVERY = 60_000

/** What is kept for months needs no more. */
const RETAIN_EVERY = 6 * 3_600_000

/** What a crash left open after a withdrawal is finished, and what is due is destroyed. */
const WITHDRAWALS_EVERY = 60_000

/** Journals that did not hear of a logout are told again; a notice itself says when. */
const TELL_EVERY = 30_000

export interface Listening {
  readonly port: number
  /** Of the figures, when there are any. */
  readonly metricsPort?: number
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
  const messages = messagesOf(app)
  const server = tls ? createTlsServer({ ...tls, ...messages }, app) : createServer(messages, app)
  server.requestTimeout = 30_000
  await listen(server, at)
  const figures = await serveFigures(bridge).catch(async (error: unknown) => {
    await closed(server)
    throw error
  })
  const stopErrands = startErrands(bridge)
  return {
    port: portOf(server),
    ...(figures && { metricsPort: portOf(figures) }),
    async close() {
      await stopErrands()
      await Promise.all([closed(server), figures && closed(figures)])
      await store.close()
    },
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** @throws RangeError in a sentence: the address of the figures is another one than the one the caller knows of */
async function serveFigures({ metrics }: Bridge): Promise<Server | undefined> {
  if (!metrics) return undefined
  const server = metricsServer(metrics)
  try {
    await listen(server, metrics.listen)
  } catch (error) {
    const sentence = listenProblem(error, metrics.listen, 'metrics')
    throw sentence === undefined ? error : new RangeError(sentence)
  }
  return server
}

/** What is done again and again beside the requests. @returns stops it, and waits for what is under way */
function startErrands({ web, store, trust, lists }: Bridge): () => Promise<unknown> {
  const running = new Set<Promise<unknown>>()
  const often = (every: number, what: string, errand: () => Promise<unknown>): (() => void) => {
    let busy = false
    const timer = setInterval(() => {
      if (busy) return
      busy = true
      const run = errand()
        .catch((error: unknown) => {
          web.log.error({ kind: error instanceof Error ? error.name : typeof error }, `${what} failed`)
        })
        .finally(() => {
          busy = false
          running.delete(run)
        })
      running.add(run)
    }, every)
    timer.unref()
    return () => clearInterval(timer)
  }
  const stops = [
    often(SWEEP_EVERY, 'sweep', () => store.sweep(web.ports.clock.now())),
    often(WITHDRAWALS_EVERY, 'following withdrawals', async () => {
      await endWithdrawnSessions(web.ports)
      await carryOutDestructions(web.ports)
    }),
    often(RETAIN_EVERY, 'retention', () => retain(web.ports, web.ports.retentionLimits)),
    often(TRUST_EVERY, 'round of trust', () => trust.tick()),
    ...(lists ? [often(lists.every, 'import of lists', () => lists.look())] : []),
    often(TELL_EVERY, 'telling journals of a logout', () => tellDue(web.ports)),
  ]
  return () => {
    for (const stop of stops) stop()
    return Promise.all(running)
  }
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
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
export function listenProblem(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
  section: 'listen' | 'metrics' = 'listen',
): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use. Stop the other program, or set another ${section === 'listen' ? 'listen.port (and publicUrl)' : 'metrics.port'} in the settings.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Ports below 1024 need a proxy in front or a right.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${host}. Set ${section}.host to 127.0.0.1 or one of its own.`
  return undefined
}
