/** Two cookies a journal: its visit, and the logins that this browser has started. Named apart from the bridge's. */
import type { CookieOptions, Request, Response } from 'express'
import type { House } from './options.js'

/** Logins of parallel tabs that a browser may have under way. */
const MOST_LOGINS = 5

const visitName = ({ journal }: House): string => `demo-${journal.id}-visit`
const loginName = ({ journal }: House): string => `demo-${journal.id}-login`

/** Lax is enough: the way back from the bridge is a GET of the whole page. */
const settings = ({ origin, base }: House): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  path: base,
  secure: origin.startsWith('https:'),
})

export const visitCookie = (request: Request, house: House): string | undefined => read(request, visitName(house))

export function setVisit(response: Response, house: House, id: string | undefined): void {
  if (id === undefined) response.clearCookie(visitName(house), settings(house))
  else response.cookie(visitName(house), id, settings(house))
}

export const startedLogins = (request: Request, house: House): readonly string[] =>
  (read(request, loginName(house)) ?? '').split('.').filter(state => state !== '')

export function setStartedLogins(response: Response, house: House, states: readonly string[]): void {
  if (states.length === 0) response.clearCookie(loginName(house), settings(house))
  else response.cookie(loginName(house), states.slice(-MOST_LOGINS).join('.'), settings(house))
}

function read(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map(pair => pair.trim())
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
