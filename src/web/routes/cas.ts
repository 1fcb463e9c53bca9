/** `/cas/JOURNAL/…`: CAS server of one journal (CAS Protocol 3.0, 2). */
import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import { Unavailable } from '../../base/unavailable.js'
import { asJson, asText, asXml, failureAsJson, failureAsXml, type Written } from '../../journals/cas/answer.js'
import { isListed } from '../../journals/cas/cas.js'
import type { CasAnswer } from '../../journals/cas/validation.js'
import { findCas, startCasLogin, validateTicket, wishOf } from '../../login/cas.js'
import { queryValue, rawQuery } from '../params.js'
import type { Handler } from '../route.js'
import type { Web } from '../setup.js'
import { show } from '../show.js'
import { visitor } from '../visitor.js'
import { checkNavigation, countRound } from './login.js'
import { showLogout } from './logout.js'

const journalOf = (web: Web, request: Request) => {
  const { journal } = request.params
  return findCas(web.ports, typeof journal === 'string' ? journal : '').journal
}

/** `renew` and `gateway` count by being there, whatever their value (2.1.1). */
const isSet = (request: Request, name: string): boolean => new URLSearchParams(rawQuery(request)).has(name)

/** The answer is a redirect, whatever `method` asks for; `warn` and what else there may be is overlooked. */
export const getCasLogin: Handler = async (web, request, response) => {
  const { id } = journalOf(web, request)
  checkNavigation(request)
  const service = queryValue(request, 'service')
  const wish = {
    journal: id,
    renew: isSet(request, 'renew'),
    gateway: isSet(request, 'gateway'),
    ...(service !== undefined && { service }),
  }
  const outcome = await startCasLogin(web.ports, visitor(web, request), wish)
  countRound(web, request, response, outcome, wishOf(wish))
  await show(web, request, response, outcome)
}

/** A link cannot end a session: it shows the button. `url` is what CAS 2 called it (2.3.1); a strange address is overlooked. */
export const getCasLogout: Handler = async (web, request, response) => {
  const journal = journalOf(web, request)
  const to = once(request, 'service') ?? once(request, 'url')
  const isOurs = to !== undefined && isListed(to, journal)
  await showLogout(web, request, response, isOurs ? { journal: journal.id, return: to } : undefined)
}

export const getCasValidate: Handler = async (web, request, response) =>
  send(response, asText(await validated(web, request)))

/** @param withAttributes what the addresses below `/p3/` add (2.8) */
export const getServiceValidate =
  (withAttributes: boolean): Handler =>
  async (web, request, response) => {
    const format = once(request, 'format') ?? 'XML'
    if (isSet(request, 'format') && format !== 'XML' && format !== 'JSON') {
      journalOf(web, request)
      return send(response, asXml(unknownFormat, false))
    }
    const answer = await validated(web, request)
    send(response, format === 'JSON' ? asJson(answer, withAttributes) : asXml(answer, withAttributes))
  }

const unknownFormat: CasAnswer = { code: 'INVALID_REQUEST', why: 'The parameter format is XML or JSON.' }

const validated = (web: Web, request: Request): Promise<CasAnswer> =>
  validateTicket(web.ports, journalOf(web, request).id, {
    ticket: once(request, 'ticket'),
    service: once(request, 'service'),
    renew: isSet(request, 'renew'),
    proxies: isSet(request, 'pgtUrl'),
  }).catch((error: unknown): CasAnswer => {
    if (!(error instanceof Unavailable)) throw error
    web.log.error({ kind: error.name }, 'no ticket could be validated')
    return { code: 'INTERNAL_ERROR', why: 'The bridge cannot look into its memory just now; try to sign in again.' }
  })

/** No proxy-granting tickets are issued, so nobody has one. */
export const getCasProxy: Handler = (web, request, response) => {
  journalOf(web, request)
  const asked = once(request, 'pgt') !== undefined && once(request, 'targetService') !== undefined
  const failure = asked
    ? ({ code: 'UNAUTHORIZED_SERVICE', why: 'No proxy tickets are issued here.' } as const)
    : ({ code: 'INVALID_REQUEST', why: 'The parameters pgt and targetService are both needed, each once.' } as const)
  send(response, once(request, 'format') === 'JSON' ? failureAsJson(failure) : failureAsXml('proxyFailure', failure))
}

/** Programs get the answer of the protocol, not our page, when a parameter is repeated or too long. */
function once(request: Request, name: string): string | undefined {
  try {
    return queryValue(request, name)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function send(response: Response, { type, body }: Written): void {
  response.setHeader('Content-Type', type)
  response.end(body)
}
