/** `/me`: what the bridge keeps about the person who is signed in, and what they may change of it. */
import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import { cabinetOf } from '../../cabinet/cabinet.js'
import { standingConsent, withdrawOwn } from '../../cabinet/consents.js'
import { signedInJustNow } from '../../cabinet/fresh.js'
import { activeLink, relink, unlink } from '../../cabinet/links.js'
import { ownData } from '../../cabinet/own-data.js'
import { endOthers, endSession } from '../../cabinet/sessions.js'
import type { Session } from '../../sessions/sessions.js'
import type { CabinetQuestion } from '../../words/target.js'
import { checkForm, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { cabinetPage, doneTexts, type Done } from '../pages/cabinet.js'
import { ID_FIELD, OTHERS_FIELD, type Titles } from '../pages/cabinet-parts.js'
import {
  doneAndOutPage,
  endOthersPage,
  unlinkPage,
  withdrawPage,
  type QuestionPage,
} from '../pages/cabinet-questions.js'
import { formValue, queryValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession, takeSessionCookie } from '../session.js'
import type { Web } from '../setup.js'
import { cabinetAddress, cabinetLogin, idpOrigins, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

interface At {
  readonly web: Web
  readonly request: Request
  readonly response: Response
  readonly session: Session
}

type Step = (at: At) => Promise<void>

/** Who is not signed in goes through the login, and comes back to the same page. */
const looking =
  (step: Step, asked: (request: Request) => CabinetQuestion | undefined = () => undefined): Handler =>
  async (web, request, response) => {
    const session = openSession(request)
    if (!session) return seeOther(response, cabinetLogin(asked(request), false))
    contentPolicy(response, idpOrigins(web))
    await step({ web, request, response, session })
  }

/** @throws Refusal `session.none`, `request.forged` */
const acting =
  (step: Step): Handler =>
  async (web, request, response) => {
    const session = openSession(request)
    if (!session) throw new Refusal('session.none')
    checkForm(web, request, session.key)
    await step({ web, request, response, session })
  }

/** Nothing is done on the word of an old sign-in: the question is put again, and there the person signs in first. */
async function afresh({ web, response, session }: At, question: CabinetQuestion, act: () => Promise<void>) {
  if (signedInJustNow(web.ports, session)) await act()
  else seeOther(response, cabinetAddress(question))
}

const done = (response: Response, what: Done): void => seeOther(response, `/me?done=${what}`)

export const getMe = looking(async ({ web, request, response, session }) => {
  const said = queryValue(request, 'done', 20)
  response.send(
    cabinetPage({
      ...framed({ web, request, response, session }),
      cabinet: await cabinetOf(web.ports, session),
      titles: titlesOf(web),
      done: (Object.keys(doneTexts) as Done[]).find(each => each === said),
    }),
  )
})

const framed = ({ web, request, session }: At) => ({
  token: formToken(web, session.key),
  signedIn: signedInAs(web, session, { kind: 'cabinet' }),
  support: web.support,
  english: prefersEnglish(request),
})

function titlesOf({ ports }: Web): Titles {
  const journal = (id: string) => ports.journals.get(id)?.journal
  return {
    school: code => ports.schools.get(code)?.title ?? code,
    journal: id => journal(id)?.title ?? id,
    open: (id, school) =>
      journal(id)?.requireState ? undefined : `/login?${new URLSearchParams({ journal: id, school }).toString()}`,
  }
}

function questioned(at: At, question: CabinetQuestion): QuestionPage {
  const old = !signedInJustNow(at.web.ports, at.session)
  return { ...framed(at), ...(old && { signInAgain: cabinetLogin(question, true) }) }
}

const idIn = (request: Request): string => queryValue(request, ID_FIELD, 64) ?? ''

/** One that no address may carry is none. */
const askedToUnlink = (request: Request): CabinetQuestion => ({ about: 'unlink', id: idIn(request) })

export const getUnlink = looking(async at => {
  const question = askedToUnlink(at.request)
  const link = await activeLink(at.web.ports, at.session, idIn(at.request))
  const titles = titlesOf(at.web)
  const { id } = link
  const [journal, school] = [titles.journal(link.journal), titles.school(link.school)]
  at.response.send(unlinkPage({ ...questioned(at, question), id, journal, school }))
}, askedToUnlink)

const givenId = (request: Request): string => formValue(request, ID_FIELD, 64) ?? ''

export const postUnlink = acting(async at => {
  const { web, request, session } = at
  const id = givenId(request)
  await activeLink(web.ports, session, id)
  await afresh(at, { about: 'unlink', id }, async () => {
    const result = await unlink(web.ports, visitor(web, request), session, id)
    if (result === 'unlinked') done(at.response, 'unlinked')
    else sayOut(at, 'unlinked')
  })
})

/** This session ended, too. */
function sayOut({ web, request, response }: At, what: 'unlinked' | 'withdrawn'): void {
  takeSessionCookie(web, request, response)
  response.send(doneAndOutPage({ done: what, support: web.support, english: prefersEnglish(request) }))
}

export const postRelink = acting(async ({ web, request, response, session }) => {
  await relink(web.ports, visitor(web, request), session, givenId(request))
  done(response, 'relinked')
})

const askedToWithdraw = (request: Request): CabinetQuestion => ({ about: 'withdraw', id: idIn(request) })

export const getWithdraw = looking(async at => {
  const question = askedToWithdraw(at.request)
  const consent = await standingConsent(at.web.ports, at.session, idIn(at.request))
  const titles = titlesOf(at.web)
  const { id } = consent
  const [journal, school] = [titles.journal(consent.journal), titles.school(consent.school)]
  at.response.send(withdrawPage({ ...questioned(at, question), id, journal, school }))
}, askedToWithdraw)

export const postWithdraw = acting(async at => {
  const { web, request, session } = at
  const id = givenId(request)
  await standingConsent(web.ports, session, id)
  await afresh(at, { about: 'withdraw', id }, async () => {
    await withdrawOwn(web.ports, visitor(web, request), session, id)
    sayOut(at, 'withdrawn')
  })
})

export const getEndSessions = looking(
  async at => {
    at.response.send(endOthersPage(questioned(at, { about: 'end-others' })))
    await Promise.resolve()
  },
  () => ({ about: 'end-others' }),
)

/** One session at once: whoever sees a stranger in the list should not have to find the phone for a code first. */
export const postEndSessions = acting(async at => {
  const { web, request, response, session } = at
  if (formValue(request, OTHERS_FIELD, 1) === undefined) {
    await endSession(web.ports, visitor(web, request), session, givenId(request))
    return done(response, 'ended')
  }
  await afresh(at, { about: 'end-others' }, async () => {
    await endOthers(web.ports, visitor(web, request), session)
    done(response, 'ended')
  })
})

export const getOwnData = looking(async ({ web, response, session }) => {
  response.setHeader('Content-Disposition', 'attachment; filename="moi-dannye.json"')
  response.type('application/json').send(`${JSON.stringify(await ownData(web.ports, session), null, 2)}\n`)
})
