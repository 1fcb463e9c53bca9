/** From a composed bridge to a listening one, and back. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Unavailable } from './base/unavailable.js'
import { errandsOf, tellKeys, type Errand } from './errands.js'
import { createApp } from './web/app.js'
import { messagesOf } from './web/messages.js'
import { stopListening } from './last-knock.js'
import { metricsServer } from './metrics/listener.js'
import type { Bridge } from './compose.js'

/** Milliseconds in which a client must have sent its headers, and its whole request: who dawdles holds nothing for long. */
const HEADERS_WITHIN = 10_000
const REQUEST_WITHIN = 30_000
/** How often that is looked at. */
const CHECK_EVERY = 2_000

/** Milliseconds for requests and errands that are under way when the bridge stops, and then for the database to be left. */
const PATIENCE = 5_000

export interface Listening {
  readonly port: number
  /** Of the figures, when there are any. */
  readonly metricsPort?: number
  /**
   * Not ready any more from now on; takes no new connection after `drain` milliseconds, answers what is under way, and is done
   * twice `PATIENCE` later at most: whatever is cut off then stands in the database and goes on at the next start.
   */
  close(drain?: number): Promise<void>
}

/**
 * @param errands what it does by itself, beside the requests
 * @throws Error of node:net, e.g. EADDRINUSE, which `listenProblem` turns into a sentence
 */
export async function serve(
  bridge: Bridge,
  at: { host: string; port: number },
  tls?: ServerOptions,
  errands: readonly Errand[] = errandsOf(bridge),
): Promise<Listening> {
  const { web, store } = bridge
  let stopping = false
  const app = createApp({ ...web, ready: () => (stopping ? Promise.reject(new Unavailable()) : web.ready()) })
  const messages = messagesOf(app)
  const options = { ...messages, connectionsCheckingInterval: CHECK_EVERY }
  const server = tls ? createTlsServer({ ...tls, ...options }, app) : createServer(options, app)
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (stopping) response.setHeader('Connection', 'close')
  })
  server.headersTimeout = HEADERS_WITHIN
  server.requestTimeout = REQUEST_WITHIN
  await tellKeys(bridge)
  await listen(server, at)
  const figures = await serveFigures(bridge).catch(async (error: unknown) => {
    await closed(server)
    throw error
  })
  const stopErrands = startErrands(errands, bridge)
  return {
    port: portOf(server),
    ...(figures && { metricsPort: portOf(figures) }),
    async close(drain = 0) {
      stopping = true
      await later(drain)
      await Promise.all([withinPatience(stopErrands()), closed(server), figures && closed(figures)])
      await withinPatience(leave(store).then(() => store.close()))
    },
  }
}

/** Where nothing can be written any more, whoever asks waits until we are forgotten. */
const leave = ({ keyHolders }: Bridge['store']): Promise<void> => keyHolders.leave().catch(() => undefined)

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

/** @returns stops the clocks, and waits for what is under way */
function startErrands(errands: readonly Errand[], bridge: Bridge): () => Promise<unknown> {
  const running = new Set<Promise<unknown>>()
  const stops = errands.map(errand => begin(errand, bridge, running))
  return () => {
    for (const stop of stops) stop()
    return Promise.all(running)
  }
}

/** One that fails goes on at its next time: the log has its kind. @returns stops its clock */
function begin({ what, every, run }: Errand, { web }: Bridge, running: Set<Promise<unknown>>): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    const work = run()
      .catch((error: unknown) => {
        web.log.error({ kind: error instanceof Error ? error.name : typeof error }, `${what} failed`)
      })
      .finally(() => {
        busy = false
        running.delete(work)
      })
    running.add(work)
  }, every)
  timer.unref()
  return () => clearInterval(timer)
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

const later = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/** A database that says nothing any more is not waited for, either. */
const withinPatience = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise(resolve => setTimeout(resolve, PATIENCE).unref())])

/** Requests under way are answered; idle connections are cut. */
function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    void stopListening(server, resolve)
    setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
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
