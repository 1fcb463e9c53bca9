/** Which database is meant: what `storage.database` may say, read in one place for settings, store and doctor. */
export type DatabaseAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'postgres'
      /** Name or address; a folder, which begins with `/`, for a socket of this machine. */
      readonly host: string
      readonly port: number
      readonly user: string
      readonly database: string
    }

const POSTGRES_PORT = 5432

/**
 * Reads `sqlite:PATH`, `postgres://USER@HOST[:PORT]/DATABASE` or `postgres://USER@/DATABASE?host=/FOLDER/OF/THE/SOCKET`
 * (also `postgresql:`). Nothing else may stand in it, a password least of all: settings are copied and mailed.
 *
 * @returns undefined when it is none of them
 */
export function readDatabaseAddress(text: string): DatabaseAddress | undefined {
  const path = /^sqlite:(.+)$/s.exec(text)?.[1]
  if (path !== undefined) return { kind: 'sqlite', path }
  const found = /^postgres(?:ql)?:\/\/([^\s:@/?#]+)@([^\s/?#@]*)\/([^\s/?#]+)(?:\?host=(\/[^\s?#&]*))?$/.exec(text)
  if (!found) return undefined
  const [, user = '', at = '', database = '', socket] = found
  const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]*)(?::(\d{1,5}))?$/i.exec(at)
  const host = socket ?? name?.[1]?.replace(/^\[|\]$/g, '')
  if (!name || host === undefined || host === '' || (socket !== undefined && name[1] !== '')) return undefined
  try {
    const [decodedUser, decodedDatabase] = [decodeURIComponent(user), decodeURIComponent(database)]
    return {
      kind: 'postgres',
      host,
      port: Number(name[2] ?? POSTGRES_PORT),
      user: decodedUser,
      database: decodedDatabase,
    }
  } catch {
    return undefined
  }
}

/** Nobody can listen on the way. */
export const isThisMachine = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
