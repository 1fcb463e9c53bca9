import type { Request, Response } from 'express'
import type { Outcome } from '../login/outcome.js'
import { formToken } from './csrf.js'
import { contentPolicy, seeOther } from './headers.js'
import { continueAddress, standsAtItsPage } from './own-page.js'
import { consentPage } from './pages/consent.js'
import type { Web } from './setup.js'
import { idpOrigins, signedInAs } from './signed-in.js'
import { prefersEnglish } from './visitor.js'

export function showConsent(
  web: Web,
  request: Request,
  response: Response,
  at: Extract<Outcome, { at: 'consent' }>,
): void {
  if (!standsAtItsPage(request, at.login)) return seeOther(response, continueAddress(at.login))
  contentPolicy(response, [...at.origins, ...idpOrigins(web)])
  const { account, child } = at.choice
  const school = web.ports.schools.get(account.school)
  response.send(
    consentPage({
      action: continueAddress(at.login),
      token: formToken(web, at.session.key),
      text: at.text,
      choice: at.choice.id,
      journalTitle: at.journal.title,
      schoolTitle: school?.title ?? account.school,
      role: account.role,
      ...(child && { child: child.name }),
      forChild: at.rule === 'representative',
      why: at.why,
      signedIn: signedInAs(web, at.session, at.target),
      support: school?.support ?? web.support,
      english: prefersEnglish(request),
    }),
  )
}
