/** Logins as browsers make them: begun at the bridge, answered by the mock IdP's generator, posted many at a time. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { inflateRawSync } from 'node:zlib'
import { systemChance } from '../../src/base/chance.js'
import { defaultPeople } from '../../src/mock-idp/people.js'
import { makeResponse } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import type { Ready } from './child.js'
import type { Kind } from './stand.js'

/** A login whose answer waits to be posted. */
export interface Prepared {
  readonly cookie: string
  readonly body: string
}

/** Idle connections are given up before the server does so (5 s): else a post may meet one that is just being closed. */
const agent = new Agent({ keepAlive: true, timeout: 3_000 })

interface Answered {
  readonly status: number
  readonly headers: IncomingMessage['headers']
}

function ask(url: string, method: 'GET' | 'POST', cookie: string, body = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) }
    const headers = { Cookie: cookie, 'User-Agent': 'bench', ...(method === 'POST' && form) }
    const asked = httpRequest(url, { method, agent, headers }, response => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** A father of one child: one account, straight to the journal. */
const person = defaultPeople().all.find(({ key }) => key === 'father')!

/** Begins logins at the bridge and has them answered; nothing of this is measured. */
export async function prepare(
  { url, publicUrl = url, metadata, idp }: Ready,
  count: number,
  kind: Kind,
): Promise<Prepared[]> {
  const serviceProvider = readServiceProvider(metadata)
  const prepared: Prepared[] = []
  for (let i = 0; i < count; i++) {
    const { status, headers } = await ask(`${url}/login?journal=sgo`, 'GET', '')
    if (status !== 303) throw new Error(`GET /login answered ${status}`)
    const query = new URL(headers.location!).searchParams
    const authnRequest = inflateRawSync(Buffer.from(query.get('SAMLRequest')!, 'base64')).toString()
    const { base64 } = makeResponse({
      entityId: idp.entityId,
      key: idp,
      serviceProvider,
      acsUrl: `${publicUrl}/saml/acs`,
      inResponseTo: /\sID="([^"]+)"/.exec(authnRequest)![1],
      person,
      now: Date.now(),
      chance: systemChance,
      shape: kind,
    })
    const cookie = headers['set-cookie']!.map(line => line.slice(0, line.indexOf(';'))).join('; ')
    prepared.push({
      cookie,
      body: new URLSearchParams({ SAMLResponse: base64, RelayState: query.get('RelayState')! }).toString(),
    })
  }
  return prepared
}

/** Pages as a stranger sees them, one after the other. @throws Error unless all answer 200 or 303 */
export async function look(url: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const { status } = await ask(url, 'GET', '')
    if (status !== 200 && status !== 303) throw new Error(`GET ${url} answered ${status}`)
  }
}

/** @returns milliseconds each one took; @throws Error unless all are answered by a 303 */
export async function post(url: string, prepared: readonly Prepared[], inParallel: number): Promise<number[]> {
  const taken: number[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < prepared.length; at = next++) {
      const { cookie, body } = prepared[at]!
      const started = performance.now()
      const { status, headers } = await ask(`${url}/saml/acs`, 'POST', cookie, body)
      taken.push(performance.now() - started)
      if (status !== 303 || headers.location?.includes('/continue/'))
        throw new Error(`POST /saml/acs answered ${status} ${headers.location ?? ''}`)
    }
  }
  await Promise.all(Array.from({ length: inParallel }, worker))
  return taken
}
