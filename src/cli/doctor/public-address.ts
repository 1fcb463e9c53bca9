/** Whether browsers reach the bridge under publicUrl, whether it is this bridge, and what the proxy makes of requests. */
import { randomBytes } from 'node:crypto'
import { doctorsQuestion, isProof, QUESTION_HEADER } from '../../base/doctors-question.js'
import { ask, NoAnswer, type Answer, type Network } from '../network.js'
import { oneLine } from '../printable.js'
import { tlsRemarks } from './certificate.js'
import { green, red, skipped, verbatim, yellow, type Patient, type Remark, type Said } from './patient.js'
import { proxy, type Seen } from './proxy.js'

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

const NOT_REACHED = skipped('itself', {
  en: 'TLS, proxy and clocks: they can be seen once publicUrl answers',
  ru: 'TLS, прокси и часы: их станет видно, когда publicUrl ответит',
})
const NO_TLS = skipped('tls', {
  en: 'publicUrl is http://, so there is no certificate; for real use it must be https://',
  ru: 'publicUrl начинается с http://, сертификата нет; для настоящей работы нужен https://',
})

const questionOf = ({ configuration, now }: Patient): string =>
  doctorsQuestion(configuration.secrets.session[0]!, randomBytes(16).toString('base64url'), now)

async function nameOf(network: Network, host: string): Promise<Remark> {
  try {
    const addresses = await network.lookup(host.replace(/^\[|\]$/g, ''))
    const to = addresses.join(', ')
    return green('name', { en: `${host} leads to ${to}`, ru: `${host} ведёт на ${to}` })
  } catch {
    const fix = {
      en: 'enter it with the name server (DNS), or correct publicUrl',
      ru: 'внесите его в DNS или исправьте publicUrl',
    }
    return red('name', { en: `nobody knows the name ${host}`, ru: `имени ${host} никто не знает` }, fix)
  }
}

/** Tells whether the bridge is down or only the way to it is wrong. */
async function notReached(patient: Patient, url: URL, error: NoAnswer): Promise<Remark> {
  const { host, port } = patient.configuration.settings.listen
  const at = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host
  const what = { en: `${url.origin} ${error.message}`, ru: `${url.origin} ${error.inRussian}` }
  const question = questionOf(patient)
  const here = await ask(patient.network, new URL(`http://${at}:${port}/healthz`), {
    headers: { [QUESTION_HEADER]: question },
  }).catch(() => undefined)
  return here && isProof(patient.configuration.secrets.session[0]!, question, read(here).proof)
    ? red('address', behindDoor(what, `${host}:${port}`), LOOK_IN_FRONT)
    : red('address', down(what, `${host}:${port}`), startOf(patient))
}

const behindDoor = ({ en, ru }: Said, at: string): Said => ({
  en: `${en}, but the bridge runs at ${at}`,
  ru: `${ru}, но мост работает: ${at}`,
})

const LOOK_IN_FRONT = {
  en: 'look at the web server in front of it and at the firewall',
  ru: 'проверьте веб-сервер перед мостом и межсетевой экран',
}

const down = ({ en, ru }: Said, at: string): Said => ({
  en: `${en}, and no bridge answers at ${at}`,
  ru: `${ru}, и сам мост не отвечает: ${at}`,
})

/** To be pasted as it stands: into a shell of Unix or of Windows. */
function startOf({ file }: Patient): Said {
  const command = `npm start -- --config ${/^[\w./\\:@+-]+$/.test(file) ? file : `"${oneLine(file)}"`}`
  return { en: `start it: ${command}`, ru: `запустите его: ${command}` }
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
  if (status >= 300 && status < 400) return [leadsOn(oneLine(headers.location ?? '(nowhere)'))]
  if (status >= 500) return [withoutBridge(status)]
  const health = read(answer)
  const { seen } = health
  if (status !== 200 || !isProof(secrets.session[0]!, question, health.proof) || !seen) return [stranger(status)]
  const skew = settings.clockSkew / 1000
  const drifts = (health.drifts ?? []).map(({ idp, seconds, answers }) => {
    const [whose, apart] = [oneLine(idp), Math.abs(seconds)]
    const what = {
      en: `the clock of ${whose} is ${apart} s ${seconds < 0 ? 'behind' : 'ahead of'} ours (${answers} answers)`,
      ru: `часы ${whose} ${driftInRussian(seconds)} (ответов: ${answers})`,
    }
    return driftRemark(what, seconds, skew)
  })
  const well = { en: 'publicUrl leads to this bridge', ru: 'publicUrl ведёт к этому мосту' }
  return [green('itself', well), ...proxy(settings, seen), ...drifts]
}

const leadsOn = (to: string): Remark =>
  red(
    'itself',
    { en: `publicUrl leads on to ${to}`, ru: `publicUrl перенаправляет на ${to}` },
    {
      en: 'write the address where it ends into publicUrl, or let the web server pass it on',
      ru: 'впишите в publicUrl адрес, на котором всё кончается, или пусть веб-сервер передаёт запросы мосту сам',
    },
  )

const withoutBridge = (status: number): Remark =>
  red(
    'itself',
    {
      en: `publicUrl answers ${status}: a web server without the bridge behind it`,
      ru: `publicUrl отвечает ${status}: это веб-сервер, за которым нет моста`,
    },
    {
      en: 'start the bridge, and compare the port in the web server with listen.port',
      ru: 'запустите мост и сравните порт в веб-сервере с listen.port',
    },
  )

const stranger = (status: number): Remark =>
  red(
    'itself',
    {
      en: `another program answers at publicUrl, or a bridge with other settings (${status})`,
      ru: `по publicUrl отвечает другая программа или мост с другими настройками (${status})`,
    },
    {
      en: 'compare the port in the web server with listen.port; after a change of secrets.session start the bridge again',
      ru: 'сравните порт в веб-сервере с listen.port; после смены secrets.session перезапустите мост',
    },
  )

/** After a noun in the plural: `часы …`. */
export const driftInRussian = (seconds: number): string =>
  `${seconds < 0 ? 'отстают от наших' : 'спешат относительно наших'} на ${Math.abs(seconds)} с`

export function driftRemark(what: Said, seconds: number, skew: number): Remark {
  const fix = {
    en: 'look at the clock of this machine first (NTP), then ask the IdP to look at theirs',
    ru: 'сначала проверьте часы этой машины (NTP), потом попросите администраторов IdP проверить свои',
  }
  if (Math.abs(seconds) > skew) return red('clock', what, fix)
  return Math.abs(seconds) >= 30 ? yellow('clock', what, fix) : green('clock', what)
}

/** Somebody types the name without https: he should end at the right address, and our pages must not answer without TLS. */
export async function plainHttp(network: Network, url: URL, port = ''): Promise<readonly Remark[]> {
  if (url.protocol !== 'https:' || (url.port !== '' && port === '')) return []
  const plain = new URL(`http://${url.hostname}${port && ':'}${port}/`)
  try {
    const { status, headers } = await ask(network, plain)
    const to = headers.location ?? ''
    if (status >= 300 && status < 400 && to.startsWith('https://'))
      return [green('redirect', { en: 'http leads to https', ru: 'http ведёт на https' })]
    const what = {
      en: `http://${url.hostname}/ answers ${status} instead of leading to https`,
      ru: `http://${url.hostname}/ отвечает ${status}, а должен вести на https`,
    }
    return [yellow('redirect', what, verbatim('nginx: return 301 https://$host$request_uri'))]
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const plainly = `http://${url.hostname}/`
    const what = { en: `${plainly} ${error.message}`, ru: `${plainly} ${error.inRussian}` }
    return [yellow('redirect', what, LEAD_ON)]
  }
}

const LEAD_ON = {
  en: 'let port 80 lead to https: people type names without it',
  ru: 'пусть порт 80 ведёт на https: люди набирают имя без него',
}
