/**
 * One connection to a Redis or Valkey server, over which everything is asked at once. When it breaks, whoever waits for an
 * answer hears of it, and whoever asks next opens another one: nothing is kept for later, and nothing is asked twice.
 */
import type { ShortLivedAddress } from '../../base/short-lived-address.js'
import { StoreUnavailable } from '../store-error.js'

/** Milliseconds until the server has let us in. */
const CONNECT_WITHIN = 3_000
/** Milliseconds until an answer; no question of ours takes a hundredth of it. */
const ANSWER_WITHIN = 3_000
/** Questions under way at most: of a server that is slow nobody waits in a queue without end. */
const MOST_WAITING = 10_000

export interface ConnectionOptions {
  readonly address: ShortLivedAddress
  readonly password?: string
  /** PEM; instead of the authorities that Node.js trusts. */
  readonly ca?: string
  /** Milliseconds; shorter in tests. */
  readonly answerWithin?: number
}

export interface Connection {
  readonly open: boolean
  /** @throws StoreUnavailable with the server's or the network's name for the reason; Error for a mistake of ours */
  send(words: readonly string[]): Promise<unknown>
  close(): void
}

export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { createClient } = await import('redis')
  const client = createClient({
    ...credentials(options),
    socket: { ...socketOf(options), connectTimeout: CONNECT_WITHIN, reconnectStrategy: false },
    database: options.address.database,
    RESP: 2,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  })
  // whoever asked hears of it
  client.on('error', () => undefined)
  const close = () => {
    if (client.isOpen) client.destroy()
  }
  const within = options.answerWithin ?? ANSWER_WITHIN
  await answered(client.connect(), within + CONNECT_WITHIN, close).catch((error: unknown) => {
    close()
    throw error
  })
  return {
    get open() {
      return client.isReady
    },
    send: words => answered(client.sendCommand([...words]), within, close),
    close,
  }
}

const credentials = ({ address: { user }, password }: ConnectionOptions) => ({
  ...(user !== undefined && { username: user }),
  ...(password !== undefined && { password }),
})

function socketOf({ address: { host, port, tls }, ca }: ConnectionOptions) {
  if (!tls) return { host, port, tls: false } as const
  return { host, port, tls: true, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) } as const
}

/** Of a server that says nothing any more the connection is given up, and with it every other question. */
async function answered<T>(asked: Promise<T>, within: number, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailable('REDIS_TIMEOUT', {})), within)
  })
  asked.catch(() => undefined)
  try {
    return await Promise.race([asked, late])
  } catch (error) {
    if (error instanceof StoreUnavailable) giveUp()
    throw judged(error)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Error replies that speak of the server and not of our question. MISCONF: it cannot write its file. MOVED: one node of a
 * cluster. In the message of an older server the code stands behind the line of a script.
 */
const UNAVAILABLE =
  /(?:^|-)(NOAUTH|WRONGPASS|NOPERM|LOADING|BUSY|MASTERDOWN|READONLY|MISCONF|NOREPLICAS|OOM|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|UNBLOCKED)\b/

function judged(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !(error instanceof Error)) return error
  const reply = UNAVAILABLE.exec(error.message)?.[1]
  if (reply !== undefined) return new StoreUnavailable(`REDIS_${reply}`, { cause: error })
  if (/^(ERR|NOSCRIPT|WRONGTYPE)\b/.test(error.message)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'REDIS_GONE'
  return new StoreUnavailable(code, { cause: error })
}
