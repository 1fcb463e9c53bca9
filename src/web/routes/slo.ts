/**
 * Single logout with the IdP, in both directions: its request, or its answer to ours. A browser brings either by
 * HTTP-Redirect or HTTP-POST, the IdP's server brings a request by SOAP.
 */
import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import { refusals } from '../../base/refusals.js'
import type { Arrived } from '../../saml/arrived.js'
import { finishLogout } from '../../login/logout.js'
import { obeyByBrowser, obeyBySoap } from '../../login/obey.js'
import { soapFault, type FaultCode } from '../../saml/soap.js'
import { recordRefusal } from '../failures.js'
import { seeOther } from '../headers.js'
import { formValue, queryValue, rawQuery } from '../params.js'
import type { Handler } from '../route.js'
import { openSession, takeSessionCookie } from '../session.js'
import type { Web } from '../setup.js'
import { visitor } from '../visitor.js'
import { showEither } from './logout.js'

/** Base64 of more than the judge takes, so that the judge's own refusal is the one that is seen. */
const MESSAGE_LIMIT = 1_000_000

/** Of an answer: our own has 27 characters. What a request brings is the judge's business. */
const RELAY_STATE_LIMIT = 80

export const getSlo: Handler = async (web, request, response) => {
  const arrived: Arrived = { by: 'redirect', rawQuery: rawQuery(request) }
  const [asks, answers] = ['SAMLRequest', 'SAMLResponse'].map(name => new URLSearchParams(arrived.rawQuery).has(name))
  if (asks && answers) throw new Refusal('request.malformed', { why: 'a request and an answer at once' })
  if (asks) return obey(web, request, response, arrived)
  return finish(web, request, response, arrived, queryValue(request, 'RelayState', RELAY_STATE_LIMIT))
}

export const postSlo: Handler = async (web, request, response) => {
  const relayState = formValue(request, 'RelayState', MESSAGE_LIMIT)
  const kept = relayState === undefined ? {} : { relayState }
  const asks = formValue(request, 'SAMLRequest', MESSAGE_LIMIT)
  const answers = formValue(request, 'SAMLResponse', MESSAGE_LIMIT)
  if (asks !== undefined && answers !== undefined)
    throw new Refusal('request.malformed', { why: 'a request and an answer at once' })
  if (asks !== undefined) return obey(web, request, response, { by: 'post', message: asks, ...kept })
  if (answers === undefined) throw new Refusal('request.malformed', { parameter: 'SAMLResponse', why: 'missing' })
  return finish(web, request, response, { by: 'post', message: answers, ...kept }, relayState)
}

/**
 * The cookie is taken back only when it was of a session that ended: a stranger's logout ends nobody else's. Nor is whoever
 * is signed in told of somebody else's farewell.
 */
async function obey(web: Web, request: Request, response: Response, arrived: Arrived): Promise<void> {
  const { next, ownEnded } = await obeyByBrowser(web.ports, visitor(web, request), arrived)
  if (ownEnded) takeSessionCookie(web, request, response)
  if (next.at === 'again') return seeOther(response, '/logout')
  if (next.at === 'farewell' && openSession(request)) return seeOther(response, '/')
  await showEither(web, request, response, next)
}

/**
 * The session that asked is closed already. Whoever comes with an open one was sent here with the answer to somebody else's
 * logout, or signed in again meanwhile: it stays open.
 */
async function finish(
  web: Web,
  request: Request,
  response: Response,
  arrived: Arrived,
  relayState: string | undefined,
): Promise<void> {
  if (relayState === undefined) throw new Refusal('logout.unknown')
  const end = await finishLogout(web.ports, visitor(web, request), arrived, relayState)
  if (end.at === 'farewell' && openSession(request)) return seeOther(response, '/')
  await showEither(web, request, response, end)
}

export const postSloSoap: Handler = async (web, request, response) => {
  const body: unknown = request.body
  const octets = body instanceof Uint8Array ? body : new Uint8Array()
  try {
    sendSoap(response, 200, await obeyBySoap(web.ports, visitor(web, request), octets))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await recordRefusal(web, request, error)
    const { fault, status } = faultOf(error)
    sendSoap(response, status, soapFault(fault, `${error.code}: ${refusals[error.code].meaning}`))
  }
}

/**
 * saml-bindings 3.2.3.3: what is wrong with the envelope is a Fault, which SOAP 1.1 (6.2) sends with status 500; with a
 * sender that is not proven we do not speak at all (403). Everything after that is an ordinary answer.
 */
function faultOf({ code }: Refusal): { fault: FaultCode; status: number } {
  if (code === 'soap.version') return { fault: 'VersionMismatch', status: 500 }
  if (code === 'soap.must-understand') return { fault: 'MustUnderstand', status: 500 }
  return { fault: 'Client', status: code === 'soap.envelope' || code === 'saml.not-xml' ? 500 : 403 }
}

function sendSoap(response: Response, status: number, envelope: string): void {
  response.status(status).type('text/xml').send(envelope)
}
