import { startLogout, type Farewell } from '../../login/logout.js'
import type { Outcome } from '../../login/outcome.js'
import { readTarget } from '../../login/target.js'
import { checkForm, formToken } from '../csrf.js'
import { contentPolicy } from '../headers.js'
import { THEN_ANOTHER, THEN_FIELD } from '../pages/layout.js'
import { logoutPage } from '../pages/session-pages.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession, takeSessionCookie } from '../session.js'
import type { Web } from '../setup.js'
import { show, showFarewell } from '../show.js'
import { idpOrigins, signedInAs } from '../signed-in.js'
import { visitor } from '../visitor.js'
import type { Request, Response } from 'express'

/** A link cannot end a session: it shows the button. */
export const getLogout: Handler = (web, request, response) => {
  const session = openSession(request)
  if (!session) return sayGoodbye(web, request, response)
  contentPolicy(response, idpOrigins(web))
  response.send(
    logoutPage({
      token: formToken(web, session.key),
      signedIn: signedInAs(web, session),
      support: web.support,
    }),
  )
}

export const postLogout: Handler = async (web, request, response) => {
  const session = openSession(request)
  if (!session) return sayGoodbye(web, request, response)
  checkForm(web, request, session.key)
  const end = await startLogout(web.ports, visitor(web, request), wish(web, request))
  takeSessionCookie(web, request, response)
  await showEither(web, request, response, end)
}

/** There is no session to end, only perhaps the cookie of one that is over. */
function sayGoodbye(web: Web, request: Request, response: Response): void {
  takeSessionCookie(web, request, response)
  showFarewell(web, request, response, { at: 'farewell', ended: 'ours', journals: [] })
}

/** «Это не вы? Войти другим»: where the other person wants to go. */
function wish(web: Web, request: Request) {
  if (formValue(request, THEN_FIELD, 20) !== THEN_ANOTHER) return undefined
  const [journal, returnTo, state, school] = ['journal', 'return', 'state', 'school'].map(name =>
    formValue(request, name),
  )
  return readTarget(web.ports, {
    ...(journal !== undefined && { journal }),
    ...(returnTo !== undefined && { returnTo }),
    ...(state !== undefined && { state }),
    ...(school !== undefined && { school }),
  })
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
