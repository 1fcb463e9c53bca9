import type { Request, Response } from 'express'
import { continueLogin, type Given } from '../../login/continue.js'
import type { Outcome } from '../../login/outcome.js'
import { Refusal } from '../../base/refusal.js'
import { isSecure, rememberChoice } from '../cookies.js'
import { confirmForm } from '../confirm-form.js'
import { carriesToken, checkOrigin } from '../csrf.js'
import type { FreshDevice } from '../devices.js'
import type { SessionKey } from '../../sessions/sessions.js'
import type { Web } from '../setup.js'
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
  const { given, device } = givenIn(web, request, response)
  const madeIn = (session: SessionKey): boolean => carriesToken(web, request, session)
  const outcome = await continueLogin(web.ports, visitor(web, request), loginOf(request), { given, madeIn })
  if (given.kind === 'choice' && ledOn(outcome)) {
    rememberChoice(request, response, given.choice, isSecure(web.ports.publicUrl))
  }
  if (outcome.at !== 'confirm' && outcome.at !== 'refused') device?.keep()
  await show(web, request, response, outcome)
}

/** The choice was the person's own to make: the journal opens, or one more page of ours. */
const ledOn = ({ at }: Outcome): boolean => at === 'done' || at === 'consent' || at === 'confirm'

interface Posted {
  readonly given: Given
  readonly device?: FreshDevice
}

function givenIn(web: Web, request: Request, response: Response): Posted {
  return confirmForm(web, request, response) ?? { given: answerIn(request) }
}

function answerIn(request: Request): Given {
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
