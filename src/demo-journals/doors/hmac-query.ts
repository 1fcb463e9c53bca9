/** A journal that somebody wrote in PHP: parameters, and a hash over their values with `|` between them. */
import type { Request, Router } from 'express'
import { letIn, type Desk } from '../arrival.js'
import { Denial } from '../denials.js'
import { checkMac, claimsFrom } from './handmade.js'

/** In the order in which they are signed. */
const NAMES = ['uid', 'role', 'school', 'child', 'sid', 'back', 'state', 'aud', 'ts', 'nonce'] as const

export function mountHmacQuery(router: Router, desk: Desk): void {
  router.get('/sso', (request, response) => letIn(desk, request, response, readQuery(desk, request)))
}

function readQuery({ house }: Desk, { query }: Request) {
  const value = (name: string): string => {
    const found = query[name]
    return typeof found === 'string' ? found : ''
  }
  if (value('sig') === '') throw new Denial('token-missing')
  checkMac(house, NAMES.map(value).join('|'), value('sig'))
  if (value('aud') !== house.journal.audience) throw new Denial('token-audience')
  return claimsFrom(house, {
    ...{ time: value('ts'), id: value('nonce'), sid: value('sid') },
    ...{ login: value('uid'), role: value('role'), school: value('school'), child: value('child') },
    ...{ returnTo: value('back'), state: value('state') },
  })
}
