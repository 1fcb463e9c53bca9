/** `/me/unlock`: a person who is locked says, by a code to their own address, that it was they. */
import type { Request } from 'express'
import { Refusal } from '../../base/refusal.js'
import { confirmedForChange } from '../../cabinet/confirming.js'
import { signedInJustNow } from '../../cabinet/fresh.js'
import type { Session } from '../../sessions/sessions.js'
import { liftedByPerson, unlock } from '../../watch/decide.js'
import type { Lock } from '../../words/watched.js'
import { checkForm, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { unlockPage } from '../pages/cabinet-questions.js'
import { moment } from '../pages/number.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { cabinetAddress, cabinetLogin, confirmAddress, idpOrigins, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

const QUESTION = { about: 'unlock' } as const

/** @throws Refusal `lock.not-liftable` */
function liftable({ ports }: Web, { person }: Session): Lock {
  const lock = ports.standing.ofPerson(ports.pseudonyms, person)
  if (!lock || !ports.confirmTerms || !liftedByPerson(lock)) throw new Refusal('lock.not-liftable')
  return lock
}

export const getUnlock: Handler = async (web, request, response) => {
  const session = openSession(request)
  if (!session) return seeOther(response, cabinetLogin(QUESTION, false))
  const lock = liftable(web, session)
  contentPolicy(response, idpOrigins(web))
  response.send(
    unlockPage({ ...(await firstStep(web, session)), ...frame(web, request, session), until: moment(lock.until) }),
  )
}

async function firstStep({ ports }: Web, session: Session) {
  if (!signedInJustNow(ports, session)) return { signInAgain: cabinetLogin(QUESTION, true) }
  return (await confirmedForChange(ports, session, QUESTION)) ? {} : { confirmFirst: confirmAddress(QUESTION) }
}

const frame = (web: Web, request: Request, session: Session) => ({
  token: formToken(web, session.key),
  signedIn: signedInAs(web, session, { kind: 'cabinet', question: QUESTION }),
  support: web.support,
  english: prefersEnglish(request),
})

export const postUnlock: Handler = async (web, request, response) => {
  const session = openSession(request)
  if (!session) throw new Refusal('session.none')
  checkForm(web, request, session.key)
  const { ports, watching } = web
  const { subject } = liftable(web, session)
  if (!signedInJustNow(ports, session) || !(await confirmedForChange(ports, session, QUESTION)))
    return seeOther(response, cabinetAddress(QUESTION))
  const { number, address, device } = visitor(web, request)
  const by = { by: subject.name, event: { number, address, device, idp: session.person.idp, person: subject.name } }
  await unlock({ clock: ports.clock, watching }, subject, by, 'the person confirmed by a code')
  await ports.standing.refresh()
  seeOther(response, '/me?done=unlocked')
}
