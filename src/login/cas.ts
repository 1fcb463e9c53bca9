/** CAS as a journal sees it: a browser that comes for a ticket, and a server that asks whose it is. */
import { Refusal } from '../base/refusal.js'
import { judgeTicket, unknownTicket, type CasAnswer } from '../journals/cas/validation.js'
import { looksLikeTicket } from '../journals/cas/ticket.js'
import type { RequestNumber } from '../base/request-number.js'
import { checkAsking, checkLoop } from './loop.js'
import { walk } from './next-step.js'
import type { Outcome, Visitor } from './outcome.js'
import type { OpenJournal, Ports } from './ports.js'
import { finishedBefore, openSession, startLogin } from './start.js'
import { readTarget, type Wish } from './target.js'
import { refused, type Known } from './witness.js'

export interface CasWish {
  readonly journal: string
  /** Without it, the journal's home. */
  readonly service?: string
  readonly renew: boolean
  readonly gateway: boolean
}

/** @throws Refusal `request.not-found`: no CAS server is at the addresses of a journal that speaks otherwise */
export function findCas({ journals }: Ports, id: string): OpenJournal {
  const open = journals.get(id)
  if (open?.door.serves !== 'cas') throw new Refusal('request.not-found')
  return open
}

/**
 * `GET /cas/JOURNAL/login`. With `renew`, gateway does not count (CAS Protocol 3.0, 2.1.1); without a service there is
 * nowhere to go back to.
 */
export async function startCasLogin(ports: Ports, visitor: Visitor, asked: CasWish): Promise<Outcome> {
  const { service, renew, gateway } = asked
  const wish = wishOf(asked)
  if (gateway && !renew && service !== undefined) return askOnly(ports, visitor, wish)
  return startLogin(ports, visitor, { ...wish, force: renew })
}

export const wishOf = ({ journal, service }: CasWish): Wish => ({
  journal,
  ...(service !== undefined && { returnTo: service }),
})

/** A ticket when nothing needs to be asked of the person; otherwise back without one. */
async function askOnly(ports: Ports, visitor: Visitor, wish: Wish): Promise<Outcome> {
  let known: Known = { number: visitor.number }
  try {
    const target = readTarget(ports, wish)
    known = { ...known, target }
    checkAsking(ports, visitor, wish)
    await checkLoop(ports, visitor, wish)
    const back: Outcome = { at: 'back', to: new URL(wish.returnTo!) }
    const session = await openSession(ports, visitor, target, undefined)
    if (!session) return back
    const waiting = finishedBefore(ports, visitor, session, target)
    const outcome = await walk(ports, visitor, waiting, session).catch((error: unknown) => {
      if (error instanceof Refusal) return back
      throw error
    })
    return outcome.at === 'done' ? outcome : back
  } catch (error) {
    return refused(ports, visitor, known, error)
  }
}

/** What the journal's server asks; what is missing or came twice is undefined. */
export interface CasQuestion {
  readonly ticket: string | undefined
  readonly service: string | undefined
  readonly renew: boolean
  readonly proxies: boolean
}

/**
 * Any of the addresses that validate. Whoever knows a ticket has its one attempt, whatever becomes of it (3.1.1): neither
 * another service nor a second try gets an answer.
 */
export async function validateTicket(ports: Ports, journal: string, asked: CasQuestion): Promise<CasAnswer> {
  const { ticket, service, renew, proxies } = asked
  if (ticket === undefined) return missing
  if (!looksLikeTicket(ticket))
    return {
      code: 'INVALID_TICKET_SPEC',
      why: 'This is no service ticket: those begin with ST- and are used as they came.',
    }
  const found = await ports.deposits.take(ticket, ports.clock.now())
  const answer = judge()
  if (found) await recordAnswer(ports, journal, found.number, answer)
  return answer

  function judge(): CasAnswer {
    if (service === undefined) return missing
    if (found?.journal !== journal) return unknownTicket
    return judgeTicket(found.content, { service, renew, proxies })
  }
}

const missing: CasAnswer = {
  code: 'INVALID_REQUEST',
  why: 'The parameters service and ticket are both needed, each once.',
}

/** Under the number of the login, so that `explain` shows why the journal turned somebody away. */
const recordAnswer = (ports: Ports, journal: string, number: RequestNumber, answer: CasAnswer): Promise<void> =>
  ports.audit.record({
    at: ports.clock.now(),
    what: 'journal.asked',
    result: 'code' in answer ? 'refused' : 'ok',
    number,
    journal,
    ...('code' in answer && { facts: { answer: answer.code } }),
  })
