/** What every handler asks of a request, and how it widens what a page may do. */
import { randomId } from '../base/chance.js'
import type { Idp } from './idp.js'
import type { Fields, Request, Response } from './http.js'
import { BadMessage } from './redirect-binding.js'
import type { ServiceProvider } from './service-provider.js'

/** Cookies ignore ports, so the name must not be that of another program on this host. */
export const COOKIE = 'mock_gov_idp'

/** What stands after `?`, untouched. */
export const addressQuery = (request: Request): string => request.originalUrl.split('?')[1] ?? ''

/** Knows a browser again, signed in or not: its inbox, and whether an account trusts it. */
const DEVICE_COOKIE = 'mock_gov_device'
const YEAR = 365 * 24 * 60 * 60_000

function cookieOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split('; ')
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

export const sessionKey = (request: Request): string | undefined => cookieOf(request, COOKIE)

export const cookieSettings = (idp: Idp) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: idp.baseUrl.startsWith('https:') }) as const

/** @returns the browser's id, which it is given now unless it has one */
export function deviceOf(idp: Idp, request: Request, response: Response): string {
  const known = cookieOf(request, DEVICE_COOKIE)
  if (known !== undefined && /^[\w-]{27}$/.test(known)) return known
  const id = randomId(idp.chance)
  response.cookie(DEVICE_COOKIE, id, { ...cookieSettings(idp), maxAge: YEAR })
  return id
}

const BROWSERS = [['YaBrowser', 'Яндекс Браузер'], ['Edg', 'Edge'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']] as const // prettier-ignore
const SYSTEMS = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['Linux', 'Linux']] as const // prettier-ignore

/** «Chrome, Windows»: what a person would recognise. */
export function deviceName(request: Request): string {
  const agent = request.headers['user-agent'] ?? ''
  const [, browser = 'Браузер'] = BROWSERS.find(([mark]) => agent.includes(mark)) ?? []
  const [, system] = SYSTEMS.find(([mark]) => agent.includes(mark)) ?? []
  return system === undefined ? browser : `${browser}, ${system}`
}

/** A repeated field arrives as an array: then it is as good as absent. */
export const field = (request: Request, name: string): string => {
  const { body } = request
  const value = typeof body === 'object' && body !== null && name in body ? (body as Fields)[name] : undefined
  return typeof value === 'string' ? value : ''
}

export async function known(idp: Idp, entityId: string): Promise<ServiceProvider> {
  const provider = await idp.providers.find(entityId)
  if (!provider) throw new BadMessage('Эта система не зарегистрирована на стенде: нет её метаданных.')
  return provider
}

/** The form goes to the service provider, which leads on to journals that we do not know: any http address is allowed. */
export function widenForms(response: Response): void {
  const policy = String(response.getHeader('Content-Security-Policy'))
  response.set('Content-Security-Policy', policy.replace("form-action 'self'", 'form-action http: https:'))
}
