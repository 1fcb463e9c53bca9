/** What the contracts of a logout share: one session, the moments around its end, and what was written about it. */
import type { SessionTrace } from '../../src/sessions/sessions.js'
import type { Store } from '../../src/store/open.js'
import { key, MINUTE, notice, NUMBER, T0 } from './samples.js'

export const KEY = key('session-1')
export const NOW = T0 + 2 * MINUTE
export const LATER = NOW + MINUTE
export const event = { at: NOW, what: 'session.closed', result: 'ok', number: NUMBER } as const
export const everything = (found: readonly SessionTrace[]) => ({
  ends: found.map(({ key: found }) => found),
  notices: found.map(({ key: found }) => notice(`notice-of-${found}`)),
  events: [event],
})

export const due = (store: Store, now = LATER) => store.notices.due(now, now + MINUTE, 10)
/** Events written by the logout; `claim` writes another one. */
export const closings = async (store: Store) =>
  (await store.audit.byNumber(NUMBER)).filter(({ what }) => what === event.what)
