/** A question to a journal's server, while a person waits for the page. */
import type { ServerCall } from '../journals/connector.js'
import type { Ports } from './ports.js'

/** Octets of an answer; honest ones are below a hundred. */
const LONGEST_ANSWER = 4_096

interface Manner {
  /** Milliseconds the journal may think. */
  readonly patience: number
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * @param read what an answer with status 200 says
 * @returns what it said, undefined when nobody understands it; and the status, 0 when nothing came in time
 */
export async function askJournal<Answer>(
  { courier }: Pick<Ports, 'courier'>,
  { to, fields }: ServerCall,
  read: (body: Uint8Array) => Answer | undefined,
  manner: Manner,
): Promise<{ readonly answer: Answer | undefined; readonly status: number }> {
  const type = 'application/x-www-form-urlencoded'
  const body = new URLSearchParams(fields).toString()
  const reply = await courier.post({ to: to.href, type, body, ...manner }, LONGEST_ANSWER)
  return { answer: reply?.status === 200 ? read(reply.body) : undefined, status: reply?.status ?? 0 }
}
