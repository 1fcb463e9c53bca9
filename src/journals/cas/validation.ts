/** What becomes of a ticket that the journal's server brings (CAS Protocol 3.0, 2.5). */
import { isSameService, readKept } from './ticket.js'

/** Error codes of sections 2.5.3 and 2.7.3 that this server gives. */
export type CasCode =
  | 'INVALID_REQUEST'
  | 'INVALID_TICKET_SPEC'
  | 'INVALID_TICKET'
  | 'INVALID_SERVICE'
  | 'UNAUTHORIZED_SERVICE_PROXY'
  | 'UNAUTHORIZED_SERVICE'
  | 'INTERNAL_ERROR'

export interface CasFailure {
  readonly code: CasCode
  /** For the journal's programmer; holds nothing that came in the request. */
  readonly why: string
}

export interface CasSuccess {
  readonly user: string
  readonly attributes: Readonly<Record<string, string>>
}

export type CasAnswer = CasSuccess | CasFailure

export interface Validation {
  readonly service: string
  /** Only a ticket of somebody who has just signed in will do. */
  readonly renew: boolean
  /** The journal asked for a ticket with which to act for the person elsewhere. */
  readonly proxies: boolean
}

export const unknownTicket: CasFailure = {
  code: 'INVALID_TICKET',
  why: 'The ticket is unknown, was validated before, is older than 60 seconds, or its session has ended.',
}

/** @param content what was kept under the ticket, taken out for this one look */
export function judgeTicket(content: unknown, { service, renew, proxies }: Validation): CasAnswer {
  const kept = readKept(content)
  if (!kept) return unknownTicket
  if (!isSameService(kept.service, service))
    return { code: 'INVALID_SERVICE', why: 'The ticket was issued for another service; it is void now.' }
  if (proxies) return { code: 'UNAUTHORIZED_SERVICE_PROXY', why: 'No proxy tickets are issued here: leave pgtUrl out.' }
  if (renew && !kept.fresh)
    return { code: 'INVALID_TICKET', why: 'The person was signed in before; ask for renew at login, too.' }
  return { user: kept.user, attributes: kept.attributes }
}
