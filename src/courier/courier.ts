/**
 * Courier: the hands by which the bridge reaches out over the network while it serves: to journals that must hear of a
 * logout or say whether a password is right, to IdPs that take theirs by SOAP, and to people by mail and SMS (postman.ts).
 * Does not touch: what the letters say, and whether they must be sent again (login).
 * Called by: compose.ts.
 */
import { systemChance } from '../base/chance.js'
import { traceparent } from '../base/trace.js'
import type { Courier, Letter, Reply } from '../login/logout-ports.js'

/** A person waits for the farewell page meanwhile. */
const PATIENCE = 3_000

export const systemCourier: Courier = {
  async post(letter, most) {
    try {
      return await send(letter, most, AbortSignal.timeout(letter.patience ?? PATIENCE))
    } catch {
      // Whatever went wrong on the way (name, connection, TLS, time), nobody answered.
      return undefined
    }
  },
}

async function send({ to, type, body, headers }: Letter, most = 0, signal: AbortSignal): Promise<Reply | undefined> {
  const trace = traceparent(systemChance)
  const response = await fetch(to, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      ...headers,
      ...(trace !== undefined && { traceparent: trace }),
      'content-type': type === 'text/xml' ? 'text/xml; charset=utf-8' : type,
    },
    body,
    signal,
  })
  if (most > 0) return readAnswer(response, most)
  await response.body?.cancel()
  return { status: response.status, body: new Uint8Array() }
}

async function readAnswer(response: Response, most: number): Promise<Reply | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    const octets = part as Uint8Array
    length += octets.length
    if (length > most) return undefined // leaving the loop cancels the rest
    parts.push(octets)
  }
  return { status: response.status, body: Buffer.concat(parts) }
}
