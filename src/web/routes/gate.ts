/**
 * `/auth/JOURNAL/…`: what a journal's own proxy asks us, and the addresses below `/.bridge/` of the journal's site, which it
 * maps to us. Headers about people that come in are never looked at here; only cookies are.
 */
import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import {
  atGate,
  beginVisit,
  checkVisit,
  enterVisit,
  findGate,
  gateWishes,
  type Gated,
  type GateWish,
} from '../../login/visit.js'
import { gateCookie, setGateCookie } from '../gate-cookies.js'
import { seeOther } from '../headers.js'
import { isNavigation } from '../navigation.js'
import { queryValue, rawQuery } from '../params.js'
import type { Handler } from '../route.js'
import type { Web } from '../setup.js'
import { visitor } from '../visitor.js'

/** `/.bridge/start?to=/page?and=its&query`: a browser without a visit begins to sign in. */
export const getGateStart: Handler = (web, request, response) => {
  const gated = gateOf(web, request, response)
  // a picture of a page whose visit is over
  if (!isNavigation(request)) return unknown(response)
  const known = gateCookie(request, gated, 'way')
  const { to, secret } = beginVisit(web.ports, gated, wishIn(request), known)
  if (secret !== known) setGateCookie(response, gated, 'way', secret, web.ports.loginLifetime)
  seeOther(response, to.href)
}

/** `/.bridge/enter?handle=…`: the hand-off leads here. */
export const getGateEnter: Handler = async (web, request, response) => {
  const gated = gateOf(web, request, response)
  const began = gateCookie(request, gated, 'way')
  const visit = gateCookie(request, gated, 'visit')
  const entrance = await enterVisit(web.ports, visitor(web, request), gated, queryValue(request, 'handle', 64) ?? '', {
    ...(began !== undefined && { began }),
    ...(visit !== undefined && { visit }),
  })
  if (entrance.at === 'inside') setGateCookie(response, gated, 'visit', entrance.secret)
  seeOther(response, entrance.to)
}

/** `/.bridge/logout`: to the button of ours, since a link ends no session. */
export const getGateLogout: Handler = (web, request, response) => {
  gateOf(web, request, response)
  seeOther(response, `${web.ports.publicUrl}/logout`)
}

/** May this request pass, and who is it? 200 with headers, else 401, or the way to the beginning where that is asked for. */
export const getGateCheck: Handler = async (web, request, response) => {
  const gated = gateOf(web, request, response)
  const quiet = queryValue(request, 'quiet', 1) === '1'
  const headers = await checkVisit(web.ports, gated, gateCookie(request, gated, 'visit'), quiet)
  if (!headers) {
    const to = queryValue(request, 'mode', 10) === 'redirect' ? askedPage(request, gated) : undefined
    if (to === undefined) unknown(response)
    else seeOther(response, `${atGate(gated.gate, 'start')}?to=${to}`)
    return
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.status(200).end()
}

const unknown = (response: Response): void => {
  response.status(401).end()
}

/** The journal's site is not ours: whether it is https for ever is for its own people to say. */
function gateOf(web: Web, request: Request, response: Response): Gated {
  response.removeHeader('Strict-Transport-Security')
  const { journal } = request.params
  const id = typeof journal === 'string' ? journal : queryValue(request, 'journal', 64)
  if (id === undefined) throw new Refusal('request.malformed', { parameter: 'journal', why: 'missing' })
  return findGate(web.ports, id)
}

/** Everything behind `to=` as it stands: proxies paste the address that was asked for, its own query included. */
function wishIn(request: Request) {
  const [, before = '', page = ''] = /^(.*?)(?:(?:^|&)to=(.*))?$/.exec(rawQuery(request)) ?? []
  const wishes = new URLSearchParams(before)
  const wish: GateWish = Object.fromEntries(
    gateWishes.flatMap(name => (wishes.has(name) ? [[name, wishes.get(name)]] : [])),
  )
  return { ...wish, ...(page !== '' && { to: asWritten(page) }) }
}

/** What browsers leave bare in a query, in the one form that every program reads alike (RFC 3986). */
const asWritten = (text: string): string =>
  text.replace(/[^A-Za-z0-9\-._~:/?@!$&'()*+,;=[\]%]|%(?![0-9A-Fa-f]{2})/g, sign => {
    const octet = sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')
    return `%${octet}`
  })

/** @returns the page of the request that the proxy asks about, where it is one that can begin a login */
function askedPage(request: Request, { gate }: Gated): string | undefined {
  const { headers } = request
  const [method, host, uri] = ['method', 'host', 'uri'].map(name => headers[`x-forwarded-${name}`])
  if (method !== undefined && method !== 'GET') return undefined
  if (host !== undefined && host !== new URL(gate.origin).host) return undefined
  if (typeof uri !== 'string' || !uri.startsWith('/')) return undefined
  const asksForPage = headers['sec-fetch-dest'] !== undefined || (headers.accept ?? '').includes('text/html')
  return asksForPage && isNavigation(request) ? asWritten(uri) : undefined
}
