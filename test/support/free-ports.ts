import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listening))
  const ports = servers.map(server => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(server => new Promise(done => server.close(done))))
  return ports
}

const listening = () =>
  new Promise<ReturnType<typeof createServer>>(resolve => {
    const server = createServer().listen(0, 'localhost', () => resolve(server))
  })
