/** By CAS: the address carries a ticket, and this journal's server asks the bridge whose it is. */
import express, { type Request, type Response, type Router } from 'express'
import { randomId } from '../../base/chance.js'
import { letIn, type Desk } from '../arrival.js'
import { setStartedLogins, startedLogins } from '../cookies.js'
import { Denial } from '../denials.js'
import type { House } from '../options.js'
import { isSection } from '../sections.js'
import type { Claims } from '../token.js'

/** Milliseconds to wait for an answer. */
const PATIENCE = 5_000
/** Seconds for which a ticket that was accepted is remembered here; at the bridge it is used up anyway. */
const REMEMBERED_S = 60

export function mountCas(router: Router, desk: Desk): void {
  router.get('/login', (request, response) => startCasLogin(desk, request, response))
  router.get('/cas', (request, response) => enter(desk, request, response))
  // where a ticket was sent to, there the end of its session is told: no browser, no cookie
  router.post('/cas', express.urlencoded({ extended: false, limit: '16kb' }), (request, response) => {
    const { logoutRequest } = (request.body ?? {}) as { logoutRequest?: unknown }
    const [, ticket] = /<samlp:SessionIndex>(ST-[A-Za-z0-9-]+)</.exec(String(logoutRequest)) ?? []
    if (ticket !== undefined) desk.visits.closeAllOf(ticket)
    response.status(ticket === undefined ? 400 : 200).end()
  })
}

/** CAS has no state; a secret of this browser inside of the service does the same. */
function startCasLogin({ house }: Desk, request: Request, response: Response): void {
  const to = typeof request.query.to === 'string' && isSection(request.query.to) ? request.query.to : ''
  const state = randomId(house.chance)
  setStartedLogins(response, house, [...startedLogins(request, house), state])
  response.redirect(303, serverOf(house.bridgeUrl, house, 'login', { service: service(house, { to, state }) }).href)
}

const service = ({ origin, base }: House, own: Readonly<Record<string, string>>): string => {
  const query = new URLSearchParams(own).toString()
  return `${origin}${base}cas${query === '' ? '' : `?${query}`}`
}

function serverOf(bridge: string, { journal }: House, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(`/cas/${journal.id}/${path}`, bridge)
  url.search = new URLSearchParams(query).toString()
  return url
}

async function enter(desk: Desk, request: Request, response: Response): Promise<void> {
  const { house, bridgeInternal } = desk
  const { ticket, ...own } = request.query
  if (typeof ticket !== 'string' || ticket === '') throw new Denial('token-missing')
  const { to, state } = own
  const asked = { ...(typeof to === 'string' && { to }), ...(typeof state === 'string' && { state }) }
  const query = { ticket, service: service(house, asked), format: 'JSON' }
  const about = await validate(serverOf(bridgeInternal, house, 'p3/serviceValidate', query))
  letIn(desk, request, response, {
    ...about,
    ...{ id: ticket, sid: ticket, expires: Math.floor(house.clock.now() / 1000) + REMEMBERED_S },
    ...(asked.to !== undefined && { returnTo: house.origin + house.base + asked.to }),
    ...(asked.state !== undefined && { state: asked.state }),
  })
}

type Person = Pick<Claims, 'account' | 'login' | 'role' | 'school' | 'child'>

interface Answer {
  readonly serviceResponse?: {
    readonly authenticationSuccess?: { readonly user: string; readonly attributes: Readonly<Record<string, string>> }
  }
}

async function validate(address: URL): Promise<Person> {
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) }).catch(
    () => undefined,
  )
  if (!answer?.ok) throw new Denial('keys-unreachable')
  const success = ((await answer.json()) as Answer).serviceResponse?.authenticationSuccess
  if (!success) throw new Denial('handle-refused')
  const { account = '', role = '', school = '', child } = success.attributes
  return { account, login: success.user, role, school, ...(child !== undefined && { child }) }
}
