/** By a one-time handle: the address carries nothing of the person, and this journal's server asks the bridge who it is. */
import type { Request, Response, Router } from 'express'
import { letIn, type Desk } from '../arrival.js'
import { Denial } from '../denials.js'
import { readClaims } from '../token.js'

/** Milliseconds to wait for an answer. */
const PATIENCE = 5_000

export function mountHandle(router: Router, desk: Desk): void {
  router.get('/enter', async (request, response) => enter(desk, request, response))
}

async function enter(desk: Desk, request: Request, response: Response): Promise<void> {
  const { house } = desk
  const { handle } = request.query
  if (typeof handle !== 'string' || handle === '') throw new Denial('token-missing')
  const claims = await redeem(desk, handle)
  // the bridge is believed, since our server asked it; that it answers this journal is looked at all the same
  if (claims.iss !== house.bridgeUrl) throw new Denial('token-issuer')
  if (claims.aud !== house.journal.audience) throw new Denial('token-audience')
  letIn(desk, request, response, readClaims(claims))
}

type Fields = Readonly<Record<string, unknown>>

/** RFC 6749, 2.3.1: id and secret in the Authorization header, the handle in the body, where no log keeps it. */
async function redeem({ house: { journal }, bridgeInternal }: Desk, handle: string): Promise<Fields> {
  const credentials = [journal.id, journal.key ?? ''].map(encodeURIComponent).join(':')
  const answer = await fetch(new URL('/hand-off/redeem', bridgeInternal), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ handle }),
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => undefined)
  if (answer?.status === 400) throw new Denial('handle-refused')
  if (!answer?.ok) throw new Denial('keys-unreachable')
  return (await answer.json()) as Fields
}
