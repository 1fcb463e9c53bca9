import type { Deposit } from '../../journals/connector.js'
import type { Visits } from '../../login/visit-ports.js'
import type { SessionKey, SessionLimits } from '../../sessions/sessions.js'
import type { Seal } from '../sealed.js'
import { STEPS } from '../sql/sessions.js'
import { hashed, KEPT, visitPlace, visitRow } from '../sql/visits.js'
import type { VisitRow } from '../tables.js'
import { VISIT } from './kept.js'
import { script, type Memory } from './memory.js'
import { readRow, spanTo, written, type Hash } from './rows.js'

/** `visits-of` a session: its visits, the oldest first; `visited`: sessions that have some. */
const OPEN = script(`
local s = row(key('session', a.visit.session_key))
if not is_open(s, a.now) then return answer(false, true) end
local own = key('visits-of', s.key)
local ttl = math.max(a.ttl, redis.call('PTTL', key('session', s.key)))
put(key('visit', a.visit.secret_hash), a.visit, ttl)
redis.call('ZADD', own, a.visit.opened_at, a.visit.secret_hash)
redis.call('SADD', at .. 'visited', s.key)
redis.call('PEXPIRE', at .. 'visited', 172800000)
if a.before and redis.call('HGET', key('visit', a.before), 'journal') == a.visit.journal then
  local of = redis.call('HGET', key('visit', a.before), 'session_key')
  redis.call('DEL', key('visit', a.before))
  redis.call('ZREM', key('visits-of', of), a.before)
end
for _, old in ipairs(redis.call('ZRANGE', own, 0, -1 - a.kept)) do
  redis.call('DEL', key('visit', old))
  redis.call('ZREM', own, old)
end
longer(own, ttl)
return answer(true)`)

const FIND = script(`
local v = row(key('visit', a.hash))
if not v or v.journal ~= a.journal then return answer(false, true) end
local s = row(key('session', v.session_key))
if not is_open(s, a.now) then return answer(false, true) end
return answer({ visit = v, idle = s.idle_ends_at, ends = s.ends_at }, true)`)

/** Some sessions of all that have visits, from a cursor of Redis on. */
const SWEEP = script(`
local found = redis.call('SSCAN', at .. 'visited', a.cursor, 'COUNT', 200)
local swept = 0
for _, k in ipairs(found[2]) do
  local own = key('visits-of', k)
  if not is_open(row(key('session', k)), a.now) then
    for _, hash in ipairs(redis.call('ZRANGE', own, 0, -1)) do
      swept = swept + redis.call('DEL', key('visit', hash))
    end
    redis.call('DEL', own)
    redis.call('SREM', at .. 'visited', k)
  end
end
return answer({ cursor = found[1], swept = swept })`)

interface Found {
  readonly visit: Hash
  readonly idle: string
  readonly ends: string
}

export const createVisits = (memory: Memory, seal: Seal, { idle, absolute }: SessionLimits): Visits => ({
  open: (secret, visit, now, before) =>
    memory.ask<boolean>(OPEN, {
      ...{ now, kept: KEPT, visit: written({ ...visitRow(hashed(secret), visit, now, seal) }) },
      ...{ ttl: spanTo(now + absolute, now), ...(before !== undefined && { before: hashed(before) }) },
    }),

  async find(secret, journal, now) {
    const found = await memory.ask<Found | false>(FIND, { hash: hashed(secret), journal, now })
    if (!found) return undefined
    const row = readRow<VisitRow>(found.visit, VISIT)
    return {
      journal,
      session: row.session_key as SessionKey,
      content: seal.open(visitPlace(row.secret_hash), row.content) as Deposit['content'],
      touchable: Number(found.idle) < Math.min(now + idle - idle / STEPS, Number(found.ends)),
    }
  },

  async sweep(now) {
    let [swept, cursor] = [0, '0']
    do {
      const some = await memory.ask<{ readonly cursor: string; readonly swept: number }>(SWEEP, { now, cursor })
      cursor = some.cursor
      swept += some.swept
    } while (cursor !== '0')
    return swept
  },
})
