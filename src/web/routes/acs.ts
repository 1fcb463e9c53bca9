/** The assertion consumer service. It sees no Lax cookie: the IdP's form post is cross-site. */
import { Refusal } from '../../base/refusal.js'
import { finishLogin } from '../../login/finish.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { showStep } from '../show.js'
import { turns } from '../turns.js'
import { visitor } from '../visitor.js'

/** Base64 of more than the judge takes, so that the judge's own refusal is the one that is seen. */
const RESPONSE_LIMIT = 1_000_000

/** saml-bindings 3.4.3: RelayState is at most 80 bytes; ours has 27. */
const RELAY_STATE_LIMIT = 80

/** Judging an answer takes milliseconds of the only thread there is. */
const turn = turns()

export const postAcs: Handler = async (web, request, response) => {
  const text = formValue(request, 'SAMLResponse', RESPONSE_LIMIT)
  const relayState = formValue(request, 'RelayState', RELAY_STATE_LIMIT)
  if (text === undefined) throw new Refusal('request.malformed', { parameter: 'SAMLResponse', why: 'missing' })
  await turn()
  const step = await finishLogin(web.ports, visitor(web, request), {
    response: text,
    ...(relayState !== undefined && { relayState }),
  })
  await showStep(web, request, response, step)
}
