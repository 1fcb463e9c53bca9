import type { CabinetQuestion, JournalTarget, Target } from '../words/target.js'
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
  if (target.kind === 'cabinet') return cabinetFields(target.question, target.onward)
  if (target.kind === 'portal') return target.page ? { page: target.page } : {}
  if (target.kind === 'self-test') return {}
  return journalFields(target)
}

export function journalFields(target: JournalTarget): Record<string, string> {
  return {
    journal: target.journal,
    ...(target.school !== undefined && { school: target.school }),
    ...(target.child !== undefined && { child: target.child }),
    ...(target.returnTo !== undefined && { return: target.returnTo }),
    ...(target.state !== undefined && { state: target.state }),
  }
}

const cabinetFields = (question?: CabinetQuestion, onward?: JournalTarget): Record<string, string> => ({
  me: question?.about ?? 'home',
  ...(question?.id !== undefined && { id: question.id }),
  ...(onward && journalFields(onward)),
})

const questionPages: Readonly<Record<CabinetQuestion['about'], string>> = {
  unlink: '/me/unlink',
  withdraw: '/me/consents/withdraw',
  'end-others': '/me/sessions/end',
  unlock: '/me/unlock',
  code: '/me/code',
  'old-login': '/me/old-login',
  child: '/me/child',
  create: '/me/create',
}

/** The same question as fields of a form, or of an address. */
export const questionFields = ({ about, id }: CabinetQuestion): Record<string, string> => ({
  about,
  ...(id !== undefined && { id }),
})

/** Where it is confirmed by a code that it is the person who answers it. */
export const confirmAddress = (question: CabinetQuestion): string =>
  `/me/confirm?${new URLSearchParams(questionFields(question)).toString()}`

/** Where to sign in, and come back to that page of the cabinet. */
export const cabinetLogin = (question: CabinetQuestion | undefined, force: boolean, onward?: JournalTarget): string =>
  `/login?${new URLSearchParams({ ...cabinetFields(question, onward), ...(force && { force: '1' }) }).toString()}`

/** The page of the cabinet that asks it. */
export function cabinetAddress(question?: CabinetQuestion, onward?: JournalTarget): string {
  if (!question) return '/me'
  const { about, id } = question
  const query = new URLSearchParams({ ...(id !== undefined && { id }), ...(onward && journalFields(onward)) })
  return questionPages[about] + (query.size === 0 ? '' : `?${query.toString()}`)
}

/** A logout form leads to the IdP, and from there back and forth. */
export const idpOrigins = (web: Web): readonly string[] =>
  web.ports.trust.idps.flatMap(idp =>
    [...idp.singleSignOn, ...idp.singleLogout].map(({ location }) => new URL(location).origin),
  )
