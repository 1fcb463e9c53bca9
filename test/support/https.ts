/** A real https server under a made-up name, and the network of somebody who trusts whoever signed for it. */
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { makeCertificate } from '../../src/certificates/make.js'
import { systemNetwork, type Network } from '../../src/cli/network.js'

const DAY = 86_400_000

export interface Served {
  /** `https://NAME:PORT`, without a slash. */
  readonly origin: string
  readonly port: number
  close(): Promise<void>
}

let made: ReturnType<typeof makeAuthority> | undefined
const makeAuthority = () =>
  makeCertificate({ commonName: 'test authority', at: Date.now(), days: 30, keyType: 'rsa-2048', isAuthority: true })
export const authority = () => (made ??= makeAuthority())

/** Names below `.test` lead to this machine, and the test's authority is trusted. */
export const testNetwork = async (): Promise<Partial<Network>> => ({
  lookup: host =>
    host.endsWith('.test')
      ? Promise.resolve(['127.0.0.1'])
      : host === 'localhost'
        ? systemNetwork.lookup(host)
        : Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
  authorities: [(await authority()).certificatePem],
  patience: 2_000,
})

export interface TlsWish {
  readonly name?: string
  /** Whole days from now; the past is expired. */
  readonly days?: number
  readonly selfSigned?: boolean
}

export async function serveHttps(listener: RequestListener, wish: TlsWish = {}, name = 'vhod.test'): Promise<Served> {
  return listen(createTlsServer(await tlsFor({ name, ...wish }), listener), `https://${name}`)
}

export const serveHttp = (listener: RequestListener, name = 'vhod.test'): Promise<Served> =>
  listen(createServer(listener), `http://${name}`)

export async function tlsFor({ name = 'vhod.test', days = 20, selfSigned = false }: TlsWish): Promise<ServerOptions> {
  const at = days > 0 ? Date.now() : Date.now() + (days - 1) * DAY
  const { privateKeyPem, certificatePem } = await makeCertificate({
    commonName: name,
    altNames: [name],
    at,
    days: Math.max(days, 1),
    keyType: 'rsa-2048',
    ...(!selfSigned && { issuer: await authority() }),
  })
  return { key: privateKeyPem, cert: certificatePem }
}

function listen(server: Server & { closeAllConnections?(): void }, at: string): Promise<Served> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({
        origin: `${at}:${port}`,
        port,
        close: () =>
          new Promise(done => {
            server.close(() => done())
            server.closeAllConnections?.()
          }),
      })
    })
  })
}
