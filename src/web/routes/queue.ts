/** `/school`: the questions that only the school can answer, for its administrator. */
import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import { checkUnlocked } from '../../login/unlocked.js'
import { decide, readReason, takeBack, type Verdict } from '../../queue/decide.js'
import { MOST, questionOf, viewed, type Actor } from '../../queue/question.js'
import { checkSignedInNow, maySign, ownPlaces, requestFor } from '../../queue/school-admin.js'
import type { Session } from '../../sessions/sessions.js'
import { UNDO_FOR } from '../../words/undo.js'
import { checkForm, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { queuePage, TICK, type Told } from '../pages/queue.js'
import type { SchoolAnomalies } from '../pages/school-anomalies.js'
import { questionPage, type Typed } from '../pages/question.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { anomaliesOf, decideAnomaly } from '../school-anomalies.js'
import { idpOrigins, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

export const SIGN_IN = '/login?page=school'
const SIGN_IN_AGAIN = `${SIGN_IN}&force=1`

interface At {
  readonly web: Web
  readonly request: Request
  readonly response: Response
  readonly session: Session
}

const looking =
  (show: (at: At) => Promise<void>): Handler =>
  async (web, request, response) => {
    const session = openSession(request)
    if (!session) return seeOther(response, SIGN_IN)
    await checkUnlocked(web.ports, session.person, visitor(web, request).address)
    await show({ web, request, response, session })
  }

/** A decision: from a form of this session, by somebody whom the IdP saw of late. */
const deciding =
  (act: (at: At) => Promise<void>): Handler =>
  async (web, request, response) => {
    const session = openSession(request)
    if (!session) throw new Refusal('session.none')
    checkForm(web, request, session.key)
    await checkUnlocked(web.ports, session.person, visitor(web, request).address)
    await ownPlaces(web.ports, session)
    checkSignedInNow(web.ports, session)
    await act({ web, request, response, session })
  }

export const getQueue = looking(at => showQueue(at))

export const getQuestion = looking(async at => {
  const { web, request, session } = at
  const asked = await requestFor(web.ports, session, idOf(request))
  await viewed(web.ports, asked, actor(at))
  await showQuestion(at, asked.id)
})

export const postQuestion = deciding(async at => {
  const { web, request, response, session } = at
  const asked = await requestFor(web.ports, session, idOf(request))
  const act = formValue(request, 'act', 20)
  if (act === 'take-back') {
    const { result } = await takeBack(web.ports, asked, actor(at))
    if (result !== 'taken-back') throw new Refusal('queue.not-possible', { why: result })
    return seeOther(response, `/school/requests/${asked.id}`)
  }
  const given = typed(request)
  const reason = readReason(given.reason)
  if (reason === undefined) return showQuestion(at, asked.id, { ...given, missing: 'reason' })
  const { account } = given
  const decision = await decide(
    web.ports,
    asked,
    { ...verdict(act, reason), ...(account && { accountId: account }) },
    actor(at),
  )
  if (decision.result === 'which-account') return showQuestion(at, asked.id, { ...given, missing: 'account' })
  if (decision.result !== 'decided') throw new Refusal('queue.not-possible', { why: decision.result })
  seeOther(response, `/school/requests/${asked.id}`)
})

/** What the watch has found: let somebody in again, or say that it is known. */
export const postAnomaly = deciding(async at => {
  const { web, request, session } = at
  const reason = readReason(formValue(request, 'reason'))
  if (reason === undefined) return showQueue(at, { ids: [], anomaly: 'no-reason' })
  const { by, event } = actor(at)
  const { number } = visitor(web, request)
  const asked = { id: formValue(request, 'id', 64) ?? '', act: formValue(request, 'act', 20), reason }
  const places = await ownPlaces(web.ports, session)
  const decider = { by, event: { number, ...event } }
  await showQueue(at, { ids: [], anomaly: await decideAnomaly(web, session, places, asked, decider) })
})

/** Ticked rows, each decided by itself; one that cannot be is told and stays as it is. */
export const postQueue = deciding(async at => {
  const { web, request, session } = at
  const ids = ticked(request)
  const reason = readReason(formValue(request, 'reason'))
  if (reason === undefined || ids.length === 0)
    return showQueue(at, {
      missing: reason === undefined ? 'reason' : 'ticks',
      ids,
      reason: formValue(request, 'reason'),
    })
  const asked = verdict(formValue(request, 'act', 20), reason)
  const told: Told[] = []
  for (const id of ids) told.push(await decideTicked(web, session, id, asked, actor(at)))
  await showQueue(at, { told, ids: [] })
})

async function decideTicked(web: Web, session: Session, id: string, asked: Verdict, by: Actor): Promise<Told> {
  try {
    const request = await requestFor(web.ports, session, id)
    const { result } = await decide(web.ports, request, asked, by)
    return { number: request.number, result }
  } catch (error) {
    if (error instanceof Refusal) return { result: error.code === 'queue.own-request' ? 'own' : 'unknown' }
    throw error
  }
}

/** @throws Refusal `request.malformed` */
function verdict(act: string | undefined, reason: string): Verdict {
  if (act !== 'grant' && act !== 'decline') throw new Refusal('request.malformed', { parameter: 'act', why: 'unknown' })
  return { granted: act === 'grant', reason }
}

const typed = (request: Request): Typed => ({
  reason: formValue(request, 'reason') ?? '',
  account: formValue(request, 'account', 64),
})

const ticked = (request: Request): readonly string[] =>
  Object.keys((request.body ?? {}) as object)
    .filter(name => name.startsWith(TICK))
    .slice(0, MOST)
    .map(name => name.slice(TICK.length))

const idOf = (request: Request): string => {
  const { id } = request.params
  return typeof id === 'string' ? id.slice(0, 64) : ''
}

function actor({ web, request, session }: At): Actor {
  const { address, device } = visitor(web, request)
  const person = web.ports.pseudonyms.forAudit(session.person)
  return { by: person, event: { address, device, person, idp: session.person.idp } }
}

const frame = ({ web, request, session }: At) => ({
  signedIn: signedInAs(web, session, { kind: 'portal', page: 'school' }),
  token: formToken(web, session.key),
  support: web.support,
  english: prefersEnglish(request),
  journalTitle: (id: string) => web.ports.journals.get(id)?.journal.title ?? id,
  schoolTitle: (code: string) => web.ports.schools.get(code)?.title ?? code,
  ...(maySign(web.ports, session) ? {} : { signInAgain: SIGN_IN_AGAIN }),
})

interface Before {
  readonly told?: readonly Told[]
  readonly missing?: 'reason' | 'ticks'
  readonly ids: readonly string[]
  readonly reason?: string | undefined
  readonly anomaly?: SchoolAnomalies['result']
}

async function showQueue(at: At, before: Before = { ids: [] }): Promise<void> {
  const { web, response, session } = at
  const { requests, clock } = web.ports
  const places = await ownPlaces(web.ports, session)
  const open = await Promise.all((await requests.open(places, MOST)).map(each => questionOf(web.ports, each)))
  const decided = await requests.decided(places, clock.now() - UNDO_FOR, MOST)
  const unusual = { anomalies: await anomaliesOf(web, session, places), result: before.anomaly }
  contentPolicy(response, idpOrigins(web))
  const wrong = before.missing !== undefined || before.anomaly === 'no-reason'
  response.status(wrong ? 400 : 200).send(
    queuePage({
      ...frame(at),
      schools: [...new Set(places.map(({ school }) => school))],
      open,
      decided,
      unusual,
      ...before,
    }),
  )
}

async function showQuestion(at: At, id: string, given?: Typed): Promise<void> {
  const { web, response, session } = at
  const question = await questionOf(web.ports, await requestFor(web.ports, session, id))
  const { decided } = question.request
  const own = decided !== undefined && web.ports.pseudonyms.everInAudit(session.person).includes(decided.by)
  const mayTakeBack = decided !== undefined && decided.at + UNDO_FOR > web.ports.clock.now()
  contentPolicy(response, idpOrigins(web))
  response
    .status(given?.missing ? 400 : 200)
    .send(questionPage({ ...frame(at), question, own, mayTakeBack, ...(given && { given }) }))
}
