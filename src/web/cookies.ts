/** Our cookies. Names are distinct from those of other programs on the host, since cookies ignore ports. */
import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Instant } from '../base/clock.js'
import { KNOWN_LONGER } from '../login/recent.js'

/** A browser may have this many logins under way; the oldest goes first. */
const LOGINS_PER_BROWSER = 20

export const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:')

export const sessionCookieName = (secure: boolean): string => (secure ? '__Host-vhod-session' : 'vhod-session')

/**
 * Every value of every cookie as sent, in order; a name may come twice.
 * @returns pairs of name and raw value
 */
export function cookiesOf(request: Request): readonly (readonly [string, string])[] {
  return (request.headers.cookie ?? '').split(';').flatMap(part => {
    const at = part.indexOf('=')
    return at < 1 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const]
  })
}

/**
 * The cookie of one login, or of a logout that went to the IdP. Over https `__Host-`, `SameSite=None`: the IdP's form post is cross-site. Over plain http (demo
 * and tests) it is set twice, `None; Secure` and `Lax`, either of which identifies the browser. It lives as long as the
 * login's record, which outlives the login: so whoever comes late is known, and led on.
 */
function loginCookieNames(login: string, secure: boolean): readonly string[] {
  return secure ? [`__Host-vhod-login-${login}`] : [`vhod-login-${login}`, `vhod-login-lax-${login}`]
}

const LOGIN_COOKIE = /^(?:__Host-)?vhod-login-(?:lax-)?([\w-]{27})$/

export interface LoginCookie {
  readonly login: string
  readonly secret: string
  readonly startedAt: Instant
  readonly expiresAt: Instant
}

export function setLoginCookie(request: Request, response: Response, secure: boolean, cookie: LoginCookie): void {
  const value = `${cookie.startedAt.toString(36)}.${cookie.secret}`
  const shared = { httpOnly: true, path: '/', maxAge: cookie.expiresAt + KNOWN_LONGER - cookie.startedAt }
  const [name, lax] = loginCookieNames(cookie.login, secure)
  response.cookie(name!, value, { ...shared, secure: true, sameSite: 'none' })
  if (lax !== undefined) response.cookie(lax, value, { ...shared, sameSite: 'lax' })
  dropOldest(request, response, secure)
}

/** @returns what the browser kept of its logins: login → secrets, over http both copies; the youngest first */
export function loginSecrets(request: Request, secure: boolean): ReadonlyMap<string, readonly string[]> {
  const came = cookiesOf(request).flatMap(([name, value]) => {
    const login = LOGIN_COOKIE.exec(name)?.[1]
    if (login === undefined || !loginCookieNames(login, secure).includes(name)) return []
    const at = value.indexOf('.')
    return [{ login, secret: value.slice(at + 1), startedAt: parseInt(value.slice(0, at), 36) || 0 }]
  })
  const secrets = new Map<string, string[]>()
  for (const { login, secret } of came.sort((a, b) => b.startedAt - a.startedAt))
    secrets.set(login, [...(secrets.get(login) ?? []), secret])
  return secrets
}

function dropOldest(request: Request, response: Response, secure: boolean): void {
  const started = new Map<string, number>()
  for (const [name, value] of cookiesOf(request)) {
    const login = LOGIN_COOKIE.exec(name)?.[1]
    if (login !== undefined) started.set(login, parseInt(value.split('.')[0]!, 36) || 0)
  }
  const excess = started.size + 1 - LOGINS_PER_BROWSER
  if (excess <= 0) return
  const oldestFirst = [...started].sort((a, b) => a[1] - b[1]).map(([login]) => login)
  for (const login of oldestFirst.slice(0, excess)) clearLoginCookie(response, login, secure)
}

export function clearLoginCookie(response: Response, login: string, secure: boolean): void {
  const [name, lax] = loginCookieNames(login, secure)
  response.clearCookie(name!, { path: '/', httpOnly: true, secure: true, sameSite: 'none' })
  if (lax !== undefined) response.clearCookie(lax, { path: '/', httpOnly: true, sameSite: 'lax' })
}

/** What this browser chose last: hashes, since entityIDs are long. A mark stands at a choice, it never makes one. */
const HALF_A_YEAR = 180 * 86_400_000
const mark = (chosen: string): string => createHash('sha256').update(chosen).digest('base64url').slice(0, 16)

const idpCookieName = (secure: boolean): string => (secure ? '__Host-vhod-idp' : 'vhod-idp')

export const rememberIdp = (response: Response, entityId: string, secure: boolean): void =>
  keep(response, idpCookieName(secure), mark(entityId), secure)

export const choseBefore = (request: Request, entityId: string, secure: boolean): boolean =>
  cookiesOf(request).some(([name, value]) => name === idpCookieName(secure) && value === mark(entityId))

/** Children and accounts: one family may have several journals, and several people one browser. */
const choiceCookieName = (secure: boolean): string => (secure ? '__Host-vhod-choice' : 'vhod-choice')
const CHOICES = 12

export function rememberChoice(request: Request, response: Response, choice: string, secure: boolean): void {
  const others = choicesMarked(request, secure).filter(each => each !== mark(choice))
  keep(response, choiceCookieName(secure), [mark(choice), ...others].slice(0, CHOICES).join('.'), secure)
}

/** @returns the one of the choices that this browser made last; undefined when it made none of them */
export function lastChoice(request: Request, choices: readonly string[], secure: boolean): string | undefined {
  const marked = choicesMarked(request, secure)
  const place = (choice: string) => marked.indexOf(mark(choice))
  return choices.filter(choice => place(choice) >= 0).sort((a, b) => place(a) - place(b))[0]
}

const choicesMarked = (request: Request, secure: boolean): readonly string[] =>
  cookiesOf(request)
    .flatMap(([name, value]) => (name === choiceCookieName(secure) ? value.split('.') : []))
    .filter(each => MARK.test(each))
const MARK = /^[\w-]{16}$/

function keep(response: Response, name: string, value: string, secure: boolean): void {
  response.cookie(name, value, { httpOnly: true, path: '/', sameSite: 'lax', secure, maxAge: HALF_A_YEAR })
}
