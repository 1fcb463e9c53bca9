/**
 * Costly requests take turns: one a round of the event loop. Whatever came meanwhile (a page, a probe of readiness, a timer)
 * is served before the next one, instead of waiting for all that arrived together.
 */
export function turns(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const next = (): void => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return () =>
    new Promise(resolve => {
      if (waiting.push(resolve) === 1) setImmediate(next)
    })
}
