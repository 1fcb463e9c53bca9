/** `/me/old-login`: login and password of the journal itself, whose account they open, and «это моя запись». */
import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import {
  bindProven,
  oldLoginPlace,
  proveOldLogin,
  type OldLoginPlace,
  type ProofStep,
} from '../../login/by-old-login.js'
import type { Session } from '../../sessions/sessions.js'
import { readLogin } from '../../words/login.js'
import { confirmForm } from '../confirm-form.js'
import { checkForm, checkOrigin, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { journalAddress, onwardOf } from '../onward.js'
import { boundPage } from '../pages/code.js'
import {
  LOGIN_FIELD,
  oldLoginPage,
  PASSWORD_FIELD,
  PROVEN_FIELD,
  provenPage,
  SCHOOL_FIELD,
  type OldLoginPage,
} from '../pages/old-login.js'
import { refusalText } from '../pages/text-ru.js'
import { formValue } from '../params.js'
import { readProven, sealProven } from '../proven.js'
import type { Handler } from '../route.js'
import { schoolChoice } from '../school-choice.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { showRefusal } from '../show.js'
import { sendConfirm } from '../show-confirm.js'
import { cabinetLogin, idpOrigins, journalFields, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

interface At {
  readonly web: Web
  readonly request: Request
  readonly response: Response
  readonly session: Session
  readonly place: OldLoginPlace
}

export const getOldLogin: Handler = (web, request, response) => {
  const place = placeOf(web, request)
  const session = openSession(request)
  if (session) showForm({ web, request, response, session, place })
  else seeOther(response, cabinetLogin({ about: 'old-login' }, false, place.target))
}

export const postOldLogin: Handler = async (web, request, response) => {
  checkOrigin(web, request)
  const place = placeOf(web, request)
  const session = openSession(request)
  if (!session) return seeOther(response, cabinetLogin({ about: 'old-login' }, false, place.target))
  checkForm(web, request, session.key)
  const at = { web, request, response, session, place }
  const proven = formValue(request, PROVEN_FIELD, 200)
  await (proven === undefined ? prove(at) : bind(at, proven))
}

/** @throws Refusal `proof.not-offered`, `journal.*` */
function placeOf(web: Web, request: Request): OldLoginPlace {
  const target = onwardOf(web, request)
  if (!target) throw new Refusal('request.malformed', { parameter: 'journal', why: 'missing' })
  return oldLoginPlace(web.ports, target)
}

async function prove(at: At): Promise<void> {
  const { web, request, session, place } = at
  const login = readLogin(formValue(request, LOGIN_FIELD, 100) ?? '')
  const password = formValue(request, PASSWORD_FIELD, 200)
  const school = formValue(request, SCHOOL_FIELD, 64)
  if (login === '' || password === undefined || school === undefined) return showForm(at, { typed: login })
  const typed = { login, password, school }
  showStep(at, await proveOldLogin(web.ports, visitor(web, request), session, place, typed), login)
}

async function bind(at: At, proven: string): Promise<void> {
  const { web, request, session, place } = at
  const accountId = readProven(web, session.key, proven)
  const form = confirmForm(web, request, at.response)
  const step = await bindProven(web.ports, visitor(web, request), session, place, accountId, form?.given)
  if (step.at === 'confirm') {
    const fields = { ...journalFields(place.target), [PROVEN_FIELD]: proven }
    const back = { href: '/me', text: 'Ничего не привязывать' }
    return sendConfirm(web, request, at.response, session, step.asked, { action: '/me/old-login', fields, back })
  }
  if (step.at === 'bound') form?.device?.keep()
  showStep(at, step)
}

function showStep(at: At, step: Exclude<ProofStep, { at: 'confirm' }>, typed?: string): void {
  const { web, request, response, session, place } = at
  if (step.at === 'refused' && step.refusal.code === 'proof.wrong' && request.accepts(['html', 'json']) === 'html') {
    response.status(403)
    const { happened, steps } = refusalText['proof.wrong']
    return showForm(at, { typed, problem: `${happened} ${steps[0]}`, number: step.number })
  }
  if (step.at === 'refused') return showRefusal(web, request, response, step)
  contentPolicy(response, idpOrigins(web))
  if (step.at === 'bound') {
    response.send(boundPage({ ...framed(at), by: 'old-login', loginUrl: journalAddress(place.journal, place.target) }))
    return
  }
  const accounts = step.accounts.map(({ accountId, account }) => ({
    account,
    proven: sealProven(web, session.key, accountId, step.until),
  }))
  response.send(provenPage({ ...framed(at), accounts, school: step.school.title }))
}

function showForm(at: At, mistaken: Pick<OldLoginPage, 'typed' | 'problem' | 'number'> = {}): void {
  contentPolicy(at.response, idpOrigins(at.web))
  at.response.send(oldLoginPage({ ...framed(at), ...schoolChoice(at.request, at.place.schools), ...mistaken }))
}

const framed = ({ web, request, session, place }: At) => ({
  signedIn: signedInAs(web, session, place.target),
  token: formToken(web, session.key),
  journal: place.journal.title,
  onward: journalFields(place.target),
  support: web.support,
  english: prefersEnglish(request),
})
