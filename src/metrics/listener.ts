import { createServer, type Server } from 'node:http'
import type { Metrics } from './metrics.js'

/**
 * A server of its own for the figures: it is for the machine that watches, never for the internet. It reads nothing of a
 * request but method and path, and holds no connection open for long.
 */
export function metricsServer(metrics: Pick<Metrics, 'text' | 'contentType'>): Server {
  const server = createServer((request, response) => {
    // the query is none of our business, and neither is a body
    const path = (request.url ?? '').split('?')[0]
    const refuse = (status: number, sentence: string, headers = {}): void => {
      response.writeHead(status, { ...PLAIN, ...headers, Connection: 'close' }).end(`${sentence}\n`)
    }
    if (request.method !== 'GET') return refuse(405, 'Only GET is answered here.', { Allow: 'GET' })
    if (path !== '/metrics') return refuse(404, 'The figures are at /metrics.')
    metrics.text().then(
      text => response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text),
      () => refuse(500, 'A figure could not be read; the log of the bridge tells more.'),
    )
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 5_000
  server.keepAliveTimeout = 5_000
  server.maxConnections = 20
  return server
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' } as const
