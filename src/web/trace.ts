/** W3C Trace Context, level 1: the proxy in front has given the request a name that its own log knows. */
import type { Trace } from '../base/trace.js'

/** Version, trace-id, parent-id, flags (3.2); later versions may add something behind. */
const TRACEPARENT =
  /^(?<version>(?!ff)[0-9a-f]{2})-(?!0{32})(?<id>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/

/** @returns undefined when the header is none, or was sent twice */
export function traceOf(header: string | string[] | undefined): Trace | undefined {
  const { version, id, flags, more } =
    (typeof header === 'string' ? TRACEPARENT.exec(header.slice(0, 200))?.groups : undefined) ?? {}
  if (id === undefined || flags === undefined || (version === '00' && more !== undefined)) return undefined
  return { id, flags }
}
