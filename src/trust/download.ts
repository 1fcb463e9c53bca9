/** Fetches metadata from an address that the settings name; nothing in a message ever leads here. */
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import { FetchError, type Fetch, type Seen } from './ports.js'

export interface DownloadOptions {
  /** Authorities (PEM) that are trusted besides those that Node.js knows. */
  readonly authorities?: readonly string[]
  /** http: for a demonstration on one machine. */
  readonly allowHttp?: boolean
  /** Milliseconds for the whole of it, redirects included. */
  readonly timeout?: number
}

const USUAL_TIMEOUT = 20_000
const MOST_REDIRECTS = 5
/** IIP-MD02 names 301, 302 and 307; 303 and 308 differ from them only where something is posted. */
const REDIRECTS = new Set([301, 302, 303, 307, 308])

export function createDownload({
  authorities = [],
  allowHttp = false,
  timeout = USUAL_TIMEOUT,
}: DownloadOptions = {}): Fetch {
  // a list of one's own takes the place of that of Node.js
  const known = authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }
  return async (address, most, seen) => {
    const signal = AbortSignal.timeout(timeout)
    let url = new URL(address)
    for (let redirects = 0; ; redirects++) {
      if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:'))
        throw new FetchError(`the server sends us on to an address that is not https (${url.protocol}//${url.host})`)
      const answer = await ask(url, { signal, headers: headersFor(seen), ...known })
      const next = REDIRECTS.has(answer.statusCode ?? 0) ? answer.headers.location : undefined
      if (next === undefined) return readAnswer(answer, url, most)
      answer.destroy()
      if (redirects >= MOST_REDIRECTS) throw new FetchError(`the server sent us on more than ${MOST_REDIRECTS} times`)
      if (!URL.canParse(next, url)) throw new FetchError('the server sends us on to something that is no address')
      url = new URL(next, url)
    }
  }
}

/** Unpacked: an honest federation has some ten megabytes, and nobody can hide a bomb in what is not packed. */
const headersFor = ({ etag, lastModified }: Seen): Record<string, string> => ({
  accept: 'application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1',
  'accept-encoding': 'identity',
  'user-agent': 'esia-school-bridge',
  ...(etag !== undefined && { 'if-none-match': etag }),
  ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
})

/** A connection of its own, closed afterwards: there is one visit in hours. */
function ask(url: URL, options: RequestOptions & { readonly ca?: string[] }): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    const asked = request(url, { ...options, agent: false }, resolve)
    asked.on('error', error => {
      reject(new FetchError(sentenceFor(error, url), { cause: error }))
    })
    asked.end()
  })
}

async function readAnswer(answer: IncomingMessage, url: URL, most: number): ReturnType<Fetch> {
  const { statusCode = 0, headers } = answer
  if (statusCode === 304) {
    answer.destroy()
    return { is: 'same' }
  }
  if (statusCode !== 200) {
    answer.destroy()
    throw new FetchError(`${url.host} answers with status ${statusCode}`)
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new FetchError(`${url.host} sends it packed (Content-Encoding), although we did not ask for that`)
  const octets = await collect(answer, url, most)
  const { etag, 'last-modified': lastModified } = headers
  return {
    is: 'new',
    octets,
    ...(isShort(etag) && { etag }),
    ...(isShort(lastModified) && { lastModified }),
  }
}

const isShort = (header: string | undefined): header is string => header !== undefined && header.length <= 500

async function collect(answer: IncomingMessage, url: URL, most: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of answer) {
      const octets = part as Buffer
      length += octets.length
      if (length > most) throw new FetchError(`${url.host} sends more than ${most / 1024 / 1024} MiB`)
      parts.push(octets)
    }
  } catch (error) {
    if (error instanceof FetchError || !(error instanceof Error)) throw error
    throw new FetchError(sentenceFor(error, url), { cause: error })
  }
  if (length === 0) throw new FetchError(`${url.host} sends nothing`)
  return Buffer.concat(parts)
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has no address in the DNS',
  EAI_AGAIN: 'cannot be looked up: the DNS does not answer',
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'broke the connection off in the middle',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  CERT_HAS_EXPIRED: 'shows a TLS certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a TLS certificate of another name',
}
const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

function sentenceFor(error: Error, { host }: URL): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `${host} does not answer in time`
  const { code = 'unknown error' } = error as NodeJS.ErrnoException
  if (UNKNOWN_AUTHORITY.has(code))
    return `${host} shows a TLS certificate of an authority that we do not know (${code}); add the authority with NODE_EXTRA_CA_CERTS`
  return `${host} ${Object.hasOwn(SENTENCES, code) ? SENTENCES[code]! : `cannot be read (${code})`}`
}
