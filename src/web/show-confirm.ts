import type { Request, Response } from 'express'
import { refusals } from '../base/refusals.js'
import type { Asked } from '../login/confirming.js'
import type { Outcome } from '../login/outcome.js'
import type { Session } from '../sessions/sessions.js'
import type { Target } from '../words/target.js'
import { formToken } from './csrf.js'
import { contentPolicy, seeOther } from './headers.js'
import { continueAddress, standsAtItsPage } from './own-page.js'
import { confirmPage, type ConfirmPage } from './pages/confirm.js'
import type { Web } from './setup.js'
import { idpOrigins, signedInAs } from './signed-in.js'
import { prefersEnglish, requestNumber } from './visitor.js'

export function showConfirm(
  web: Web,
  request: Request,
  response: Response,
  { login, session, target, origins, asked, number }: Extract<Outcome, { at: 'confirm' }>,
): void {
  if (!standsAtItsPage(request, login)) return seeOther(response, continueAddress(login))
  const place = { action: continueAddress(login), number, target, origins }
  sendConfirm(web, request, response, session, asked, place)
}

interface Place extends Pick<ConfirmPage, 'action' | 'fields' | 'back'> {
  /** Under which the audit has it; without it that of the request. */
  readonly number?: string
  readonly target?: Target
  /** Where the form may lead in the end. */
  readonly origins?: readonly string[]
}

export function sendConfirm(
  web: Web,
  request: Request,
  response: Response,
  session: Session,
  asked: Asked,
  { target, origins = [], number = requestNumber(web, request), ...place }: Place,
): void {
  const { problem } = asked
  if (problem) {
    response.status(refusals[problem.code].status)
    if (request.accepts(['html', 'json']) === 'json') {
      response.json({ refused: problem.code, meaning: refusals[problem.code].meaning, number })
      return
    }
  }
  contentPolicy(response, [...origins, ...idpOrigins(web)])
  response.send(
    confirmPage({
      ...place,
      asked,
      token: formToken(web, session.key),
      signedIn: signedInAs(web, session, target),
      support: web.support,
      english: prefersEnglish(request),
      ...(problem && { number }),
    }),
  )
}
