/**
 * The moment at which a server stops listening. Whoever has knocked stands in a queue of the kernel that Node.js empties once
 * a turn of its loop, and what was just sent over a kept connection has not been read yet: a server that closes at any other
 * moment answers both with a reset. A balancer may then ask another node for a page, but never sends a form twice, and a
 * browser neither. So the server stops where the loop has just looked, and found nobody.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds: hardly anybody comes within a turn of the loop that takes less. */
const QUIET = 1
/** For a server that never comes to rest: it listens so many milliseconds longer, and no more. */
const LISTENS_ON = 1_000

/**
 * Whoever knocks from now on waits until what is under way lets the loop rest. Then the server listens no more, and they are
 * served as the last ones.
 * @param closed called when the last connection has ended
 */
export async function stopListening(server: Server, closed: () => void): Promise<void> {
  const newcomers = holdNewcomers(server)
  const end = performance.now() + LISTENS_ON
  // the turn that is going on may have looked before we began
  await turn()
  while (!(await isQuiet(newcomers)) && performance.now() < end);
  server.close(closed)
  newcomers.letIn()
}

async function isQuiet(newcomers: Newcomers): Promise<boolean> {
  const [began, before] = [performance.now(), newcomers.count()]
  await turn()
  return newcomers.count() === before && performance.now() - began < QUIET
}

interface Newcomers {
  count(): number
  letIn(): void
}

/** They are taken out of the queue, which costs next to nothing, and not heard yet: else the loop would never rest. */
function holdNewcomers(server: Server): Newcomers {
  const waiting: Socket[] = []
  // who gives up meanwhile is no error of ours
  const hold = (socket: Socket): void => void waiting.push(socket.on('error', ignore))
  const serve = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection').on('connection', hold)
  return {
    count: () => waiting.length,
    letIn() {
      server.off('connection', hold)
      for (const each of serve) server.on('connection', each)
      for (const socket of waiting.splice(0))
        if (!socket.destroyed) server.emit('connection', socket.off('error', ignore))
    },
  }
}

const ignore = (): void => undefined
