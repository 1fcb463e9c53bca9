/** Every address of the bridge. What is not in this table answers 404; a wrong method answers 405. */
import type { LimitKind } from '../login/rate-limits.js'
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
  postForgetDevice,
  postNotices,
  postRelink,
  postUnlink,
  postWithdraw,
} from './routes/cabinet.js'
import { getChild, postChild } from './routes/child.js'
import { getCode, getCodeFirst, postCode } from './routes/code.js'
import { getCreate, postCreate } from './routes/create.js'
import { getConfirm, postConfirm } from './routes/confirm.js'
import { getContinue, postContinue } from './routes/continue.js'
import { getGateCheck, getGateEnter, getGateLogout, getGateStart } from './routes/gate.js'
import { getLogin, getSelfTest } from './routes/login.js'
import { getLogout, postLogout } from './routes/logout.js'
import { getHealthz, getJwks, getMetadata, getReadyz } from './routes/machine.js'
import { getQuestion, getQueue, postAnomaly, postQuestion, postQueue } from './routes/queue.js'
import { getOldLogin, postOldLogin } from './routes/old-login.js'
import { postRedeem } from './routes/redeem.js'
import { getSlo, postSlo, postSloSoap } from './routes/slo.js'
import { getUnlock, postUnlock } from './routes/unlock.js'
import { getSchool, getStart } from './routes/start.js'
import { getSession } from './routes/session.js'

interface Route {
  readonly path: string
  /** `cookie`: the browser's session is read first. `none`: programs, and whoever must work without the database. */
  readonly session: 'cookie' | 'none'
  /** The GET does something, such as starting a login: HEAD and a prefetch are answered without doing it. */
  readonly acts?: true
  /** What its requests count as for the limits, `pages` unless said otherwise; `nothing`: machines of our own. */
  readonly counts?: Exclude<LimitKind, 'person'> | 'nothing'
  readonly get?: Handler
  readonly post?: Handler
  /** What a post brings; a form unless said otherwise. `soap`: the octets as they came. `own`: the handler reads it. */
  readonly body?: 'soap' | 'own'
}

export const routes: readonly Route[] = [
  { path: '/', session: 'cookie', get: getStart },
  { path: '/s/:school', session: 'cookie', get: getSchool },
  { path: '/login', counts: 'starts', session: 'cookie', acts: true, get: getLogin },
  { path: '/self-test', counts: 'starts', session: 'cookie', acts: true, get: getSelfTest },
  { path: '/saml/acs', counts: 'answers', session: 'cookie', post: postAcs },
  { path: '/saml/slo', counts: 'answers', session: 'cookie', get: getSlo, post: postSlo },
  { path: '/saml/slo/soap', counts: 'calls', session: 'none', post: postSloSoap, body: 'soap' },
  { path: '/continue/:login', session: 'cookie', acts: true, get: getContinue, post: postContinue },
  { path: '/discourse-connect/:journal', counts: 'starts', session: 'cookie', acts: true, get: getDiscourseConnect },
  { path: '/session', session: 'cookie', get: getSession },
  { path: '/school', session: 'cookie', get: getQueue },
  { path: '/school/requests', session: 'cookie', post: postQueue },
  { path: '/school/anomalies', session: 'cookie', post: postAnomaly },
  { path: '/school/requests/:id', session: 'cookie', get: getQuestion, post: postQuestion },
  { path: '/me', session: 'cookie', get: getMe },
  { path: '/me/unlink', session: 'cookie', get: getUnlink, post: postUnlink },
  { path: '/me/relink', session: 'cookie', post: postRelink },
  { path: '/me/sessions/end', session: 'cookie', get: getEndSessions, post: postEndSessions },
  { path: '/me/consents/withdraw', session: 'cookie', get: getWithdraw, post: postWithdraw },
  { path: '/me/data.json', session: 'cookie', get: getOwnData },
  { path: '/me/notices', session: 'cookie', post: postNotices },
  { path: '/me/devices/forget', session: 'cookie', post: postForgetDevice },
  { path: '/me/confirm', session: 'cookie', get: getConfirm, post: postConfirm },
  { path: '/me/child', session: 'cookie', get: getChild, post: postChild },
  { path: '/me/create', session: 'cookie', get: getCreate, post: postCreate },
  { path: '/me/unlock', session: 'cookie', get: getUnlock, post: postUnlock },
  { path: '/me/code', session: 'cookie', get: getCode, post: postCode },
  { path: '/code', session: 'cookie', get: getCodeFirst },
  { path: '/me/old-login', session: 'cookie', get: getOldLogin, post: postOldLogin },
  { path: '/logout', session: 'cookie', get: getLogout, post: postLogout },
  { path: '/hand-off/redeem', counts: 'calls', session: 'none', post: postRedeem, body: 'own' },
  { path: '/cas/:journal/login', counts: 'starts', session: 'cookie', acts: true, get: getCasLogin },
  { path: '/cas/:journal/logout', session: 'cookie', get: getCasLogout },
  { path: '/cas/:journal/validate', counts: 'calls', session: 'none', acts: true, get: getCasValidate },
  {
    path: '/cas/:journal/serviceValidate',
    counts: 'calls',
    session: 'none',
    acts: true,
    get: getServiceValidate(false),
  },
  { path: '/cas/:journal/proxyValidate', counts: 'calls', session: 'none', acts: true, get: getServiceValidate(false) },
  {
    path: '/cas/:journal/p3/serviceValidate',
    counts: 'calls',
    session: 'none',
    acts: true,
    get: getServiceValidate(true),
  },
  {
    path: '/cas/:journal/p3/proxyValidate',
    counts: 'calls',
    session: 'none',
    acts: true,
    get: getServiceValidate(true),
  },
  { path: '/cas/:journal/proxy', counts: 'calls', session: 'none', get: getCasProxy },
  { path: '/auth/check', counts: 'nothing', session: 'none', get: getGateCheck },
  { path: '/auth/:journal/check', counts: 'nothing', session: 'none', get: getGateCheck },
  { path: '/auth/:journal/start', counts: 'starts', session: 'none', acts: true, get: getGateStart },
  { path: '/auth/:journal/enter', session: 'none', acts: true, get: getGateEnter },
  { path: '/auth/:journal/logout', session: 'none', get: getGateLogout },
  { path: '/saml/metadata', counts: 'nothing', session: 'none', get: getMetadata },
  { path: '/.well-known/jwks.json', counts: 'nothing', session: 'none', get: getJwks },
  { path: '/healthz', counts: 'nothing', session: 'none', get: getHealthz },
  { path: '/readyz', counts: 'nothing', session: 'none', get: getReadyz },
]
