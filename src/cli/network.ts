/** The network as a command sees it: names, connections, answers. Every wait has an end, every answer a size. */
import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIPv6, type LookupFunction } from 'node:net'
import { rootCertificates, TLSSocket } from 'node:tls'

/** What tests bring along: names of their own, and an authority that signs for them. */
export interface Network {
  /** @returns addresses of a host name; @throws Error with the `code` of the resolver */
  readonly lookup: (host: string) => Promise<readonly string[]>
  /** Authorities in PEM form that are trusted besides those of Node.js. */
  readonly authorities: readonly string[]
  /** Milliseconds after which a silent partner is given up. */
  readonly patience: number
}

export const systemNetwork: Network = {
  lookup: async host => (await systemLookup(host, { all: true })).map(({ address }) => address),
  authorities: [],
  patience: 5_000,
}

/** What TLS said about the other side. */
export interface TlsSeen {
  /** Why a browser would not trust it; undefined when it would. */
  readonly fault?: string
  readonly protocol: string
  /** End of the certificate's validity. */
  readonly notAfter: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly tls?: TlsSeen
}

/** A list is sent as a line for each of its values. */
export type Headers = Readonly<Record<string, string | readonly string[]>>

export interface Question {
  readonly headers?: Headers
  readonly method?: 'GET' | 'HEAD' | 'POST'
  /** Of a POST. */
  readonly body?: string
  /** Octets of the body; whatever is larger is given up. */
  readonly most?: number
}

/** Nobody answered, or not in time. The message completes "it": `refuses the connection`; so does the Russian one, for any gender. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly inRussian: string

  constructor(message: string, inRussian: string, options?: ErrorOptions) {
    super(message, options)
    this.inRussian = inRussian
  }
}

const MEGABYTE = 1024 * 1024

/**
 * Asks once and follows no redirect. A certificate that no browser would trust is looked at, too, and told of: whoever may
 * not go on with one looks at `tls.fault`.
 *
 * @throws NoAnswer
 */
export function ask(network: Network, url: URL, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, most = MEGABYTE, body } = question
  const options = {
    method,
    headers: { 'User-Agent': 'esia-school-bridge', Accept: '*/*', ...(headers as Record<string, string | string[]>) },
    agent: false as const,
    signal: AbortSignal.timeout(network.patience),
    lookup: lookupBy(network),
  }
  return new Promise((resolve, reject) => {
    const receive = (response: IncomingMessage): void => {
      const tls = response.socket instanceof TLSSocket ? tlsOf(response.socket) : undefined
      collect(response, most).then(
        body => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, ...(tls && { tls }) }),
        (error: unknown) => reject(noAnswer(error)),
      )
    }
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, rejectUnauthorized: false, ...trustedBy(network) }, receive)
        : httpRequest(url, options, receive)
    request.on('error', error => reject(noAnswer(error)))
    request.end(body)
  })
}

const lookupBy =
  (network: Network): LookupFunction =>
  (host, { all }, done) => {
    network.lookup(host).then(
      addresses => {
        const found = addresses.map(address => ({ address, family: isIPv6(address) ? 6 : 4 }))
        if (all === true) done(null, found)
        else done(null, found[0]?.address ?? '', found[0]?.family)
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, ''),
    )
  }

/** A list of one's own takes the place of the one of Node.js, so that both are given; NODE_EXTRA_CA_CERTS counts otherwise. */
const trustedBy = ({ authorities }: Network): { readonly ca?: string[] } =>
  authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }

function tlsOf(socket: TLSSocket): TlsSeen {
  // types say Error, and Node.js gives the code of OpenSSL as text
  const fault: unknown = socket.authorized ? undefined : socket.authorizationError
  const { valid_to: until } = socket.getPeerCertificate() as { readonly valid_to?: string }
  return {
    ...(!socket.authorized && { fault: fault instanceof Error ? fault.message : String(fault) }),
    protocol: socket.getProtocol() ?? 'unknown',
    notAfter: Date.parse(until ?? ''),
  }
}

async function collect(response: IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response) {
    length += (part as Buffer).length
    const mebibytes = Math.round(most / MEGABYTE)
    if (length > most) throw new NoAnswer(`sends more than ${mebibytes} MiB`, `присылает больше ${mebibytes} МиБ`)
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}

function noAnswer(error: unknown): NoAnswer {
  if (error instanceof NoAnswer) return error
  const { code = '', name = '' } = error as { readonly code?: string; readonly name?: string }
  const seen = code === '' ? name : code
  const [english, russian] = REASONS[name === 'AbortError' || name === 'TimeoutError' ? 'ETIMEDOUT' : code] ?? [
    `cannot be spoken to (${seen})`,
    `не даёт с собой соединиться (${seen})`,
  ]
  return new NoAnswer(english, russian, { cause: error })
}

const UNREACHABLE = ['cannot be reached from here', 'лежит за сетью, куда отсюда нет дороги'] as const
const NO_TLS = ['does not speak TLS there', 'не говорит там по TLS'] as const

const REASONS: Readonly<Record<string, readonly [english: string, russian: string]>> = {
  ETIMEDOUT: ['does not answer in time', 'не отвечает вовремя'],
  ECONNREFUSED: ['refuses the connection: nothing listens there', 'отклоняет соединение: там никто не слушает'],
  ECONNRESET: ['breaks the connection off', 'обрывает соединение'],
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOTFOUND: ['has a name that nobody knows', 'носит имя, которого никто не знает'],
  EAI_AGAIN: ['has a name that the name server cannot look up now', 'носит имя, которое сервер имён сейчас не находит'],
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
}
