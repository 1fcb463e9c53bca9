import { Unavailable } from '../base/unavailable.js'

/** The database cannot be opened as the settings say. Its message tells the operator what to do; nothing was changed. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/**
 * The database cannot be used now: disk full, locked by another program, server gone. What was asked has not happened at
 * all (of a server that goes in the middle of a commit nobody knows: docs/decisions/0020), and asking again later may succeed;
 * web answers 503.
 */
export class StoreUnavailable extends Unavailable {
  override readonly name = 'StoreUnavailable'
  /** The database's own name for it: `SQLITE_FULL`, `57P01`, `ECONNREFUSED`. */
  readonly reason: string

  constructor(reason: string, options: ErrorOptions) {
    super(`The database cannot be used at the moment (${reason}).`, options)
    this.reason = reason
  }
}
