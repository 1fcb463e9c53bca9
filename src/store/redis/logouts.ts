import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { LogoutOrder, Logouts, Obedience, Written } from '../../login/logout-ports.js'
import type { SessionKey, SessionTrace } from '../../sessions/sessions.js'
import type { Lookup } from '../lookup.js'
import type { Seal } from '../sealed.js'
import { heardBefore, logoutOf, logoutRow, orderRow } from '../sql/logouts.js'
import { nameAt, traceOf } from '../sql/sessions.js'
import type { LogoutRequestRow, LogoutRow, SessionRow, Tables } from '../tables.js'
import { errandOf, KEEP_ERRAND, runErrand, runErrandNow, runLeftErrands } from './errands.js'
import { LOGOUT, ORDER, keyAt, SESSION } from './kept.js'
import { script, type Memory } from './memory.js'
import { asText, readRow, spanTo, written, type Hash } from './rows.js'
import { list, rowsOf } from './sessions.js'

const START = script(`
put(key('logout', a.logout.id), a.logout, a.ttl)
noted('logouts', a.logout.expires_at, a.logout.id)
return answer(true)`)

const FIND = script(`return answer(row(key('logout', a.id)) or false, true)`)

const CONCLUDE = script(`
local k = key('logout', a.id)
local l = row(k)
if not l or l.ended or tonumber(l.expires_at) <= a.now then return answer(false, true) end
redis.call('HSET', k, 'ended', a.ended)
return answer(true)`)

const SWEEP = script(`
local over = redis.call('ZRANGEBYSCORE', at .. 'logouts', '-inf', a.now, 'LIMIT', 0, 500)
for _, id in ipairs(over) do
  redis.call('DEL', key('logout', id))
  redis.call('ZREM', at .. 'logouts', id)
end
local old = redis.call('ZRANGEBYSCORE', at .. 'orders', '-inf', a.now, 'LIMIT', 0, 500)
for _, id in ipairs(old) do
  local name = redis.call('HGET', key('obeyed', id), 'name_id_hmac')
  if name then redis.call('SREM', key('obeying', name), id) end
  redis.call('DEL', key('obeyed', id))
  redis.call('ZREM', at .. 'orders', id)
end
return answer({ logouts = #over, more = #over == 500 or #old == 500 }, #over + #old == 0)`)

/** Only what was looked at: somebody may have entered another journal since. */
const END = script(`
local s = row(key('session', a.key))
if not s or (a.now and (s.traced ~= '0' or tonumber(s.idle_ends_at) <= a.now)) then return answer('over', true) end
if s.entered ~= a.entered or s.traced ~= a.traced then return answer('changed', true) end
forget_session(s)
${KEEP_ERRAND}
return answer('ended')`)

const NAMED = `
local function named()
  local found = {}
  for _, name in ipairs(a.names) do
    for _, k in ipairs(redis.call('SMEMBERS', key('named', name))) do
      local s = row(key('session', k))
      if s then found[#found + 1] = s end
    end
  end
  return found
end
local known = row(key('obeyed', a.order))
if known and tonumber(known.remember_until) <= a.now then known = nil end
`

const LOOK = script(`${NAMED}
return answer({ known = known or false, found = named() }, true)`)

const OBEY = script(`${NAMED}
if known then return answer('changed', true) end
local found = named()
if #found ~= #a.found then return answer('changed', true) end
local seen = {}
for _, s in ipairs(a.found) do seen[s.key] = s end
for _, s in ipairs(found) do
  local before = seen[s.key]
  if not before or s.entered ~= before.entered or s.traced ~= before.traced then return answer('changed', true) end
end
local ending = {}
for _, k in ipairs(a.ends) do ending[k] = true end
for _, s in ipairs(found) do
  if ending[s.key] then forget_session(s) end
end
redis.call('DEL', key('obeyed', a.order))
put(key('obeyed', a.order), a.record, a.ttl)
noted('orders', a.record.remember_until, a.order)
redis.call('SADD', key('obeying', a.record.name_id_hmac), a.order)
longer(key('obeying', a.record.name_id_hmac), a.ttl)
${KEEP_ERRAND}
return answer('obeyed')`)

const CONFIRM = script(`
local k = key('obeyed', a.order)
if redis.call('EXISTS', k) == 1 then redis.call('HSET', k, 'whole', '1') end
return answer(true)`)

interface Tools {
  readonly db: Kysely<Tables>
  readonly memory: Memory
  readonly seal: Seal
  readonly lookup: Lookup
}

export function createLogouts(tools: Tools): Logouts {
  const { memory, seal } = tools
  return {
    async start(logout) {
      const span = spanTo(logout.expiresAt, logout.expiresAt)
      await memory.ask(START, { logout: written({ ...logoutRow(logout, seal) }), ttl: span + LONGEST_LOGOUT })
    },
    conclude: (id, now, ended) => memory.ask<boolean>(CONCLUDE, { id: asText(id), now, ended }),

    async find(id, now) {
      const hash = await memory.ask<Hash | false>(FIND, { id: asText(id) })
      const row = hash && readRow<LogoutRow>(hash, LOGOUT)
      return row && row.expires_at > now ? logoutOf(row, seal) : undefined
    },

    end: (key, now, tellUntil, write) => endSession(tools, { key, now, tellUntil, write, onlyOpen: true }),
    endWhole: (key, now, tellUntil, write) => endSession(tools, { key, now, tellUntil, write, onlyOpen: false }),
    // a session ends once: its key names what must follow
    settle: key => runErrandNow(tools, key),
    obey: (order, now, tellUntil, write) => obey(tools, { order, now, tellUntil, write }),

    async confirm(order) {
      await memory.ask(CONFIRM, { order: keyAt(order) })
    },

    async sweep(now) {
      await runLeftErrands(tools, now)
      let swept = 0
      for (let more = true; more;) {
        const some = await memory.ask<{ readonly logouts: number; readonly more: boolean }>(SWEEP, { now })
        swept += some.logouts
        more = some.more
      }
      return swept
    },
  }
}

/** Who starts one does not say when; a span that is too long keeps nothing usable. */
const LONGEST_LOGOUT = 3_600_000

interface Ending {
  readonly key: SessionKey
  readonly now: Instant
  readonly tellUntil: Instant
  readonly write: (session: SessionTrace) => Written
  readonly onlyOpen: boolean
}

async function endSession(tools: Tools, { key, now, tellUntil, write, onlyOpen }: Ending): Promise<boolean> {
  const { memory, seal } = tools
  for (;;) {
    const [row] = await rowsOf(memory, [key])
    if (!row || (onlyOpen && (row.traced === 1 || row.idle_ends_at <= now))) return false
    const errand = errandOf(write(traceOf(row, seal, now)), key, seal, tellUntil, now)
    const answer = await memory.ask<'ended' | 'over' | 'changed'>(END, {
      ...{ key, ...asSeen(row), ...(onlyOpen && { now }) },
      ...(errand && { errand: { id: errand.id, text: errand.text } }),
    })
    if (answer === 'over') return false
    if (answer === 'changed') continue
    if (errand) await runErrand(tools, errand)
    return true
  }
}

interface Obeying {
  readonly order: LogoutOrder
  readonly now: Instant
  readonly tellUntil: Instant
  readonly write: Parameters<Logouts['obey']>[3]
}

/** A claim of a login looks for the order, and the order for its session, each in one script: one of the two sees the other. */
async function obey(tools: Tools, { order, now, tellUntil, write }: Obeying): Promise<Obedience> {
  const { memory, seal, lookup } = tools
  const asked = { now, order: keyAt(order), names: lookup.candidates('name-id', nameAt(order.idp, order.name)) }
  for (;;) {
    const { known, found } = await memory.ask<{ known: Hash | false; found: readonly Hash[] }>(LOOK, asked)
    if (known) return heardBefore(readRow<LogoutRequestRow>(known, ORDER), lookup, order)
    const rows = list(found).map(hash => readRow<SessionRow>(hash, SESSION))
    const { ends, ...more } = write(rows.map(row => traceOf(row, seal, now)))
    const errand = errandOf(more, randomId(systemChance), seal, tellUntil, now)
    const answer = await memory.ask<'obeyed' | 'changed'>(OBEY, {
      ...{ ...asked, ends, found: rows.map(row => ({ key: row.key, ...asSeen(row) })) },
      ...{ record: written({ ...orderRow(order, lookup) }), ttl: spanTo(order.rememberUntil, now) },
      ...(errand && { errand: { id: errand.id, text: errand.text } }),
    })
    if (answer === 'changed') continue
    if (errand) await runErrand(tools, errand)
    return 'obeyed'
  }
}

const asSeen = ({ entered, traced }: SessionRow) => ({ entered, traced: String(traced) })
