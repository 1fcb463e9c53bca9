import { startLogout, type Afterwards, type Farewell } from '../../login/logout.js'
import type { Outcome } from '../../login/outcome.js'
import { readTarget } from '../../login/target.js'
import { checkForm, formToken } from '../csrf.js'
import { contentPolicy } from '../headers.js'
import { THEN_ANOTHER, THEN_FIELD } from '../pages/layout.js'
import { logoutPage } from '../pages/session-pages.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { endedSession, openSession, takeSessionCookie } from '../session.js'
import type { Web } from '../setup.js'
import { show, showFarewell } from '../show.js'
import { idpOrigins, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'
import type { Request, Response } from 'express'

/** A link cannot end a session: it shows the button. */
export const getLogout: Handler = (web, request, response) => showLogout(web, request, response)

/** @param back where a journal wants its guest back; already checked against its list */
export async function showLogout(web: Web, request: Request, response: Response, back?: LinkBack): Promise<void> {
  const session = openSession(request)
  if (!session) return sayGoodbye(web, request, response, back?.return)
  contentPolicy(response, idpOrigins(web))
  response.send(
    logoutPage({
      token: formToken(web, session.key),
      fields: back && { ...back },
      signedIn: signedInAs(web, session),
      support: web.support,
      english: prefersEnglish(request),
    }),
  )
}

/** Names of the form's fields. */
export interface LinkBack {
  readonly journal: string
  readonly return: string
}

export const postLogout: Handler = async (web, request, response) => {
  const session = openSession(request)
  if (!session) return sayGoodbye(web, request, response)
  checkForm(web, request, session.key)
  const end = await startLogout(web.ports, visitor(web, request), afterwards(web, request))
  takeSessionCookie(web, request, response)
  await showEither(web, request, response, end)
}

/**
 * There is no session to end, only perhaps the cookie of one that is over: of this very person, whose first click was not
 * answered. What they are told now must be written down first.
 */
async function sayGoodbye(web: Web, request: Request, response: Response, back?: string): Promise<void> {
  const key = endedSession(request)
  if (key !== undefined) await web.ports.logouts.settle(key)
  takeSessionCookie(web, request, response)
  const link = back !== undefined && { back }
  showFarewell(web, request, response, { at: 'farewell', ended: 'ours', journals: [], ...link })
}

/** «Это не вы? Войти другим»: where the other person wants to go. From a plain sign-out a journal may want its guest back. */
function afterwards(web: Web, request: Request): Afterwards {
  const another = formValue(request, THEN_FIELD, 20) === THEN_ANOTHER
  const [journal, returnTo, state, school, me, page] = ['journal', 'return', 'state', 'school', 'me', 'page'].map(
    name => formValue(request, name),
  )
  if (!another && returnTo === undefined) return {}
  const target = readTarget(web.ports, {
    ...(journal !== undefined && { journal }),
    ...(returnTo !== undefined && { returnTo }),
    ...(state !== undefined && { state }),
    ...(school !== undefined && { school }),
    ...(me !== undefined && { me: 'home' }),
    ...(page !== undefined && { page }),
  })
  if (another) return { then: target }
  return target.kind === 'journal' && target.returnTo !== undefined ? { back: target.returnTo } : {}
}

export async function showEither(
  web: Web,
  request: Request,
  response: Response,
  end: Farewell | Outcome,
): Promise<void> {
  if (end.at === 'farewell' || end.at === 'idp-form') return showFarewell(web, request, response, end)
  if (end.at === 'idp' && !('login' in end)) return showFarewell(web, request, response, end)
  await show(web, request, response, end)
}
