/** `/code` and `/me/code`: a code from the school, whose account it is, and «это моя запись». */
import type { Request, Response } from 'express'
import { bindByCode, lookAtCode, type CodeStep } from '../../login/by-code.js'
import type { Session } from '../../sessions/sessions.js'
import type { JournalTarget } from '../../words/target.js'
import { codeScript } from '../assets/assets.js'
import { confirmForm } from '../confirm-form.js'
import { checkForm, checkOrigin, formToken } from '../csrf.js'
import { contentPolicy, seeOther } from '../headers.js'
import { journalAddress, onwardOf } from '../onward.js'
import { boundPage, CODE_FIELD, codePage, MINE_FIELD, whosePage, type CodePage } from '../pages/code.js'
import { codeFirstPage } from '../pages/code-first.js'
import { refusalText } from '../pages/text-ru.js'
import { formValue } from '../params.js'
import type { Handler } from '../route.js'
import { openSession } from '../session.js'
import type { Web } from '../setup.js'
import { showRefusal } from '../show.js'
import { sendConfirm } from '../show-confirm.js'
import { cabinetLogin, idpOrigins, journalFields, signedInAs } from '../signed-in.js'
import { prefersEnglish, visitor } from '../visitor.js'

/** Who is not signed in, or not any more, goes through the login and comes back here. */
const signInFirst = (response: Response, onward?: JournalTarget): void =>
  seeOther(response, cabinetLogin({ about: 'code' }, false, onward))

interface At {
  readonly web: Web
  readonly request: Request
  readonly response: Response
  readonly session: Session
  /** Where the person was on the way to. */
  readonly onward: JournalTarget | undefined
}

/** Where the QR code of a slip leads: what stands behind its # follows a browser over the redirect. */
export const getCodeFirst: Handler = (web, request, response) => {
  if (openSession(request)) return seeOther(response, '/me/code')
  contentPolicy(response, [], true)
  const loginUrl = cabinetLogin({ about: 'code' }, false)
  const frame = { support: web.support, english: prefersEnglish(request) }
  response.send(codeFirstPage({ ...frame, loginUrl, script: codeScript.href }))
}

export const getCode: Handler = (web, request, response) => {
  const onward = onwardOf(web, request)
  const session = openSession(request)
  if (session) showForm({ web, request, response, session, onward })
  else signInFirst(response, onward)
}

export const postCode: Handler = async (web, request, response) => {
  checkOrigin(web, request)
  const onward = onwardOf(web, request)
  const session = openSession(request)
  if (!session) return signInFirst(response, onward)
  checkForm(web, request, session.key)
  const at = { web, request, response, session, onward }
  const code = formValue(request, CODE_FIELD, 100)
  if (code === undefined) return showForm(at)
  const [who, typed] = [visitor(web, request), { code, ...(onward && { onward }) }]
  if (formValue(request, MINE_FIELD, 10) !== 'yes')
    return showStep(at, code, await lookAtCode(web.ports, who, session, typed))
  const form = confirmForm(web, request, response)
  const step = await bindByCode(web.ports, who, session, typed, form?.given)
  if (step.at === 'bound') form?.device?.keep()
  showStep(at, code, step)
}

function showStep(at: At, typed: string, step: CodeStep): void {
  const { web, request, response } = at
  if (step.at === 'refused' && step.refusal.code === 'code.mistyped' && request.accepts(['html', 'json']) === 'html') {
    response.status(400)
    const { happened, steps } = refusalText['code.mistyped']
    return showForm(at, { typed, problem: `${happened} ${steps[0]}`, number: step.number })
  }
  if (step.at === 'refused') return showRefusal(web, request, response, step)
  if (step.at === 'confirm') {
    const onward = at.onward && journalFields(at.onward)
    const fields = { ...onward, [CODE_FIELD]: step.code, [MINE_FIELD]: 'yes' }
    const back = { href: '/me/code', text: 'Ничего не привязывать' }
    return sendConfirm(web, request, response, at.session, step.asked, { action: '/me/code', fields, back })
  }
  contentPolicy(response, idpOrigins(web))
  const { journal, school } = step
  if (step.at === 'whose') {
    const { code, account } = step
    const shown = { code, account, journal: journal.title, school: school.title }
    response.send(whosePage({ ...framed(at), ...shown }))
    return
  }
  const loginUrl = journalAddress(journal, at.onward ?? { kind: 'journal', journal: journal.id, school: school.code })
  response.send(boundPage({ ...framed(at), by: 'code', journal: journal.title, loginUrl }))
}

function showForm(at: At, mistyped: Pick<CodePage, 'typed' | 'problem' | 'number'> = {}): void {
  contentPolicy(at.response, idpOrigins(at.web), true)
  at.response.send(codePage({ ...framed(at), ...mistyped, script: codeScript.href }))
}

const framed = ({ web, request, session, onward }: At) => ({
  signedIn: signedInAs(web, session, onward),
  ...(onward && { onward: journalFields(onward) }),
  token: formToken(web, session.key),
  support: web.support,
  english: prefersEnglish(request),
})
