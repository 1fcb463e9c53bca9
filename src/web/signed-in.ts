import type { CabinetQuestion, Target } from '../words/target.js'
import type { Session } from '../sessions/sessions.js'
import { fullName } from '../words/person.js'
import { formToken } from './csrf.js'
import type { SignedIn } from './pages/layout.js'
import type { Web } from './setup.js'

/** «Вы вошли как…», with the form by which somebody else takes over and goes to the same place. */
export function signedInAs(web: Web, session: Session, target?: Target): SignedIn {
  return {
    name: fullName(session.person) || 'без имени',
    notYou: {
      action: '/logout',
      token: formToken(web, session.key),
      fields: target ? targetFields(target) : {},
    },
  }
}

/** A target as the parameters of `GET /login`; whoever takes them back checks them again. */
export function targetFields(target: Target): Record<string, string> {
  if (target.kind === 'cabinet') return cabinetFields(target.question)
  if (target.kind === 'portal') return target.page ? { page: target.page } : {}
  if (target.kind === 'self-test') return {}
  return {
    journal: target.journal,
    ...(target.school !== undefined && { school: target.school }),
    ...(target.child !== undefined && { child: target.child }),
    ...(target.returnTo !== undefined && { return: target.returnTo }),
    ...(target.state !== undefined && { state: target.state }),
  }
}

const cabinetFields = (question: CabinetQuestion | undefined): Record<string, string> => ({
  me: question?.about ?? 'home',
  ...(question?.id !== undefined && { id: question.id }),
})

const questionPages: Readonly<Record<CabinetQuestion['about'], string>> = {
  unlink: '/me/unlink',
  withdraw: '/me/consents/withdraw',
  'end-others': '/me/sessions/end',
  code: '/me/code',
}

/** Where to sign in, and come back to that page of the cabinet. */
export const cabinetLogin = (question: CabinetQuestion | undefined, force: boolean): string =>
  `/login?${new URLSearchParams({ ...cabinetFields(question), ...(force && { force: '1' }) }).toString()}`

/** The page of the cabinet that asks it. */
export function cabinetAddress(question?: CabinetQuestion): string {
  if (!question) return '/me'
  const { about, id } = question
  return questionPages[about] + (id === undefined ? '' : `?${new URLSearchParams({ id }).toString()}`)
}

/** A logout form leads to the IdP, and from there back and forth. */
export const idpOrigins = (web: Web): readonly string[] =>
  web.ports.trust.idps.flatMap(idp =>
    [...idp.singleSignOn, ...idp.singleLogout].map(({ location }) => new URL(location).origin),
  )
