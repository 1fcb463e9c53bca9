/** Whether browsers reach the bridge under publicUrl, whether it is this bridge, and what the proxy makes of requests. */
import { randomBytes } from 'node:crypto'
import { doctorsQuestion, isProof, QUESTION_HEADER } from '../../base/doctors-question.js'
import { daysLeft, SOON } from '../../settings/expiries.js'
import { ask, NoAnswer, type Answer, type Network, type TlsSeen } from '../network.js'
import { oneLine, shownTime } from '../printable.js'
import { green, red, skipped, yellow, type Patient, type Remark } from './patient.js'

export async function publicAddress(patient: Patient): Promise<readonly Remark[]> {
  const url = new URL(patient.configuration.settings.publicUrl)
  const name = await nameOf(patient.network, url.hostname)
  if (name.light === 'red') return [name, NOT_REACHED]
  const question = questionOf(patient)
  try {
    const answer = await ask(patient.network, new URL('/healthz', url), { headers: { [QUESTION_HEADER]: question } })
    const tls = answer.tls ? tlsRemarks(answer.tls, patient.now) : [NO_TLS]
    return [name, ...tls, ...itself(patient, answer, question), ...(await plainHttp(patient.network, url))]
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return [name, await notReached(patient, url, error), NOT_REACHED]
  }
}

const NOT_REACHED = skipped('itself', 'TLS, proxy and clocks: they can be seen once publicUrl answers')
const NO_TLS = skipped('tls', 'publicUrl is http://, so there is no certificate; for real use it must be https://')

const questionOf = ({ configuration, now }: Patient): string =>
  doctorsQuestion(configuration.secrets.session[0]!, randomBytes(16).toString('base64url'), now)

async function nameOf(network: Network, host: string): Promise<Remark> {
  try {
    const addresses = await network.lookup(host.replace(/^\[|\]$/g, ''))
    return green('name', `${host} leads to ${addresses.join(', ')}`)
  } catch {
    return red('name', `nobody knows the name ${host}`, 'enter it with the name server (DNS), or correct publicUrl')
  }
}

/** Tells whether the bridge is down or only the way to it is wrong. */
async function notReached(patient: Patient, url: URL, error: NoAnswer): Promise<Remark> {
  const { host, port } = patient.configuration.settings.listen
  const at = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host
  const what = `${url.origin} ${error.message}`
  const question = questionOf(patient)
  const here = await ask(patient.network, new URL(`http://${at}:${port}/healthz`), {
    headers: { [QUESTION_HEADER]: question },
  }).catch(() => undefined)
  return here && isProof(patient.configuration.secrets.session[0]!, question, read(here).proof)
    ? red(
        'address',
        `${what}, but the bridge runs at ${host}:${port}`,
        'look at the web server in front of it and at the firewall',
      )
    : red('address', `${what}, and no bridge answers at ${host}:${port}`, `start it: ${startOf(patient)}`)
}

/** To be pasted as it stands: into a shell of Unix or of Windows. */
const startOf = ({ file }: Patient): string =>
  `npm start -- --config ${/^[\w./\\:@+-]+$/.test(file) ? file : `"${oneLine(file)}"`}`

const TLS_FAULTS: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  CERT_HAS_EXPIRED: ['the certificate has expired', 'renew it'],
  CERT_NOT_YET_VALID: ['the certificate is not valid yet', 'look at the clock of this machine'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['the certificate is for another name', 'get one for the name in publicUrl'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['the intermediate certificate is missing', 'have the web server send the whole chain (fullchain)'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['the certificate is from an authority that Node.js does not know', 'have the web server send the whole chain; a root of your own goes into NODE_EXTRA_CA_CERTS'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['the certificate is self-signed', 'get one from an authority that browsers trust'],
  SELF_SIGNED_CERT_IN_CHAIN: ['the certificate is from an authority of somebody’s own', 'get one from an authority that browsers trust, or give its root in NODE_EXTRA_CA_CERTS'],
} // prettier-ignore

export function tlsRemarks({ fault, protocol, notAfter }: TlsSeen, now: number): readonly Remark[] {
  const version = /^TLSv1\.[23]$/.test(protocol)
    ? []
    : [red('tls', `${protocol} is spoken, which browsers refuse`, 'let the web server speak TLS 1.2 and 1.3')]
  if (fault !== undefined) {
    const [what, fix] = TLS_FAULTS[fault] ?? [`browsers would not trust it (${fault})`, 'look at it in a browser']
    return [red('tls', what, fix), ...version]
  }
  const until = `the certificate of publicUrl ends on ${shownTime(notAfter)}, in ${daysLeft(notAfter, now)} days`
  if (notAfter <= now + SOON / 2) return [yellow('tls', until, 'see why it is not renewed by itself'), ...version]
  return [green('tls', `${protocol}; ${until}`), ...version]
}

interface Seen {
  readonly host: string
  readonly peer: string
  readonly address: string
  readonly forwardedFor: boolean
}

interface Health {
  readonly proof?: unknown
  readonly seen?: Seen
  readonly drifts?: readonly { readonly idp: string; readonly seconds: number; readonly answers: number }[]
}

function read({ body }: Answer): Health {
  try {
    return JSON.parse(body.toString()) as Health
  } catch {
    return {}
  }
}

function itself({ configuration }: Patient, answer: Answer, question: string): readonly Remark[] {
  const { settings, secrets } = configuration
  const { status, headers } = answer
  if (status >= 300 && status < 400)
    return [red('itself', `publicUrl leads on to ${oneLine(headers.location ?? '(nowhere)')}`, 'write the address where it ends into publicUrl, or let the web server pass it on')] // prettier-ignore
  if (status >= 500)
    return [red('itself', `publicUrl answers ${status}: a web server without the bridge behind it`, 'start the bridge, and compare the port in the web server with listen.port')] // prettier-ignore
  const health = read(answer)
  const { seen } = health
  if (status !== 200 || !isProof(secrets.session[0]!, question, health.proof) || !seen)
    return [red('itself', `another program answers at publicUrl, or a bridge with other settings (${status})`, 'compare the port in the web server with listen.port; after a change of secrets.session start the bridge again')] // prettier-ignore
  const skew = settings.clockSkew / 1000
  const drifts = (health.drifts ?? []).map(({ idp, seconds, answers }) => {
    const what = `the clock of ${oneLine(idp)} is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours (${answers} answers)`
    return driftRemark(what, seconds, skew)
  })
  return [green('itself', 'publicUrl leads to this bridge'), ...proxy(settings, seen), ...drifts]
}

export function driftRemark(what: string, seconds: number, skew: number): Remark {
  const fix = 'look at the clock of this machine first (NTP), then ask the IdP to look at theirs'
  if (Math.abs(seconds) > skew) return red('clock', what, fix)
  return Math.abs(seconds) >= 30 ? yellow('clock', what, fix) : green('clock', what)
}

export function proxy({ publicUrl, listen }: Patient['configuration']['settings'], seen: Seen): readonly Remark[] {
  const remarks: Remark[] = []
  const expected = new URL(publicUrl).host
  if (seen.host !== expected)
    remarks.push(yellow('proxy', `the web server changes Host to ${oneLine(seen.host)}`, `nothing breaks, since only publicUrl counts; nginx: proxy_set_header Host ${expected}`)) // prettier-ignore
  if (seen.forwardedFor && listen.trustProxy === false)
    remarks.push(yellow('proxy', 'X-Forwarded-For comes and is not believed: the audit shows the address of the web server', 'set listen.trustProxy: loopback if the web server is on this machine, else its address')) // prettier-ignore
  else if (seen.forwardedFor && seen.address === seen.peer)
    remarks.push(yellow('proxy', `X-Forwarded-For comes from ${seen.peer}, which is not in listen.trustProxy`, 'add that address if it is your web server')) // prettier-ignore
  else if (!seen.forwardedFor && listen.trustProxy !== false)
    remarks.push(yellow('proxy', 'no X-Forwarded-For comes: the audit shows one address for everybody', 'nginx: proxy_set_header X-Forwarded-For $remote_addr')) // prettier-ignore
  return remarks.length > 0
    ? remarks
    : [green('proxy', `requests arrive as they should; this one came from ${seen.address}`)]
}

/** Somebody types the name without https: he should end at the right address, and our pages must not answer without TLS. */
export async function plainHttp(network: Network, url: URL, port = ''): Promise<readonly Remark[]> {
  if (url.protocol !== 'https:' || (url.port !== '' && port === '')) return []
  const plain = new URL(`http://${url.hostname}${port && ':'}${port}/`)
  try {
    const { status, headers } = await ask(network, plain)
    const to = headers.location ?? ''
    if (status >= 300 && status < 400 && to.startsWith('https://')) return [green('redirect', 'http leads to https')]
    return [yellow('redirect', `http://${url.hostname}/ answers ${status} instead of leading to https`, 'nginx: return 301 https://$host$request_uri')] // prettier-ignore
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return [yellow('redirect', `http://${url.hostname}/ ${error.message}`, 'let port 80 lead to https: people type names without it')] // prettier-ignore
  }
}
