/** The bridge's server says that a session has ended: the visits that it opened end, too, whatever browser they are in. */
import type { Request, Response } from 'express'
import type { Desk } from './arrival.js'
import { Denial } from './denials.js'
import { SKEW_S, verifyLogoutToken } from './token.js'

/** 200: they are over, or never were. 400: the message is not from our bridge, or came before. */
export async function endVisits(
  { house, findKey, used, visits }: Desk,
  request: Request,
  response: Response,
): Promise<void> {
  const body: unknown = request.body
  const token = typeof body === 'object' && body !== null && 'logout_token' in body ? body.logout_token : undefined
  const now = house.clock.now()
  try {
    if (typeof token !== 'string') throw new Denial('token-missing')
    const leaving = await verifyLogoutToken(token, house.journal, house.bridgeUrl, findKey, now)
    if (!used.take(leaving.id, (leaving.expires + SKEW_S) * 1000, now)) throw new Denial('token-used')
    visits.closeAllOf(leaving.sid)
    response.status(200).end()
  } catch (error) {
    if (!(error instanceof Denial)) throw error
    response.status(400).json({ error: error.code })
  }
}
