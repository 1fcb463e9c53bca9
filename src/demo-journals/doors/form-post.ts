/** A journal of the Windows days: a form in Windows-1251, whose octets are what is signed. */
import express, { type Request, type Router } from 'express'
import { letIn, type Desk } from '../arrival.js'
import { Denial } from '../denials.js'
import { checkMac, claimsFrom } from './handmade.js'

const FORM = 'application/x-www-form-urlencoded'
const windows1251 = new TextDecoder('windows-1251')

export function mountFormPost(router: Router, desk: Desk): void {
  router.post('/sso', express.raw({ type: FORM, limit: '16kb' }), (request, response) => {
    letIn(desk, request, response, readForm(desk, request))
  })
  router.get('/sso', (_request, response) => void response.status(405).set('Allow', 'POST').end())
}

/** Field name → octets. No middleware reads a form that is not in UTF-8. */
function fieldsIn(request: Request): ReadonlyMap<string, Buffer> {
  const body: unknown = request.body
  if (!Buffer.isBuffer(body)) throw new Denial('token-missing')
  const pairs = body.toString('latin1').split('&').map(pair => pair.split('=').map(octets))
  const fields = new Map(pairs.map(([name, value]) => [name?.toString('latin1') ?? '', value ?? Buffer.alloc(0)]))
  if (fields.size !== pairs.length) throw new Denial('token-form')
  return fields
} // prettier-ignore

const octets = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll('+', ' ').replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )

function readForm({ house }: Desk, request: Request) {
  const fields = fieldsIn(request)
  const signed = [...fields.keys()].filter(name => name !== 'HASH').sort()
  const lines = signed.flatMap((name, i) => [Buffer.from(`${i === 0 ? '' : '\n'}${name}=`), fields.get(name)!])
  const text = (name: string) => windows1251.decode(fields.get(name))
  checkMac(house, Buffer.concat(lines), fields.get('HASH')?.toString('latin1'))
  if (text('FOR') !== house.journal.audience) throw new Denial('token-audience')
  return claimsFrom(house, {
    ...{ time: text('TIME'), id: text('ID'), sid: text('SID') },
    ...{ login: text('LOGIN'), role: text('ROLE'), school: text('SCHOOL'), child: text('CHILD') },
    ...{ returnTo: text('BACK'), state: decodeURIComponent(text('STATE')) },
  })
}
