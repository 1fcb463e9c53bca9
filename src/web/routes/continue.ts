import type { Request } from 'express'
import { continueLogin, type Given } from '../../login/continue.js'
import { Refusal } from '../../base/refusal.js'
import { carriesToken, checkOrigin } from '../csrf.js'
import type { SessionKey } from '../../sessions/sessions.js'
import { AGREE_FIELD, AGREED, CONSENT_FIELD } from '../pages/consent.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { show } from '../show.js'
import { visitor } from '../visitor.js'

export const getContinue: Handler = async (web, request, response) => {
  await show(web, request, response, await continueLogin(web.ports, visitor(web, request), loginOf(request)))
}

export const postContinue: Handler = async (web, request, response) => {
  checkOrigin(web, request)
  const given = givenIn(request)
  const madeIn = (session: SessionKey): boolean => carriesToken(web, request, session)
  const outcome = await continueLogin(web.ports, visitor(web, request), loginOf(request), { given, madeIn })
  await show(web, request, response, outcome)
}

function givenIn(request: Request): Given {
  const answer = formValue(request, CONSENT_FIELD, 20)
  if (answer === 'declined') return { kind: 'consent-declined' }
  if (answer !== undefined) return consentIn(request)
  const choice = formValue(request, 'choice', 200)
  if (choice === undefined) throw new Refusal('request.malformed', { parameter: 'choice', why: 'missing' })
  return { kind: 'choice', choice }
}

function consentIn(request: Request): Given {
  const [text, choice] = [formValue(request, 'text', 64), formValue(request, 'choice', 200)]
  if (text === undefined || choice === undefined) {
    throw new Refusal('request.malformed', { parameter: text === undefined ? 'text' : 'choice', why: 'missing' })
  }
  return { kind: 'consent', text, choice, ticked: formValue(request, AGREE_FIELD, 20) === AGREED }
}

const loginOf = (request: { params: Record<string, string | string[] | undefined> }): string => {
  const { login } = request.params
  return typeof login === 'string' ? login.slice(0, 64) : ''
}
