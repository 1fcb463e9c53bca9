/** What every handler asks of a request, and how it widens what a page may do. */
import type { Idp } from './idp.js'
import type { Fields, Request, Response } from './http.js'
import { BadMessage } from './redirect-binding.js'
import type { ServiceProvider } from './service-provider.js'

/** Cookies ignore ports, so the name must not be that of another program on this host. */
export const COOKIE = 'mock_gov_idp'

/** What stands after `?`, untouched. */
export const addressQuery = (request: Request): string => request.originalUrl.split('?')[1] ?? ''

export function sessionKey(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? '').split('; ')
  return pairs.find(pair => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
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
