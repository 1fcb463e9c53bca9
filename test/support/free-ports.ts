/**
 * Ports for programs that cannot say which one they took. They lie below those that a system hands out by itself, to the
 * connections of everybody (Linux from 32768, others from 49152): none of these can take one before its program does, nor
 * while a server that was killed is away.
 */
import { createServer } from 'node:net'

const [FIRST, COUNT] = [10_100, 5_900]

/** Where two runs beside each other begin to look. */
let next = Math.floor(Math.random() * COUNT)

/** Ports that were free a moment ago, and are given to nobody else of this process. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = []
  for (let tried = 0; found.length < count; tried++) {
    if (tried === COUNT) throw new Error(`no ${count} ports are free from ${FIRST} on`)
    const port = FIRST + (next++ % COUNT)
    if (await isFree(port)) found.push(port)
  }
  return found
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0]!

/** On either address that `localhost` may have. */
const isFree = async (port: number): Promise<boolean> =>
  (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))

/** A machine without IPv6 has nobody there who could be in the way. */
const canListen = (port: number, host: string): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
