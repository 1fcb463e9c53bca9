/** From outcomes to HTTP. Every place where a login can stand has its one answer here. */
import type { Request, Response } from 'express'
import { refusals } from '../base/refusals.js'
import type { Refusal } from '../base/refusal.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Farewell, Ticket } from '../login/logout.js'
import type { Left } from '../login/logout-ports.js'
import type { Outcome, Step } from '../login/outcome.js'
import type { Target } from '../words/target.js'
import type { Session } from '../sessions/sessions.js'
import type { School } from '../words/school.js'
import { bannersOf, lockOf } from './banner.js'
import { choiceCards, choosePage } from './pages/choose.js'
import { chooseIdpPage } from './pages/choose-idp.js'
import { clocksApart } from './pages/clocks.js'
import { farewellPage, passOnPage } from './pages/farewell.js'
import { continueLoginPage } from './pages/session-pages.js'
import { openJournalPage } from './pages/open-journal.js'
import { ADD_CHILD } from './pages/child.js'
import { CREATE } from './pages/create.js'
import { OLD_LOGIN } from './pages/old-login.js'
import { withOnward } from './pages/onward.js'
import { refusalPage, type RefusalPage } from './pages/refusal.js'
import { schoolPath } from './pages/school-list.js'
import { submitScript } from './assets/assets.js'
import { choseBefore, isSecure, lastChoice, setLoginCookie } from './cookies.js'
import { keepDevice } from './devices.js'
import { contentPolicy, seeOther } from './headers.js'
import { formToken } from './csrf.js'
import { showSelfTest } from './routes/self-test.js'
import { giveSession } from './session.js'
import { prefersEnglish, sessionBehind } from './visitor.js'
import { maskSnils } from '../words/snils.js'
import { continueAddress, standsAtItsPage } from './own-page.js'
import type { Web } from './setup.js'
import { showConfirm } from './show-confirm.js'
import { showConsent } from './show-consent.js'
import { cabinetAddress, idpOrigins, journalFields, signedInAs, targetFields } from './signed-in.js'

export async function showStep(web: Web, request: Request, response: Response, step: Step): Promise<void> {
  if (step.opened !== undefined) await giveSession(request, step.opened)
  if (step.device !== undefined) keepDevice(web, request, response, step.device)
  await show(web, request, response, step.outcome)
}

export async function show(web: Web, request: Request, response: Response, outcome: Outcome): Promise<void> {
  switch (outcome.at) {
    case 'idp':
      setLoginCookie(request, response, isSecure(web.ports.publicUrl), {
        login: outcome.login,
        secret: outcome.secret,
        startedAt: web.ports.clock.now(),
        expiresAt: outcome.expiresAt,
      })
      return seeOther(response, outcome.to.href)
    case 'choose-idp':
      return showIdps(web, request, response, outcome)
    case 'hop':
      return seeOther(response, continueAddress(outcome.login))
    case 'back':
      return seeOther(response, outcome.to.href)
    case 'portal':
      return seeOther(response, outcome.page === 'school' ? '/school' : '/')
    case 'cabinet':
      return seeOther(response, cabinetAddress(outcome.question, outcome.onward))
    case 'done':
      return enterJournal(web, response, outcome)
    case 'choose':
      return showChoices(web, request, response, outcome)
    case 'consent':
      return showConsent(web, request, response, outcome)
    case 'confirm':
      return showConfirm(web, request, response, outcome)
    case 'self-test':
      return standsAtItsPage(request, outcome.login)
        ? showSelfTest(web, request, response, outcome.session)
        : seeOther(response, continueAddress(outcome.login))
    case 'refused':
      return showRefusal(web, request, response, outcome)
  }
}

export function showFarewell(web: Web, request: Request, response: Response, farewell: Farewell): void {
  if (farewell.at !== 'farewell' && farewell.ticket) giveTicket(web, request, response, farewell.ticket)
  switch (farewell.at) {
    case 'idp':
      return seeOther(response, farewell.to.href)
    case 'idp-form':
      contentPolicy(response, [farewell.to.origin, ...idpOrigins(web)], true)
      response.send(
        passOnPage({
          to: farewell.to.href,
          fields: farewell.fields,
          script: submitScript.href,
          support: web.support,
          english: prefersEnglish(request),
        }),
      )
      return
    case 'farewell':
      response.send(
        farewellPage({
          idpDone: idpDone[farewell.ended],
          journals: farewell.journals.map(left => leftJournal(web, left)),
          back: farewell.back,
          support: web.support,
          english: prefersEnglish(request),
        }),
      )
  }
}

/** The IdP's answer may come by a cross-site post, as that to a login does. */
const giveTicket = (web: Web, request: Request, response: Response, { id, secret, expiresAt }: Ticket): void => {
  const startedAt = web.ports.clock.now()
  setLoginCookie(request, response, isSecure(web.ports.publicUrl), { login: id, secret, startedAt, expiresAt })
}

function leftJournal(web: Web, { journal, state }: Left) {
  const open = web.ports.journals.get(journal)
  return { title: open?.journal.title ?? journal, state, url: open?.door.origins[0] }
}

const idpDone = { full: true, partial: 'partial', ours: false } as const

function enterJournal(web: Web, response: Response, done: Extract<Outcome, { at: 'done' }>): void {
  const { handOff, journal, origins } = done
  if (handOff.how === 'redirect') return seeOther(response, handOff.to.href)
  contentPolicy(response, origins, true)
  // the journal may look at Origin; with the policy of other pages it would read `null`
  response.setHeader('Referrer-Policy', 'strict-origin')
  const { to, fields, charset } = handOff
  response.send(
    openJournalPage({
      journalTitle: journal.title,
      to: to.href,
      fields,
      charset,
      script: submitScript.href,
      support: web.support,
    }),
  )
}

function showChoices(web: Web, request: Request, response: Response, at: Extract<Outcome, { at: 'choose' }>): void {
  if (!standsAtItsPage(request, at.login)) return seeOther(response, continueAddress(at.login))
  contentPolicy(response, [...at.origins, ...idpOrigins(web)])
  response.send(
    choosePage({
      action: continueAddress(at.login),
      token: formToken(web, at.session.key),
      journalTitle: at.journal.title,
      choices: choiceCards(at.choices, code => web.ports.schools.get(code)?.title ?? code),
      before: lastChoice(
        request,
        at.choices.map(({ id }) => id),
        isSecure(web.ports.publicUrl),
      ),
      signedIn: signedInAs(web, at.session, at.target),
      support: web.support,
    }),
  )
}

function showIdps(
  web: Web,
  request: Request,
  response: Response,
  { target, forced, idps }: Extract<Outcome, { at: 'choose-idp' }>,
): void {
  const journal = target.kind === 'journal' ? web.ports.journals.get(target.journal)?.journal : undefined
  const session = sessionBehind(request)
  if (session) contentPolicy(response, idpOrigins(web))
  response.send(
    chooseIdpPage({
      ...(journal && { journalTitle: journal.title }),
      idps: idps.map(({ entityId, title, singleSignOn }) => ({
        title,
        host: new URL(singleSignOn[0]!.location).host,
        url: beginsAt(target, forced, entityId),
        before: choseBefore(request, entityId, isSecure(web.ports.publicUrl)),
      })),
      ...(session && { signedIn: signedInAs(web, session, target) }),
      support: web.support,
      banners: bannersOf(web),
    }),
  )
}

function beginsAt(target: Target, forced: boolean, idp: string): string {
  const query = new URLSearchParams({ ...targetFields(target), idp, ...(forced && { force: '1' }) }).toString()
  return `${target.kind === 'self-test' ? '/self-test' : '/login'}?${query}`
}

export interface Refused {
  readonly refusal: Refusal
  readonly number: RequestNumber
  readonly target?: Target
  readonly idp?: string
  readonly forced?: boolean
  readonly session?: Session
}

export function showRefusal(web: Web, request: Request, response: Response, at: Refused): void {
  const { code } = at.refusal
  response.status(refusals[code].status)
  if (request.accepts(['html', 'json']) === 'json') {
    response.json({ refused: code, meaning: refusals[code].meaning, number: at.number })
    return
  }
  contentPolicy(response, idpOrigins(web))
  const journal = at.target?.kind === 'journal' ? web.ports.journals.get(at.target.journal)?.journal : undefined
  if (code === 'login.cookie-missing') {
    response.send(
      continueLoginPage({
        continueUrl: startAgain(web, at),
        number: at.number,
        support: web.support,
        english: prefersEnglish(request),
        ...(journal && { journal: journal.title }),
      }),
    )
    return
  }
  const session = at.session ?? sessionBehind(request)
  const snils = session?.person.snils
  const school = schoolOf(web, at.target)
  response.send(
    refusalPage({
      code,
      number: at.number,
      at: web.ports.clock.now(),
      support: web.support,
      english: prefersEnglish(request),
      startAgain: startAgain(web, at),
      bookmark: bookmark(web, school),
      clocks: clocksApart(at.refusal),
      banners: bannersOf(web, at.idp),
      ...lockOf(web, at.refusal),
      ways: otherWays(web, at, session),
      ...(school && { school: { title: school.title, support: school.support } }),
      ...(journal && { journal: journal.title }),
      ...(code === 'identity.not-linked' && snils && { snilsMasked: maskSnils(snils) }),
      ...(session && { signedIn: signedInAs(web, session, at.target) }),
    }),
  )
}

/** Whoever takes an account in another way goes on to where they wanted to go. */
function otherWays(web: Web, { refusal, target }: Refused, session: Session | undefined): RefusalPage['ways'] {
  const onward = target?.kind === 'journal' ? journalFields(target) : undefined
  const open = target?.kind === 'journal' ? web.ports.journals.get(target.journal) : undefined
  return {
    code: withOnward('/me/code', onward),
    ...(open?.oldLogin && { oldLogin: withOnward(OLD_LOGIN, onward) }),
    // only where nothing at all is found: who stands in some list is told what is wrong there
    ...(refusal.code === 'identity.not-linked' &&
      session &&
      open?.newAccounts && { create: withOnward(CREATE, onward) }),
    ...(open?.journal.roles.includes('parent') && { child: withOnward(ADD_CHILD, onward) }),
  }
}

/**
 * Where the same wish begins anew: same place, same state, same IdP. Who was signed in and refused signs in afresh: only so
 * can the answer differ. So does whoever asked for a fresh sign-in.
 */
function startAgain(web: Web, { refusal, target, idp, forced }: Refused): string {
  const chosenIdp = idp !== undefined && web.ports.trust.idps.length > 1 && web.ports.trust.find(idp) ? { idp } : {}
  if (target?.kind === 'self-test') return address('/self-test', chosenIdp)
  const afresh = (forced ?? false) || refusal.code.startsWith('identity.')
  if (target === undefined) return '/'
  return address('/login', { ...targetFields(target), ...chosenIdp, ...(afresh && { force: '1' }) })
}

function address(path: string, parameters: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(parameters).toString()
  return search === '' ? path : `${path}?${search}`
}

/** The page of the school whose journal it was; where no school is known, the first page. */
function bookmark(web: Web, school: School | undefined): { title: string; url: string } {
  const known = school ?? (web.ports.schools.size === 1 ? [...web.ports.schools.values()][0] : undefined)
  const path = known ? schoolPath(known.code) : '/'
  return { title: known?.title ?? web.title, url: web.ports.publicUrl + path }
}

/** Whose help line to print: the school that was named, or the only one that the journal has. */
function schoolOf(web: Web, target: Target | undefined): School | undefined {
  if (target?.kind !== 'journal') return undefined
  const schools = web.ports.journals.get(target.journal)?.journal.schools ?? []
  const code = target.school ?? (schools.length === 1 ? schools[0] : undefined)
  return code === undefined ? undefined : web.ports.schools.get(code)
}
