/** Every address of the bridge. What is not in this table answers 404; a wrong method answers 405. */
import type { Handler } from './route.js'
import { getDiscourseConnect } from './routes/discourse-connect.js'
import { postAcs } from './routes/acs.js'
import { getCasLogin, getCasLogout, getCasProxy, getCasValidate, getServiceValidate } from './routes/cas.js'
import {
  getEndSessions,
  getMe,
  getOwnData,
  getUnlink,
  getWithdraw,
  postEndSessions,
  postRelink,
  postUnlink,
  postWithdraw,
} from './routes/cabinet.js'
import { getCode, postCode } from './routes/code.js'
import { getContinue, postContinue } from './routes/continue.js'
import { getGateCheck, getGateEnter, getGateLogout, getGateStart } from './routes/gate.js'
import { getLogin, getSelfTest } from './routes/login.js'
import { getLogout, postLogout } from './routes/logout.js'
import { getHealthz, getJwks, getMetadata, getReadyz } from './routes/machine.js'
import { getQuestion, getQueue, postQuestion, postQueue } from './routes/queue.js'
import { postRedeem } from './routes/redeem.js'
import { getSlo, postSlo, postSloSoap } from './routes/slo.js'
import { getSchool, getStart } from './routes/start.js'
import { getSession } from './routes/session.js'

interface Route {
  readonly path: string
  /** `cookie`: the browser's session is read first. `none`: programs, and whoever must work without the database. */
  readonly session: 'cookie' | 'none'
  /** The GET does something, such as starting a login: HEAD and a prefetch are answered without doing it. */
  readonly acts?: true
  readonly get?: Handler
  readonly post?: Handler
  /** What a post brings; a form unless said otherwise. `soap`: the octets as they came. `own`: the handler reads it. */
  readonly body?: 'soap' | 'own'
}

export const routes: readonly Route[] = [
  { path: '/', session: 'cookie', get: getStart },
  { path: '/s/:school', session: 'cookie', get: getSchool },
  { path: '/login', session: 'cookie', acts: true, get: getLogin },
  { path: '/self-test', session: 'cookie', acts: true, get: getSelfTest },
  { path: '/saml/acs', session: 'cookie', post: postAcs },
  { path: '/saml/slo', session: 'cookie', get: getSlo, post: postSlo },
  { path: '/saml/slo/soap', session: 'none', post: postSloSoap, body: 'soap' },
  { path: '/continue/:login', session: 'cookie', acts: true, get: getContinue, post: postContinue },
  { path: '/discourse-connect/:journal', session: 'cookie', acts: true, get: getDiscourseConnect },
  { path: '/session', session: 'cookie', get: getSession },
  { path: '/school', session: 'cookie', get: getQueue },
  { path: '/school/requests', session: 'cookie', post: postQueue },
  { path: '/school/requests/:id', session: 'cookie', get: getQuestion, post: postQuestion },
  { path: '/me', session: 'cookie', get: getMe },
  { path: '/me/unlink', session: 'cookie', get: getUnlink, post: postUnlink },
  { path: '/me/relink', session: 'cookie', post: postRelink },
  { path: '/me/sessions/end', session: 'cookie', get: getEndSessions, post: postEndSessions },
  { path: '/me/consents/withdraw', session: 'cookie', get: getWithdraw, post: postWithdraw },
  { path: '/me/data.json', session: 'cookie', get: getOwnData },
  { path: '/me/code', session: 'cookie', get: getCode, post: postCode },
  { path: '/logout', session: 'cookie', get: getLogout, post: postLogout },
  { path: '/hand-off/redeem', session: 'none', post: postRedeem, body: 'own' },
  { path: '/cas/:journal/login', session: 'cookie', acts: true, get: getCasLogin },
  { path: '/cas/:journal/logout', session: 'cookie', get: getCasLogout },
  { path: '/cas/:journal/validate', session: 'none', acts: true, get: getCasValidate },
  { path: '/cas/:journal/serviceValidate', session: 'none', acts: true, get: getServiceValidate(false) },
  { path: '/cas/:journal/proxyValidate', session: 'none', acts: true, get: getServiceValidate(false) },
  { path: '/cas/:journal/p3/serviceValidate', session: 'none', acts: true, get: getServiceValidate(true) },
  { path: '/cas/:journal/p3/proxyValidate', session: 'none', acts: true, get: getServiceValidate(true) },
  { path: '/cas/:journal/proxy', session: 'none', get: getCasProxy },
  { path: '/auth/check', session: 'none', get: getGateCheck },
  { path: '/auth/:journal/check', session: 'none', get: getGateCheck },
  { path: '/auth/:journal/start', session: 'none', acts: true, get: getGateStart },
  { path: '/auth/:journal/enter', session: 'none', acts: true, get: getGateEnter },
  { path: '/auth/:journal/logout', session: 'none', get: getGateLogout },
  { path: '/saml/metadata', session: 'none', get: getMetadata },
  { path: '/.well-known/jwks.json', session: 'none', get: getJwks },
  { path: '/healthz', session: 'none', get: getHealthz },
  { path: '/readyz', session: 'none', get: getReadyz },
]
