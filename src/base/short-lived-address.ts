/** Which Redis or Valkey server is meant: what `storage.shortLived` may say, read in one place for settings, store and doctor. */
export interface ShortLivedAddress {
  readonly tls: boolean
  readonly host: string
  readonly port: number
  readonly user?: string
  /** The number of a database. */
  readonly database: number
}

const PORT = 6379

/**
 * Reads `redis://[USER@]HOST[:PORT][/NUMBER]` or, with TLS, `rediss://…`. A password never stands in it: settings are copied
 * and mailed.
 *
 * @returns undefined when it is neither
 */
export function readShortLivedAddress(text: string): ShortLivedAddress | undefined {
  const found =
    /^redis(s?):\/\/(?:([^\s:@/?#]+)@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?(?:\/(\d{1,4}))?\/?$/i.exec(text)
  if (!found) return undefined
  const [, tls, user, host = '', port, database] = found
  const at = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? PORT), database: Number(database ?? 0) }
  try {
    return { tls: tls !== '', ...at, ...(user !== undefined && { user: decodeURIComponent(user) }) }
  } catch {
    return undefined
  }
}
