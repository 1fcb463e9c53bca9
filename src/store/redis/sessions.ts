import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { SessionKey, SessionLimits, Sessions, SessionTrace } from '../../sessions/sessions.js'
import type { Seal } from '../sealed.js'
import { nameless, sessionOf, STEPS, traceOf } from '../sql/sessions.js'
import type { SessionRow } from '../tables.js'
import { SESSION } from './kept.js'
import { script, type Memory } from './memory.js'
import { readRow, type Hash } from './rows.js'

const FIND = script(`
local s = row(key('session', a.key))
return answer(is_open(s, a.now) and s or false, true)`)

const TOUCH = script(`
local k = key('session', a.key)
local s = row(k)
if not is_open(s, a.now) then return answer(false, true) end
local idle, ends = tonumber(s.idle_ends_at), tonumber(s.ends_at)
if idle >= a.before or idle >= ends then return answer(false, true) end
local moved = string.format('%.0f', math.min(ends, a.wanted))
redis.call('HSET', k, 'idle_ends_at', moved)
noted('sessions', moved, a.key)
return answer(true)`)

/** Their keys: some hundred thousand are some megabytes, and nobody's place among them moves meanwhile. */
const KEYS = script(`
if a.number then return answer(redis.call('SMEMBERS', key('numbered', a.number)), true) end
return answer(redis.call('ZRANGE', at .. 'sessions', 0, -1), true)`)

const ROWS = script(`
local rows = {}
for i, k in ipairs(a.keys) do rows[i] = row(key('session', k)) or false end
return answer(rows, true)`)

/** What is over and left nothing is deleted, and what is to become a trace is handed out. */
const DUE = script(`
local over, deleted, due = redis.call('ZRANGEBYSCORE', at .. 'sessions', '-inf', a.now, 'LIMIT', 0, a.most), 0, {}
for _, k in ipairs(over) do
  local s = row(key('session', k))
  if not s then
    redis.call('ZREM', at .. 'sessions', k)
  elseif s.entered == '' or tonumber(s.trace_until) <= a.now then
    forget_session(s)
    deleted = deleted + 1
  else
    due[#due + 1] = s
  end
end
return answer({ deleted = deleted, due = due, more = #over == a.most }, #over == 0)`)

const TRACE = script(`
local made = 0
for _, trace in ipairs(a.traces) do
  local k = key('session', trace.key)
  local s = row(k)
  if s and s.traced == '0' and s.entered == trace.before and tonumber(s.idle_ends_at) <= a.now then
    redis.call('HSET', k, 'traced', '1', 'content', trace.content, 'entered', trace.entered)
    noted('sessions', s.trace_until, trace.key)
    made = made + 1
  end
end
return answer(made)`)

/** Sessions that are read or become traces by one question: nobody waits longer than a millisecond for it. */
const BATCH = 50

export function createSessions(memory: Memory, seal: Seal, { idle }: SessionLimits): Sessions {
  return {
    async find(key, now) {
      const hash = await memory.ask<Hash | false>(FIND, { key, now })
      return hash ? sessionOf(readRow<SessionRow>(hash, SESSION), seal) : undefined
    },

    async touch(key, now) {
      const wanted = now + idle
      await memory.ask(TOUCH, { key, now, wanted, before: Math.ceil(wanted - idle / STEPS) })
    },

    traces: (now, number) => traces(memory, seal, now, number),
    sweep: now => sweep(memory, seal, now),
  }
}

async function* traces(
  memory: Memory,
  seal: Seal,
  now: Instant,
  number: RequestNumber | undefined,
): AsyncGenerator<SessionTrace> {
  const all = list(await memory.ask<readonly SessionKey[]>(KEYS, number === undefined ? {} : { number }))
  for (let from = 0; from < all.length; from += BATCH)
    for (const row of await rowsOf(memory, all.slice(from, from + BATCH))) yield traceOf(row, seal, now)
}

/** @returns those that are there */
export async function rowsOf(memory: Memory, keys: readonly string[]): Promise<readonly SessionRow[]> {
  if (keys.length === 0) return []
  const hashes = await memory.ask<readonly (Hash | false)[]>(ROWS, { keys })
  return hashes.flatMap(hash => (hash ? [readRow<SessionRow>(hash, SESSION)] : []))
}

interface Due {
  readonly deleted: number
  readonly due: readonly Hash[]
  readonly more: boolean
}

async function sweep(memory: Memory, seal: Seal, now: Instant): Promise<number> {
  let swept = 0
  for (let more = true; more;) {
    const { deleted, due, more: rest } = await memory.ask<Due>(DUE, { now, most: BATCH })
    const rows = list(due).map(hash => readRow<SessionRow>(hash, SESSION))
    const traces = rows.map(row => ({ key: row.key, before: row.entered, ...nameless(row, seal) }))
    const made = traces.length === 0 ? 0 : await memory.ask<number>(TRACE, { now, traces })
    swept += deleted + made
    // whoever is touched or swept by another node meanwhile is met next time
    more = rest && deleted + made > 0
  }
  return swept
}

/** An empty list of Lua is written as an empty object. */
export const list = <T>(answer: readonly T[]): readonly T[] => (answer instanceof Array ? answer : [])
