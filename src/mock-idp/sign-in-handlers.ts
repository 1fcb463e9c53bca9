/** HTTP of a sign-in: which page stands at which step, and what each form does. */
import { Router } from 'express'
import { methods, type Method } from './accounts/account.js'
import { addressOf, sendAnswer } from './handlers.js'
import type { Handler, Request, Response } from './http.js'
import { findLogin, REMEMBERED_LIFETIME, type Idp, type Login } from './idp.js'
import { problemPage } from './layout.js'
import { biometryPage, capacityPage, codePage, methodPage, passwordPage, signaturePage, unsubscribedPage, type Typed } from './sign-in-pages.js' // prettier-ignore
import { chooseCapacity, chooseMethod, enterBySignature, enterCode, enterPassword, finish, sendCode, subscribe, type Credentials } from './sign-in.js' // prettier-ignore
import { COOKIE, cookieSettings, deviceName, field, sessionKey } from './visits.js'
import { WrongInput } from './wrong-input.js'

const pages: Readonly<Record<Exclude<Login['step'], 'answer'>, (idp: Idp, login: Login, typed: Typed) => string>> = {
  password: passwordPage,
  method: (_idp, login, { wrong }) => methodPage(login, wrong),
  code: (idp, login, { wrong }) => codePage(idp, login, wrong),
  capacity: (_idp, login, { wrong }) => capacityPage(login, wrong),
  unsubscribed: (_idp, login) => unsubscribedPage(login),
}

/** @param typed a login to begin with: the page's list of people leads back here with one */
function show(idp: Idp, login: Login, response: Response, typed: unknown): void {
  if (login.step !== 'answer')
    response.send(pages[login.step](idp, login, typeof typed === 'string' ? { login: typed } : {}))
  else if (login.answer) sendAnswer(response, login.answer)
  else response.redirect(303, '/idp/cabinet')
}

/** The page of the step again, saying what was wrong. */
function showWrong(idp: Idp, login: Login, request: Request, response: Response, wrong: string): void {
  const typed: Typed = { login: field(request, 'login'), fault: field(request, 'fault'), wrong }
  response.status(403)
  if (login.step === 'answer') response.redirect(303, `/idp/login/${login.id}`)
  else if (request.params.step === 'signature') response.send(signaturePage(login, typed))
  else response.send(pages[login.step](idp, login, typed))
}

const credentials = (request: Request): Credentials => ({
  login: field(request, 'login'),
  password: field(request, 'password'),
  remember: field(request, 'remember') === 'yes',
  fault: field(request, 'fault'),
})

function methodIn(request: Request): Method {
  const named = methods.find(method => method === field(request, 'method'))
  if (named === undefined) throw new WrongInput('Выберите способ.')
  return named
}

function answerPush({ challenge }: Login, request: Request): void {
  if (challenge?.method === 'push') challenge.push = field(request, 'answer') === 'yes' ? 'approved' : 'denied'
}

/** The token shows the code of its own counter; what was shown and not typed is lost. */
function pressToken({ account }: Login): void {
  if (account?.token) account.token.pressed = Math.max(account.token.pressed, account.token.next) + 1
}

type Deed = (idp: Idp, login: Login, request: Request) => void | Promise<void>

/** What each form does. A form of another step than the login stands at does nothing: its step is shown again. */
const deeds: Readonly<Record<string, { step: Login['step']; deed: Deed }>> = {
  password: {
    step: 'password',
    deed: (idp, login, request) => enterPassword(idp, login, credentials(request), deviceName(request)),
  },
  signature: {
    step: 'password',
    deed: (idp, login, request) => enterBySignature(idp, login, credentials(request), deviceName(request)),
  },
  method: { step: 'method', deed: (idp, login, request) => chooseMethod(idp, login, methodIn(request)) },
  code: {
    step: 'code',
    deed: (idp, login, request) =>
      enterCode(
        idp,
        login,
        { code: field(request, 'code'), trust: field(request, 'trust') === 'yes' },
        deviceName(request),
      ),
  },
  'new-code': { step: 'code', deed: (idp, login) => sendCode(idp, login) },
  other: { step: 'code', deed: (idp, login, request) => sendCode(idp, login, methodIn(request)) },
  push: { step: 'code', deed: (_idp, login, request) => answerPush(login, request) },
  press: { step: 'code', deed: (_idp, login) => pressToken(login) },
  capacity: { step: 'capacity', deed: (_idp, login, request) => chooseCapacity(login, field(request, 'capacity')) },
  subscribe: { step: 'unsubscribed', deed: (_idp, login) => subscribe(login) },
}

async function act(idp: Idp, login: Login, request: Request, response: Response): Promise<void> {
  const found = deeds[String(request.params.step)]
  try {
    if (found?.step === login.step) await found.deed(idp, login, request)
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error
    showWrong(idp, login, request, response, error.message)
    return
  }
  if (login.step === 'answer' && !login.answer) {
    idp.sessions.delete(sessionKey(request) ?? '')
    setCookie(idp, response, finish(idp, login, addressOf(request), deviceName(request)), login.remember)
    if (!login.asked) idp.logins.delete(login.id)
  }
  response.redirect(303, login.step === 'answer' && !login.asked ? '/idp/cabinet' : `/idp/login/${login.id}`)
}

function setCookie(idp: Idp, response: Response, value: string, remember: boolean): void {
  response.cookie(COOKIE, value, { ...cookieSettings(idp), ...(remember && { maxAge: REMEMBERED_LIFETIME }) })
}

const OLD_LOGIN = 'Вход начат слишком давно или закончен. Вернитесь на сайт, куда хотели войти, и начните снова.'

export function enter(idp: Idp): Router {
  const router = Router()
  const withLogin =
    (then: (login: Login, request: Request, response: Response) => void | Promise<void>): Handler =>
    (request, response) => {
      const login = findLogin(idp, String(request.params.id))
      if (login) return then(login, request, response)
      response.status(404).send(problemPage('Этот вход устарел', OLD_LOGIN))
    }
  router.get(
    '/:id',
    withLogin((login, request, response) => show(idp, login, response, request.query.login)),
  )
  router.get(
    '/:id/signature',
    withLogin((login, _request, response) => void response.send(signaturePage(login))),
  )
  router.get(
    '/:id/biometry',
    withLogin((login, _request, response) => void response.send(biometryPage(login))),
  )
  router.post(
    '/:id/:step',
    withLogin((login, request, response) => act(idp, login, request, response)),
  )
  return router
}
