/** HTTP of single logout: asked for by a service provider, or begun here, over Redirect, POST and SOAP. */
import { randomXmlId } from '../base/chance.js'
import { ns } from '../words/saml-names.js'
import { findSession, formOf, signerOf, type Idp, type IdpSession } from './idp.js'
import type { Handler, Request, Response } from './http.js'
import { logoutResponse } from './logout.js'
import { findLogoutFault } from './logout-faults.js'
import { logoutBeganPage, passOnPage, statusPage } from './logout-pages.js'
import { makeLogout, type MadeLogout, type Way } from './logout-request.js'
import { path } from './metadata.js'
import { BadMessage, readRedirect, requireEnveloped, requireSignature, signedRedirect } from './redirect-binding.js'
import { issuerOf, readLogoutRequest, readLogoutResponse, type LogoutRequest } from './requests.js'
import type { ServiceProvider } from './service-provider.js'
import { signElement } from './sign.js'
import { addressQuery, COOKIE, field, known, sessionKey, widenForms } from './visits.js'
import { parseXml } from './xml.js'

/** `GET` of the Redirect address: a request, or the answer to ours. */
export function logoutByRedirect(idp: Idp): Handler {
  return async (request, response) => {
    const raw = addressQuery(request)
    if (/(?:^|&)SAMLResponse=/.test(raw)) {
      const message = readRedirect(raw, 'SAMLResponse')
      const provider = await known(idp, issuerOf(message.xml, 'LogoutResponse'))
      requireSignature(message, provider.signingCertificates, idp.legacy, 'SAMLResponse')
      response.send(statusPage(readLogoutResponse(message.xml, idp.baseUrl + path.singleLogout), message.relayState))
      return
    }
    const message = readRedirect(raw)
    const provider = await known(idp, issuerOf(message.xml, 'LogoutRequest'))
    requireSignature(message, provider.signingCertificates, idp.legacy)
    const asks = readLogoutRequest(message.xml, idp.baseUrl + path.singleLogout)
    if (provider.logoutResponseUrl === undefined) throw new BadMessage('В метаданных системы нет адреса выхода.')
    endSessions(idp, provider, asks, request, response)
    const xml = answerTo(idp, asks, provider.logoutResponseUrl)
    const to = signedRedirect(provider.logoutResponseUrl, xml, message.relayState, signerOf(idp), formOf(idp))
    response.redirect(303, to)
  }
}

/** `POST`: the same in a form, signed inside. */
export function logoutByPost(idp: Idp): Handler {
  return async (request, response) => {
    const here = idp.baseUrl + path.singleLogoutPost
    const relayState = field(request, 'RelayState') || undefined
    const xml = Buffer.from(field(request, 'SAMLRequest') || field(request, 'SAMLResponse'), 'base64').toString()
    const local = field(request, 'SAMLRequest') === '' ? 'LogoutResponse' : 'LogoutRequest'
    const provider = await known(idp, issuerOf(xml, local))
    requireEnveloped(xml, provider.signingCertificates)
    if (local === 'LogoutResponse') {
      response.send(statusPage(readLogoutResponse(xml, here), relayState))
      return
    }
    const asks = readLogoutRequest(xml, here)
    const to = provider.logoutUrls.post
    if (to === undefined) throw new BadMessage('В метаданных системы нет адреса выхода.')
    endSessions(idp, provider, asks, request, response)
    const message = Buffer.from(signedAnswer(idp, asks, to)).toString('base64')
    widenForms(response)
    response.send(
      passOnPage(to, { SAMLResponse: message, ...(relayState !== undefined && { RelayState: relayState }) }),
    )
  }
}

/** From server to server: no browser, no cookie. */
export function logoutBySoap(idp: Idp): Handler {
  return async (request, response) => {
    const { body } = request as { body: unknown }
    const xml = messageIn(typeof body === 'string' ? body : '', 'LogoutRequest')
    const provider = await known(idp, issuerOf(xml, 'LogoutRequest'))
    requireEnveloped(xml, provider.signingCertificates)
    const asks = readLogoutRequest(xml, idp.baseUrl + path.singleLogoutSoap)
    endSessions(idp, provider, asks, request, response)
    const answer = signedAnswer(idp, asks, undefined)
    response.type('text/xml').send(`<S:Envelope xmlns:S="${ns.soap}"><S:Body>${answer}</S:Body></S:Envelope>`)
  }
}

/** The message inside an envelope, which declares its own namespaces. */
function messageIn(envelope: string, local: string): string {
  const found = new RegExp(`<(\\w+:)?${local}[\\s>][\\s\\S]*</\\1${local}>`).exec(envelope)?.[0]
  if (found === undefined) throw new BadMessage('В конверте SOAP нет сообщения.')
  parseXml(found)
  return found
}

function endSessions(
  idp: Idp,
  provider: ServiceProvider,
  asks: LogoutRequest,
  request: Request,
  response: Response,
): void {
  for (const [key, session] of idp.sessions) {
    const named = asks.sessionIndexes.length === 0 || asks.sessionIndexes.includes(session.sessionIndex)
    if (named && session.nameIds.get(provider.entityId) === asks.nameId) idp.sessions.delete(key)
  }
  if (!findSession(idp, sessionKey(request))) response.clearCookie(COOKIE, { path: '/' })
}

const answerTo = (idp: Idp, asks: LogoutRequest, destination: string | undefined): string =>
  logoutResponse({
    id: randomXmlId(idp.chance),
    inResponseTo: asks.id,
    issuer: idp.entityId,
    destination,
    at: idp.clock.now(),
  })

function signedAnswer(idp: Idp, asks: LogoutRequest, destination: string | undefined): string {
  const xml = answerTo(idp, asks, destination)
  return signElement(xml, / ID="([^"]*)"/.exec(xml)![1]!, signerOf(idp), formOf(idp))
}

/** `POST /idp/logout`: the person ends the sign-in here, and every service that was entered hears of it. */
export function beginLogout(idp: Idp): Handler {
  return async (request, response) => {
    const session = findSession(idp, sessionKey(request))
    const [entityId] = session?.nameIds.keys() ?? []
    if (!session || entityId === undefined) throw new BadMessage('Здесь никто не вошёл, выходить неоткуда.')
    const message = makeFor(idp, await known(idp, entityId), session, request)
    idp.sessions.delete(sessionKey(request) ?? '')
    response.clearCookie(COOKIE, { path: '/' })
    if (message.by === 'redirect') response.redirect(303, message.to)
    else if (message.by === 'post') {
      widenForms(response)
      response.send(passOnPage(message.to, message.fields))
    } else response.send(logoutBeganPage(await ask(message)))
  }
}

function makeFor(idp: Idp, provider: ServiceProvider, session: IdpSession, request: Request): MadeLogout {
  const by = field(request, 'by')
  const fault = findLogoutFault(field(request, 'fault'))
  const way: Way = by === 'post' || by === 'soap' ? by : 'redirect'
  return makeLogout({
    entityId: idp.entityId,
    signer: signerOf(idp),
    form: formOf(idp),
    provider,
    by: fault?.ways?.includes(way) === false ? fault.ways[0]! : way,
    nameId: session.nameIds.get(provider.entityId)!,
    sessionIndexes: field(request, 'all') === 'yes' ? [] : [session.sessionIndex],
    encrypted: field(request, 'encrypted') === 'yes',
    fault,
    relayState: 'from-the-idp',
    now: idp.clock.now(),
    chance: idp.chance,
  })
}

/** @returns the answer as it came: status and text */
async function ask({ to, body }: Extract<MadeLogout, { by: 'soap' }>): Promise<string> {
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  try {
    const answer = await fetch(to, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) })
    return `${answer.status}\n${await answer.text()}`
  } catch {
    return 'Система не ответила.'
  }
}
