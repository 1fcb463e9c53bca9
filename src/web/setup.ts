/**
 * Web: the entrance for browsers. The only place that knows Express, HTML and cookies.
 * Does not touch: what a login means (login), SQL (store).
 * Called by: compose.ts.
 */
import type { Logger } from 'pino'
import type { Ports } from '../login/ports.js'
import type { HttpAnswer } from '../metrics/metrics.js'
import type { Watching } from '../watch/ports.js'
import type { PublicKeys } from '../journals/connector.js'

/** What the web layer needs besides the corridor's ports. */
export interface Web {
  readonly ports: Ports
  /** Sign the session cookie; the first signs, all are accepted. */
  readonly sessionSecrets: readonly string[]
  readonly trustProxy: false | string | readonly string[]
  /** What the start page calls this installation. */
  readonly title: string
  readonly support: { readonly email?: string }
  /** Our signed metadata, made anew when asked. */
  metadata(): string
  readonly publicKeys: PublicKeys
  /** What the watch has found: for whoever lifts a lock. */
  readonly watching: Watching
  /** @throws Unavailable while a login could not be served */
  ready(): Promise<void>
  /** Told of every answer, when somebody counts them. */
  readonly answered?: (answer: HttpAnswer) => void
  readonly log: Logger
}
