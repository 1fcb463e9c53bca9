/** Answers that may be of any length: written while they are read, as fast as the browser takes them. */
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Response } from 'express'

/** Between two parts others have their turn. What breaks off looks broken off: the end of it is missing. */
export async function writeOut(response: Response, parts: AsyncIterable<string>): Promise<void> {
  // whoever went before we began closes nothing any more
  if (response.destroyed) return
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  for await (const part of parts) {
    if (gone.signal.aborted) return
    const goesOn = response.write(part)
    if (goesOn) await nextTurn()
    else await once(response, 'drain', { signal: gone.signal }).catch(() => undefined)
  }
  response.end()
}
