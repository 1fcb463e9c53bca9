/** HTTP of the personal cabinet: every address needs a session, and leads to a sign-in without one. */
import { Router } from 'express'
import type { Capacity } from '../attributes.js'
import type { Handler, Request, Response } from '../http.js'
import { beginLogin, endSessionsOf, findSession, type Idp, type IdpSession } from '../idp.js'
import { suggestedSnils } from '../registration/invented.js'
import { deviceName, deviceOf, field, sessionKey } from '../visits.js'
import { WrongInput } from '../wrong-input.js'
import { childrenPage, profilePage } from './profile-pages.js'
import { confirmIdentity, proofingPage } from './proofing.js'
import { securityPage, totpPage } from './security-pages.js'
import { changePassword, enrolTotp, forgetDevice, setMethod, setQuestion } from './security.js'

interface Visit {
  readonly idp: Idp
  readonly session: IdpSession
  readonly request: Request
  readonly response: Response
}

type Page = (visit: Visit, wrong?: string) => void | Promise<void>
type Deed = (visit: Visit) => void | Promise<void>

function withSession(idp: Idp, then: Deed): Handler {
  return (request, response) => {
    const session = findSession(idp, sessionKey(request))
    if (session) return then({ idp, session, request, response })
    response.redirect(303, `/idp/login/${beginLogin(idp, undefined, deviceOf(idp, request, response)).id}`)
  }
}

/** After a deed its page again: by a redirect, or at once with what was wrong. */
const form =
  (idp: Idp, deed: Deed, back: string, page: Page): Handler =>
  (request, response) =>
    withSession(idp, async visit => {
      try {
        await deed(visit)
      } catch (error) {
        if (!(error instanceof WrongInput)) throw error
        response.status(403)
        return page(visit, error.message)
      }
      if (!response.headersSent) response.redirect(303, back)
    })(request, response)

const capacityText = (capacity: Capacity): string =>
  capacity.role === 'P'
    ? 'частное лицо'
    : 'ogrnip' in capacity
      ? 'индивидуальный предприниматель'
      : `представитель организации «${capacity.organisation.name}»`

const profile: Page = ({ session, response }, wrong) =>
  void response.send(profilePage(session.account, capacityText(session.capacity), wrong))

const security: Page = async ({ idp, session, request, response }, wrong) => {
  const { account } = session
  const sessions = [...idp.sessions.values()].filter(other => other.account === account).length
  const view = { account, sessions, device: deviceOf(idp, request, response), hash: await account.password, now: idp.clock.now() } // prettier-ignore
  response.send(securityPage({ ...view, ...(wrong !== undefined && { wrong }) }))
}

const proofing: Page = ({ idp, session, response }, wrong) =>
  void response.send(proofingPage(session.account, suggestedSnils(idp.accounts.persons), wrong))

/** The secret that the page showed last stays with the session: a form cannot bring one of somebody else. */
const pending = new WeakMap<IdpSession, Buffer>()

const enrolment: Page = ({ idp, session, response }, wrong) => {
  const secret = pending.get(session) ?? idp.chance.bytes(20)
  pending.set(session, secret)
  response.send(totpPage(secret, session.account.person.firstName, idp.clock.now(), wrong))
}

const enrol: Deed = visit => {
  const { idp, session, request } = visit
  const secret = pending.get(session)
  if (field(request, 'code') === '' || secret === undefined) return enrolment(visit)
  enrolTotp(idp, session.account, secret, field(request, 'code'), deviceName(request))
  pending.delete(session)
}

const email: Deed = ({ session, request }) => {
  const wanted = field(request, 'email').trim().toLowerCase()
  if (!/^[a-z0-9.-]{1,40}@mail\.example$/.test(wanted))
    throw new WrongInput('Стенд принимает только вымышленную почту: имя@mail.example.')
  session.account.person = { ...session.account.person, email: wanted }
}

const deeds: Readonly<Record<string, { readonly deed: Deed; readonly back: string; readonly page: Page }>> = {
  '/email': { deed: email, back: '/idp/cabinet', page: profile },
  '/subscription': {
    deed: ({ session, request }) => void (session.account.subscribed = field(request, 'on') === 'yes'),
    back: '/',
    page: profile,
  },
  '/confirm': {
    deed: ({ idp, session, request }) => {
      const [passport, snils, way] = ['passport', 'snils', 'way'].map(name => field(request, name))
      confirmIdentity(idp, session.account, { passport: passport!, snils: snils!, way: way! }, deviceName(request))
    },
    back: '/idp/cabinet',
    page: proofing,
  },
  '/security/method': {
    deed: ({ idp, session, request }) => setMethod(idp, session.account, field(request, 'method'), deviceName(request)),
    back: '/idp/cabinet/security',
    page: security,
  },
  '/security/question': {
    deed: ({ idp, session, request }) =>
      setQuestion(idp, session.account, field(request, 'question'), field(request, 'answer')),
    back: '/idp/cabinet/security',
    page: security,
  },
  '/security/password': {
    deed: ({ idp, session, request }) => {
      const given = { old: field(request, 'old'), wanted: field(request, 'new') }
      const where = { device: deviceName(request), but: sessionKey(request)! }
      return changePassword(idp, session.account, given, where)
    },
    back: '/idp/cabinet/security',
    page: security,
  },
  '/security/forget': {
    deed: ({ session, request }) => forgetDevice(session.account, field(request, 'device')),
    back: '/idp/cabinet/security',
    page: security,
  },
  '/security/end': {
    deed: ({ idp, session, request }) => endSessionsOf(idp, session.account, sessionKey(request)),
    back: '/idp/cabinet/security',
    page: security,
  },
  '/security/totp': { deed: enrol, back: '/idp/cabinet/security', page: enrolment },
}

export function cabinet(idp: Idp): Router {
  const router = Router()
  const pages: Readonly<Record<string, Page>> = {
    '/': profile,
    '/children': ({ session, response }) => void response.send(childrenPage(session.account)),
    '/security': security,
    '/confirm': proofing,
  }
  for (const [path, page] of Object.entries(pages)) router.get(path, withSession(idp, page))
  for (const [path, { deed, back, page }] of Object.entries(deeds)) router.post(path, form(idp, deed, back, page))
  return router
}
