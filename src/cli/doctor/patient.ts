import type { Configuration } from '../../settings/configuration.js'
import type { Instant } from '../../base/clock.js'
import type { Trust } from '../../saml/trust.js'
import type { Network } from '../network.js'

/** What doctor looks at. */
export interface Patient {
  readonly configuration: Configuration
  /** The settings file, as it was named. */
  readonly file: string
  readonly network: Network
  readonly now: Instant
  /** With the copies of fetched metadata; without it only the files count, as when the database cannot be opened. */
  readonly trust?: Trust
}

/**
 * One thing that was looked at. Green needs nothing; yellow should be mended; with red people cannot sign in; what was
 * skipped could not be looked at, and `what` says why.
 */
export interface Remark {
  readonly light: 'green' | 'yellow' | 'red' | 'skipped'
  /** Of a closed list, for programs. */
  readonly check:
    | 'settings' | 'node' | 'language' | 'name' | 'address' | 'tls' | 'itself' | 'redirect' | 'proxy' | 'clock'
    | 'metadata' | 'keys' | 'database' | 'disk' | 'idp' | 'journal' // prettier-ignore
  readonly what: string
  /** What to do. */
  readonly fix?: string
}

export const green = (check: Remark['check'], what: string): Remark => ({ light: 'green', check, what })
export const yellow = (check: Remark['check'], what: string, fix: string): Remark => ({
  light: 'yellow',
  check,
  what,
  fix,
})
export const red = (check: Remark['check'], what: string, fix: string): Remark => ({ light: 'red', check, what, fix })
export const skipped = (check: Remark['check'], what: string): Remark => ({ light: 'skipped', check, what })
