/** HTTP of the mock IdP: the SAML endpoints and the pages of a sign-in. */
import { Router } from 'express'
import { status } from '../words/saml-names.js'
import {
  answer,
  beginLogin,
  findLogin,
  findSession,
  REMEMBERED_LIFETIME,
  type Answer,
  type Asked,
  type Idp,
  type Login,
} from './idp.js'
import type { Handler, Request, Response } from './http.js'
import { path } from './metadata.js'
import { answerPage, capacityPage, codePage, passwordPage, problemPage } from './pages.js'
import { readRedirect, requireSignature } from './redirect-binding.js'
import { issuerOf, readAuthnRequest } from './requests.js'
import { addressQuery, COOKIE, field, known, sessionKey, widenForms } from './visits.js'
import { chooseCapacity, enterCode, enterPassword, finish, sendCode, WrongInput } from './sign-in.js'

const addressOf = (request: Request): string => request.socket.remoteAddress ?? '127.0.0.1'

function sendAnswer(response: Response, made: Answer): void {
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
  if (session) sendAnswer(response, answer(idp, asked, session, { address }))
  else if (wish.isPassive) {
    const declined = [status.responder, status.noPassive]
    sendAnswer(response, answer(idp, asked, undefined, { address, declined }))
  } else response.redirect(303, `/idp/login/${beginLogin(idp, asked).id}`)
}

/** @param typed a login to begin with: the page's list of people leads back here with one */
function show(idp: Idp, login: Login, response: Response, typed: unknown): void {
  if (login.step === 'password') {
    response.send(passwordPage(idp, login, typeof typed === 'string' ? { login: typed } : {}))
  } else if (login.step === 'code') response.send(codePage(login))
  else if (login.step === 'capacity') response.send(capacityPage(login))
  else if (login.answer) sendAnswer(response, login.answer)
}

/** The page of the step again, saying what was wrong. */
function showWrong(idp: Idp, login: Login, request: Request, response: Response, wrong: string): void {
  response.status(403)
  if (login.step === 'code') response.send(codePage(login, wrong))
  else if (login.step === 'capacity') response.send(capacityPage(login, wrong))
  else {
    response.send(passwordPage(idp, login, { login: field(request, 'login'), fault: field(request, 'fault'), wrong }))
  }
}

type Deed = (idp: Idp, login: Login, request: Request) => void

/** What each form does. A form of another step than the login stands at does nothing: its step is shown again. */
const deeds: Readonly<Record<string, { step: Login['step']; deed: Deed }>> = {
  password: {
    step: 'password',
    deed: (idp, login, request) =>
      enterPassword(idp, login, {
        login: field(request, 'login'),
        password: field(request, 'password'),
        remember: field(request, 'remember') === 'yes',
        fault: field(request, 'fault'),
      }),
  },
  code: { step: 'code', deed: (idp, login, request) => enterCode(idp, login, field(request, 'code')) },
  'new-code': { step: 'code', deed: sendCode },
  capacity: { step: 'capacity', deed: (_idp, login, request) => chooseCapacity(login, field(request, 'capacity')) },
}

function act(idp: Idp, login: Login, request: Request, response: Response): void {
  const found = deeds[String(request.params.step)]
  try {
    if (found?.step === login.step) found.deed(idp, login, request)
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error
    showWrong(idp, login, request, response, error.message)
    return
  }
  if (login.step === 'answer' && !login.answer) {
    idp.sessions.delete(sessionKey(request) ?? '')
    setCookie(idp, response, finish(idp, login, addressOf(request)), login.remember)
  }
  response.redirect(303, `/idp/login/${login.id}`)
}

function setCookie(idp: Idp, response: Response, value: string, remember: boolean): void {
  response.cookie(COOKIE, value, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: idp.baseUrl.startsWith('https:'),
    ...(remember && { maxAge: REMEMBERED_LIFETIME }),
  })
}

const OLD_LOGIN = 'Вход начат слишком давно или закончен. Вернитесь на сайт, куда хотели войти, и начните снова.'

export function enter(idp: Idp): Router {
  const router = Router()
  const withLogin =
    (then: (login: Login, request: Request, response: Response) => void): Handler =>
    (request, response) => {
      const login = findLogin(idp, String(request.params.id))
      if (login) then(login, request, response)
      else response.status(404).send(problemPage('Этот вход устарел', OLD_LOGIN))
    }
  router.get(
    '/:id',
    withLogin((login, request, response) => show(idp, login, response, request.query.login)),
  )
  router.post(
    '/:id/:step',
    withLogin((login, request, response) => act(idp, login, request, response)),
  )
  return router
}
