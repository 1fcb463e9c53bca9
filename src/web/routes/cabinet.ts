/** `/me`: what the bridge keeps about the person who is signed in, and what they may change of it. */
import type { Request, Response } from 'express'
import { cabinetOf } from '../../cabinet/cabinet.js'
import { consentToWithdraw, standingConsent, withdrawnConsent, withdrawOwn } from '../../cabinet/consents.js'
import { confirmedForChange } from '../../cabinet/confirming.js'
import { forgetDevice } from '../../cabinet/devices.js'
import { signedInJustNow } from '../../cabinet/fresh.js'
import { linkToEnd, relink, unlink } from '../../cabinet/links.js'
import { chooseNotices } from '../../cabinet/notices.js'
import { jsonOf, ownData } from '../../cabinet/own-data.js'
import { endOthers, endSession } from '../../cabinet/sessions.js'
import type { Session } from '../../sessions/sessions.js'
import { noticeKinds } from '../../words/notice.js'
import type { CabinetQuestion } from '../../words/target.js'
import { confirmForm } from '../confirm-form.js'
import { checkForm, checkOrigin, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { cabinetPage, doneTexts, type Done } from '../pages/cabinet.js'
import { noticeField } from '../pages/cabinet-notices.js'
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
import { writeOut } from '../write-out.js'
import { sendConfirm } from '../show-confirm.js'
import { cabinetAddress, cabinetLogin, confirmAddress, idpOrigins, signedInAs } from '../signed-in.js'
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

/**
 * Who is not signed in any more goes through the login, too: nothing was done, or it was, and its answer got lost together
 * with the session that it ended. The page behind the login tells which.
 *
 * @throws Refusal `request.forged`
 */
const acting =
  (step: Step, asked: (request: Request) => CabinetQuestion | undefined = () => undefined): Handler =>
  async (web, request, response) => {
    checkOrigin(web, request)
    const session = openSession(request)
    if (!session) return seeOther(response, cabinetLogin(asked(request), false))
    checkForm(web, request, session.key)
    await step({ web, request, response, session })
  }

/** Nothing is done on the word of an old sign-in, or unconfirmed: the question is put again, and there the person does that first. */
async function afresh({ web, response, session }: At, question: CabinetQuestion, act: () => Promise<void>) {
  if (signedInJustNow(web.ports, session) && (await confirmedForChange(web.ports, session, question))) await act()
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

async function questioned(at: At, question: CabinetQuestion): Promise<QuestionPage> {
  if (!signedInJustNow(at.web.ports, at.session)) return { ...framed(at), signInAgain: cabinetLogin(question, true) }
  const confirmed = await confirmedForChange(at.web.ports, at.session, question)
  return { ...framed(at), ...(!confirmed && { confirmFirst: confirmAddress(question) }) }
}

const idIn = (request: Request): string => queryValue(request, ID_FIELD, 64) ?? ''

/** One that no address may carry is none. */
const askedToUnlink = (request: Request): CabinetQuestion => ({ about: 'unlink', id: idIn(request) })

export const getUnlink = looking(async at => {
  const question = askedToUnlink(at.request)
  const link = await linkToEnd(at.web.ports, at.session, idIn(at.request))
  if (link.ended) return done(at.response, 'unlinked')
  const titles = titlesOf(at.web)
  const { id } = link
  const [journal, school] = [titles.journal(link.journal), titles.school(link.school)]
  at.response.send(unlinkPage({ ...(await questioned(at, question)), id, journal, school }))
}, askedToUnlink)

const givenId = (request: Request): string => formValue(request, ID_FIELD, 64) ?? ''
const aboutTheGiven =
  (about: 'unlink' | 'withdraw') =>
  (request: Request): CabinetQuestion => ({ about, id: givenId(request) })

export const postUnlink = acting(async at => {
  const { web, request, session } = at
  const id = givenId(request)
  await linkToEnd(web.ports, session, id)
  await afresh(at, { about: 'unlink', id }, async () => {
    const result = await unlink(web.ports, visitor(web, request), session, id)
    if (result === 'unlinked') done(at.response, 'unlinked')
    else sayOut(at, 'unlinked')
  })
}, aboutTheGiven('unlink'))

/** This session ended, too. */
function sayOut({ web, request, response }: At, what: 'unlinked' | 'withdrawn'): void {
  takeSessionCookie(web, request, response)
  response.send(doneAndOutPage({ done: what, support: web.support, english: prefersEnglish(request) }))
}

export const postRelink = acting(async ({ web, request, response, session }) => {
  const id = givenId(request)
  const form = confirmForm(web, request, response)
  const step = await relink(web.ports, visitor(web, request), session, id, form?.given)
  if (step !== 'relinked') {
    const back = { href: '/me', text: 'Не возвращать, в кабинет' }
    const place = { action: '/me/relink', fields: { [ID_FIELD]: id }, target: { kind: 'cabinet' } as const, back }
    return sendConfirm(web, request, response, session, step, place)
  }
  form?.device?.keep()
  done(response, 'relinked')
})

const askedToWithdraw = (request: Request): CabinetQuestion => ({ about: 'withdraw', id: idIn(request) })

export const getWithdraw = looking(async at => {
  const question = askedToWithdraw(at.request)
  const id = idIn(at.request)
  if (await withdrawnConsent(at.web.ports, at.session, id)) return done(at.response, 'withdrawn')
  const consent = await standingConsent(at.web.ports, at.session, id)
  const titles = titlesOf(at.web)
  const [journal, school] = [titles.journal(consent.journal), titles.school(consent.school)]
  at.response.send(withdrawPage({ ...(await questioned(at, question)), id, journal, school }))
}, askedToWithdraw)

export const postWithdraw = acting(async at => {
  const { web, request, session } = at
  const id = givenId(request)
  await consentToWithdraw(web.ports, session, id)
  await afresh(at, { about: 'withdraw', id }, async () => {
    await withdrawOwn(web.ports, visitor(web, request), session, id)
    sayOut(at, 'withdrawn')
  })
}, aboutTheGiven('withdraw'))

export const getEndSessions = looking(
  async at => {
    at.response.send(endOthersPage(await questioned(at, { about: 'end-others' })))
  },
  () => ({ about: 'end-others' }),
)

/** One session at once: whoever sees a stranger in the list should not have to find the phone for a code first. */
export const postEndSessions = acting(
  async at => {
    const { web, request, response, session } = at
    if (formValue(request, OTHERS_FIELD, 1) === undefined) {
      await endSession(web.ports, visitor(web, request), session, givenId(request))
      return done(response, 'ended')
    }
    await afresh(at, { about: 'end-others' }, async () => {
      await endOthers(web.ports, visitor(web, request), session)
      done(response, 'ended')
    })
  },
  request => (formValue(request, OTHERS_FIELD, 1) === undefined ? undefined : { about: 'end-others' }),
)

/** A box that is not ticked does not come with the form. */
export const postNotices = acting(async ({ web, request, response, session }) => {
  const wanted = noticeKinds.filter(kind => formValue(request, noticeField(kind), 10) !== undefined)
  await chooseNotices(web.ports, visitor(web, request), session, wanted)
  done(response, 'notices')
})

export const postForgetDevice = acting(async ({ web, request, response, session }) => {
  await forgetDevice(web.ports, visitor(web, request), session, givenId(request))
  done(response, 'forgotten')
})

export const getOwnData = looking(async ({ web, response, session }) => {
  response.setHeader('Content-Disposition', 'attachment; filename="moi-dannye.json"')
  const data = await ownData(web.ports, session)
  response.type('application/json')
  await writeOut(response, jsonOf(data))
})
