/** A forum: it asks with a nonce that it signs, and gets the nonce back with who came. */
import { createHmac } from 'node:crypto'
import type { Request, Response, Router } from 'express'
import { randomId } from '../../base/chance.js'
import { letIn, type Desk } from '../arrival.js'
import { setStartedLogins, startedLogins } from '../cookies.js'
import { Denial } from '../denials.js'
import { isSection } from '../sections.js'
import { checkMac, claimsFrom } from './handmade.js'

export function mountDiscourseConnect(router: Router, desk: Desk): void {
  router.get('/login', (request, response) => ask(desk, request, response))
  router.get('/sso', (request, response) => letIn(desk, request, response, readAnswer(desk, request)))
}

/** The nonce is this forum's own text: it keeps the section that was wanted. */
function ask({ house }: Desk, request: Request, response: Response): void {
  const wanted = request.query.to
  const section = typeof wanted === 'string' && isSection(wanted) ? wanted : ''
  const nonce = `${randomId(house.chance)}~${section}`
  setStartedLogins(response, house, [...startedLogins(request, house), nonce])
  const query = new URLSearchParams({ nonce, return_sso_url: `${house.origin}${house.base}sso` })
  const sso = Buffer.from(query.toString()).toString('base64')
  const bridge = new URL(`/discourse-connect/${house.journal.id}`, house.bridgeUrl)
  bridge.searchParams.set('sso', sso)
  bridge.searchParams.set('sig', createHmac('sha256', house.journal.key!).update(sso).digest('hex'))
  response.redirect(303, bridge.href)
}

function readAnswer({ house }: Desk, { query }: Request) {
  const { sso, sig } = query
  if (typeof sso !== 'string' || typeof sig !== 'string') throw new Denial('token-missing')
  checkMac(house, sso, sig)
  const fields = new URLSearchParams(Buffer.from(sso, 'base64').toString())
  const value = (name: string) => fields.get(name) ?? undefined
  const nonce = value('nonce') ?? ''
  return claimsFrom(house, {
    ...{ time: value('ts'), id: nonce, sid: value('sid'), login: value('username') },
    ...{ role: value('custom.role'), school: value('custom.school'), child: value('custom.child') },
    ...{ returnTo: house.origin + house.base + nonce.slice(nonce.indexOf('~') + 1), state: nonce },
  })
}
