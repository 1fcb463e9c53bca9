/** A login that a journal begins by a message of its own, which it signed. */
import { Refusal } from '../base/refusal.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports } from './ports.js'
import { startLogin } from './start.js'
import type { Wish } from './target.js'
import { refused, type Known } from './witness.js'

export interface Asking {
  readonly journal: string
  readonly sso: string
  readonly sig: string
}

/** `GET /discourse-connect/JOURNAL`. @returns the wish, too, once the message has proved to be the journal's */
export async function startAsked(
  ports: Ports,
  visitor: Visitor,
  { journal, ...message }: Asking,
): Promise<{ readonly outcome: Outcome; readonly wish?: Wish }> {
  let known: Known = { number: visitor.number }
  let wish: Wish
  try {
    const asks = ports.journals.get(journal)?.door.asks
    if (!asks) throw new Refusal('request.not-found')
    known = { ...known, target: { kind: 'journal', journal } }
    wish = { journal, ...asks.read(message) }
  } catch (error) {
    return { outcome: await refused(ports, visitor, known, error) }
  }
  return { outcome: await startLogin(ports, visitor, wish), wish }
}
