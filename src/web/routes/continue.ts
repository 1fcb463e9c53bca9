import { continueLogin } from '../../login/continue.js'
import { Refusal } from '../../base/refusal.js'
import { checkForm } from '../csrf.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import { show } from '../show.js'
import { visitor } from '../visitor.js'

export const getContinue: Handler = async (web, request, response) => {
  await show(web, request, response, await continueLogin(web.ports, visitor(web, request), loginOf(request)))
}

export const postContinue: Handler = async (web, request, response) => {
  const session = openSession(request)
  if (!session) throw new Refusal('session.none')
  checkForm(web, request, session.key)
  const choice = formValue(request, 'choice', 200)
  if (choice === undefined) throw new Refusal('request.malformed', { parameter: 'choice', why: 'missing' })
  await show(web, request, response, await continueLogin(web.ports, visitor(web, request), loginOf(request), choice))
}

const loginOf = (request: { params: Record<string, string | string[] | undefined> }): string => {
  const { login } = request.params
  return typeof login === 'string' ? login.slice(0, 64) : ''
}
