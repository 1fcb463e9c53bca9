/** The journal's half of kinds that send named values with a MAC, written anew from their documentation. */
import { expect } from 'chai'
import { jwtVerify } from 'jose'
import type { ServerCall } from '../../src/journals/connector.js'
import { releasable } from '../../src/words/released.js'
import type { Received } from '../contract/connector.js'
import { ISSUER, SECRET } from './door-tools.js'

/** @throws when the message is too old, comes too early or is for another journal */
export function readPairs(fields: Readonly<Record<string, string>>, at: number, audience: string): Received {
  const { sub, sid, return_to, state, aud, ts, nonce, kid, ...given } = fields
  const now = Math.floor(at / 1000)
  if (aud !== audience) throw new Error('for another journal')
  if (!/^[0-9]+$/.test(ts!) || Number(ts) > now || Number(ts) + 60 <= now) throw new Error('too old or too early')
  expect(kid).to.equal(undefined)
  const named = Object.fromEntries(Object.entries(given).filter(([name]) => releasable.includes(name as never)))
  return {
    id: nonce!,
    given: named,
    ...(sub !== undefined && { subject: sub }),
    ...(sid !== undefined && { sid }),
    ...(return_to !== undefined && { returnTo: return_to }),
    ...(state !== undefined && { state }),
    all: fields,
  }
}

export async function readLeave({ fields }: ServerCall, at: number): Promise<{ subject: string; sid: string }> {
  const options = {
    issuer: ISSUER,
    audience: 'sgo',
    algorithms: ['HS256'],
    currentDate: new Date(at),
    typ: 'logout+jwt',
  }
  const { payload } = await jwtVerify(fields['logout_token']!, Buffer.from(SECRET), options)
  return { subject: payload.sub!, sid: payload['sid'] as string }
}
