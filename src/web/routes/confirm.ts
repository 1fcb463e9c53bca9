/** `/me/confirm`: a code before a step in the cabinet that cannot be made lightly; then back to the question. */
import type { Request } from 'express'
import { Refusal } from '../../base/refusal.js'
import { confirmedForChange, purposeOf } from '../../cabinet/confirming.js'
import { askedFor, takeConfirmation } from '../../login/confirming.js'
import type { Session } from '../../sessions/sessions.js'
import { cabinetQuestions, type CabinetQuestion } from '../../words/target.js'
import { confirmForm } from '../confirm-form.js'
import { checkForm } from '../csrf.js'
import { seeOther } from '../headers.js'
import { ID_FIELD } from '../pages/cabinet-parts.js'
import { formValue, queryValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { sendConfirm } from '../show-confirm.js'
import { cabinetAddress, cabinetLogin, confirmAddress, questionFields } from '../signed-in.js'
import { visitor } from '../visitor.js'

type Read = typeof queryValue

function questionIn(request: Request, read: Read): CabinetQuestion {
  const asked = read(request, 'about', 20)
  const about = cabinetQuestions.find(each => each === asked)
  if (about === undefined) throw new Refusal('request.malformed', { parameter: 'about', why: 'not a question' })
  const id = read(request, ID_FIELD, 64)
  return { about, ...(id !== undefined && { id }) }
}

export const getConfirm: Handler = async (web, request, response) => {
  const question = questionIn(request, queryValue)
  const session = openSession(request)
  if (!session) return seeOther(response, cabinetLogin(question, false))
  const purpose = purposeOf(question)
  if (!purpose || (await confirmedForChange(web.ports, session, question)))
    return seeOther(response, cabinetAddress(question))
  sendConfirm(web, request, response, session, await askedFor(web.ports, session, purpose), placeOf(question))
}

export const postConfirm: Handler = async (web, request, response) => {
  const session = openSession(request)
  if (!session) throw new Refusal('session.none')
  checkForm(web, request, session.key)
  const question = questionIn(request, formValue)
  const form = confirmForm(web, request, response)
  const purpose = purposeOf(question)
  if (!form || !purpose || (await confirmedForChange(web.ports, session, question)))
    return seeOther(response, confirmAddress(question))
  const known = knownOf(web, request, session)
  const asked = await askedFor(web.ports, session, purpose)
  const taken = await takeConfirmation(web.ports, known.visitor, session, known, asked, form.given)
  if (taken === 'confirmed') return seeOther(response, cabinetAddress(question))
  sendConfirm(web, request, response, session, taken, placeOf(question))
}

function knownOf(web: Web, request: Request, session: Session) {
  const who = visitor(web, request)
  return { visitor: who, number: who.number, idp: session.person.idp, session }
}

const placeOf = (question: CabinetQuestion) => ({
  action: '/me/confirm',
  fields: questionFields(question),
  target: { kind: 'cabinet', question } as const,
  back: { href: '/me', text: 'Ничего не менять, вернуться в кабинет' },
})
