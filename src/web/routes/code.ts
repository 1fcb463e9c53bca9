/** `/me/code`: a code from the school, whose account it is, and «это моя запись». */
import type { Request, Response } from 'express'
import { bindByCode, lookAtCode, type CodeStep } from '../../login/by-code.js'
import type { Session } from '../../sessions/sessions.js'
import { checkForm, checkOrigin, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { boundPage, CODE_FIELD, codePage, MINE_FIELD, whosePage, type CodePage } from '../pages/code.js'
import { refusalText } from '../pages/text-ru.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { showRefusal } from '../show.js'
import { cabinetLogin, idpOrigins, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

/** Who is not signed in, or not any more, goes through the login and comes back here. */
const signInFirst = (response: Response): void => seeOther(response, cabinetLogin({ about: 'code' }, false))

export const getCode: Handler = (web, request, response) => {
  const session = openSession(request)
  if (!session) return signInFirst(response)
  showForm(web, request, response, session)
}

export const postCode: Handler = async (web, request, response) => {
  checkOrigin(web, request)
  const session = openSession(request)
  if (!session) return signInFirst(response)
  checkForm(web, request, session.key)
  const typed = formValue(request, CODE_FIELD, 100)
  if (typed === undefined) return showForm(web, request, response, session)
  const step = formValue(request, MINE_FIELD, 10) === 'yes' ? bindByCode : lookAtCode
  showStep(web, request, response, session, typed, await step(web.ports, visitor(web, request), session, typed))
}

function showStep(
  web: Web,
  request: Request,
  response: Response,
  session: Session,
  typed: string,
  step: CodeStep,
): void {
  if (step.at === 'refused' && step.refusal.code === 'code.mistyped' && request.accepts(['html', 'json']) === 'html') {
    response.status(400)
    const { happened, steps } = refusalText['code.mistyped']
    return showForm(web, request, response, session, { typed, problem: `${happened} ${steps[0]}`, number: step.number })
  }
  if (step.at === 'refused') return showRefusal(web, request, response, step)
  contentPolicy(response, idpOrigins(web))
  const { journal, school } = step
  if (step.at === 'whose') {
    const { code, account } = step
    const shown = { code, account, journal: journal.title, school: school.title }
    response.send(whosePage({ ...framed(web, request, session), ...shown }))
    return
  }
  const place = new URLSearchParams({ journal: journal.id, school: school.code }).toString()
  const loginUrl = journal.requireState ? undefined : `/login?${place}`
  response.send(boundPage({ ...framed(web, request, session), journal: journal.title, loginUrl }))
}

function showForm(
  web: Web,
  request: Request,
  response: Response,
  session: Session,
  mistyped: Pick<CodePage, 'typed' | 'problem' | 'number'> = {},
): void {
  contentPolicy(response, idpOrigins(web))
  response.send(codePage({ ...framed(web, request, session), ...mistyped }))
}

const framed = (web: Web, request: Request, session: Session) => ({
  signedIn: signedInAs(web, session),
  token: formToken(web, session.key),
  support: web.support,
  english: prefersEnglish(request),
})
