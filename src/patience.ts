/**
 * Starting beside servers of ours that may come up later: after a power cut everything starts at once, and a database that
 * puts itself in order takes minutes. A service manager that starts us anew each time would give up before that.
 */
import type { Logger } from 'pino'
import { mayPass } from './base/unavailable.js'

/** Milliseconds: between two tries, between two lines of the log, and in all; then the service manager begins anew. */
const AGAIN_AFTER = 1_000
const TELL_EVERY = 30_000
const AT_MOST = 300_000

/**
 * @param start leaves nothing open when it fails
 * @throws what `start` throws when waiting does not help, and what it threw last when waiting took too long
 */
export async function whenServersAnswer<T>(
  start: () => Promise<T>,
  log: Pick<Logger, 'warn'>,
  { again = AGAIN_AFTER, most = AT_MOST } = {},
): Promise<T> {
  const since = performance.now()
  let told = -Infinity
  for (;;) {
    try {
      return await start()
    } catch (error) {
      const waited = performance.now() - since
      if (!mayPass(error) || waited >= most) throw error
      if (waited - told >= TELL_EVERY) {
        log.warn({ kind: error.name, waited: Math.round(waited / 1000) }, `${error.message} Waiting for it.`)
        told = waited
      }
      await new Promise(resolve => setTimeout(resolve, again))
    }
  }
}
