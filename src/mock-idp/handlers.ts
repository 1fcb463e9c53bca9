/** HTTP of the mock IdP: where service providers send browsers. */
import { status } from '../words/saml-names.js'
import { answer, beginLogin, findSession, type Answer, type Asked, type Idp } from './idp.js'
import type { Handler, Request, Response } from './http.js'
import { path } from './metadata.js'
import { readRedirect, requireSignature } from './redirect-binding.js'
import { issuerOf, readAuthnRequest } from './requests.js'
import { answerPage } from './sign-in-pages.js'
import { addressQuery, deviceOf, known, sessionKey, widenForms } from './visits.js'

export const addressOf = (request: Request): string => request.socket.remoteAddress ?? '127.0.0.1'

export function sendAnswer(response: Response, made: Answer): void {
  widenForms(response)
  response.send(answerPage(made))
}

export function singleSignOn(idp: Idp): Handler {
  return async (request, response) => {
    const message = readRedirect(addressQuery(request))
    const provider = await known(idp, issuerOf(message.xml, 'AuthnRequest'))
    requireSignature(message, provider.signingCertificates, idp.legacy)
    const asks = readAuthnRequest(message.xml, provider, idp.baseUrl + path.singleSignOn)
    const asked: Asked = { provider, acsUrl: asks.acsUrl, inResponseTo: asks.id, relayState: message.relayState }
    ask(idp, request, response, asked, asks)
  }
}

export function unsolicited(idp: Idp): Handler {
  return async (request, response) => {
    const { providerId, target } = request.query
    const provider = await known(idp, typeof providerId === 'string' ? providerId : '')
    const relayState = typeof target === 'string' ? target : undefined
    const asked: Asked = { provider, acsUrl: provider.acsUrls[0]!, inResponseTo: undefined, relayState }
    ask(idp, request, response, asked, { forceAuthn: false, isPassive: false })
  }
}

/** Answers at once from an open session, unless the service provider wants the person to sign in anew. */
function ask(
  idp: Idp,
  request: Request,
  response: Response,
  asked: Asked,
  wish: { readonly forceAuthn: boolean; readonly isPassive: boolean },
): void {
  const session = wish.forceAuthn ? undefined : findSession(idp, sessionKey(request))
  const address = addressOf(request)
  const isOff = asked.inResponseTo === undefined && session?.account.subscribed === false
  if (isOff) response.redirect(303, '/')
  else if (session) sendAnswer(response, answer(idp, asked, session, { address }))
  else if (wish.isPassive) {
    const declined = [status.responder, status.noPassive]
    sendAnswer(response, answer(idp, asked, undefined, { address, declined }))
  } else response.redirect(303, `/idp/login/${beginLogin(idp, asked, deviceOf(idp, request, response)).id}`)
}
