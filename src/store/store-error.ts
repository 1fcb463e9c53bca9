import { Unavailable } from '../base/unavailable.js'

/** The database cannot be opened as the settings say. Its message tells the operator what to do; nothing was changed. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /** Whoever tries again later may get in without changing anything: the server is not up yet. */
  readonly passes: boolean

  constructor(message: string, { passes = false, ...options }: ErrorOptions & { readonly passes?: boolean } = {}) {
    super(message, options)
    this.passes = passes
  }
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
