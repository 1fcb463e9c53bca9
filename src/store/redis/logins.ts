/**
 * Logins, and what makes one a session. What is kept for years is written in SQL and what is short-lived by one script; the
 * script comes last inside the transaction, or first where nothing can be undone (docs/decisions/0024). So of everything
 * that a browser is told both are written, and what only one of them knows was told to nobody.
 */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { AuditEvent } from '../../audit/audit.js'
import type { Claim, Entering, Logins, Stale, Started, Waiting } from '../../login/ports.js'
import type { Lookup } from '../lookup.js'
import type { Seal } from '../sealed.js'
import { auditRow } from '../sql/audit.js'
import { noteSighting } from '../sql/devices.js'
import { GRACE, loginOf, loginRow, prepareStanding, through, Undone, whyUndone, type Standing } from '../sql/logins.js'
import { preparedInsert } from '../sql/prepared.js'
import { fileRequests } from '../sql/requests.js'
import { nameAt, openEntered, sealEntered, sessionRow, withEntered } from '../sql/sessions.js'
import { StoreUnavailable } from '../store-error.js'
import type { LoginRow, Tables } from '../tables.js'
import { keyAt, keptDeposit, LOGIN } from './kept.js'
import { script, type Memory } from './memory.js'
import { asText, readRow, spanTo, written, type Hash } from './rows.js'

const START = script(`
local k = key('login', a.login.id)
if redis.call('EXISTS', k) == 1 then return answer('double', true) end
put(k, a.login, a.ttl)
redis.call('SET', key('request', a.login.request_id), a.login.id, 'PX', a.ttl)
noted('logins', a.swept, a.login.id)
return answer('started')`)

const FIND = script(`
local id = a.id
if a.request then id = redis.call('GET', key('request', a.request)) end
if a.assertion then
  local seen = redis.call('GET', key('assertion', a.assertion))
  id = seen and string.match(seen, '^%S+ (.*)$')
end
return answer(id and row(key('login', id)) or false, true)`)

const FIND_ALL = script(`
local found = {}
for i, id in ipairs(a.ids) do found[i] = row(key('login', id)) or false end
return answer(found, true)`)

const CHOOSE = script(`
local k = key('login', a.id)
if redis.call('HEXISTS', k, 'finished_at') == 0 then return answer(false, true) end
redis.call('HSET', k, 'chosen', a.choice)
return answer(true)`)

/** The order is that of sql/logins.ts. Two of one attempt are one: a transaction that lost against another asks again. */
const CLAIM = script(`
local k = key('login', a.login)
local login = row(k)
if not login then return answer('unknown', true) end
if login.finished_at then return answer(login.attempt == a.attempt and 'claimed' or 'finished-before', true) end
if a.issued_after and a.issued_after <= since then return answer('forgotten', true) end
local seen = redis.call('GET', key('assertion', a.assertion))
if seen and tonumber(string.match(seen, '^%S+')) > a.now then return answer('replayed', true) end
local function names_us(r)
  local named = cjson.decode(r.session_index_hmacs)
  if #named == 0 then return true end
  for _, index in ipairs(named) do
    for _, ours in ipairs(a.indexes) do if index == ours then return true end end
  end
  return false
end
for _, name in ipairs(a.names) do
  for _, id in ipairs(redis.call('SMEMBERS', key('obeying', name))) do
    local r = row(key('obeyed', id))
    if r and tonumber(r.remember_until) > a.now and tonumber(r.issued_at) >= a.vouched and names_us(r) then
      return answer('logged-out', true)
    end
  end
end
if redis.call('EXISTS', key('session', a.session.key)) == 1 then return answer('double', true) end
if a.deposit and redis.call('EXISTS', key('deposit', a.deposit.handle_hash)) == 1 then return answer('double', true) end
redis.call('HSET', k, 'finished_at', string.format('%.0f', a.now), 'session_key', a.session.key, 'attempt', a.attempt)
redis.call('SET', key('assertion', a.assertion), a.remember .. ' ' .. a.login, 'PX', a.assertion_ttl)
local s = a.session
put(key('session', s.key), s, a.session_ttl)
noted('sessions', s.idle_ends_at, s.key)
redis.call('SADD', key('numbered', s.number), s.key)
longer(key('numbered', s.number), a.session_ttl)
if s.name_id_hmac then
  redis.call('SADD', key('named', s.name_id_hmac), s.key)
  longer(key('named', s.name_id_hmac), a.session_ttl)
end
for _, closing in ipairs(a.closes) do
  local old = row(key('session', closing))
  if old and tonumber(old.idle_ends_at) > a.now then
    redis.call('HSET', key('session', closing), 'idle_ends_at', string.format('%.0f', a.now))
    noted('sessions', a.now, closing)
  end
end
if a.deposit then keep_deposit(a.deposit, a.deposit_ttl) end
return answer('claimed')`)

const ENTERED = script(`
local s = row(key('session', a.session))
return answer(is_open(s, a.at) and s.entered or false, true)`)

const ENTER = script(`
local k = key('session', a.session)
local s = row(k)
if not is_open(s, a.at) then return answer('over', true) end
if s.entered ~= a.before then return answer('changed', true) end
if a.deposit then
  local kept = redis.call('HGET', key('deposit', a.deposit.handle_hash), 'attempt')
  if kept and kept ~= a.attempt then return answer('double', true) end
  keep_deposit(a.deposit, a.deposit_ttl)
end
redis.call('HSET', k, 'entered', a.entered)
return answer('entered')`)

const SWEEP = script(`
local over = redis.call('ZRANGEBYSCORE', at .. 'logins', '-inf', a.now, 'LIMIT', 0, 500)
for _, id in ipairs(over) do
  local request = redis.call('HGET', key('login', id), 'request_id')
  if request then redis.call('DEL', key('request', request)) end
  redis.call('DEL', key('login', id))
  redis.call('ZREM', at .. 'logins', id)
end
return answer(#over, #over == 0)`)

interface Tools extends Standing {
  readonly db: Kysely<Tables>
  readonly memory: Memory
  readonly seal: Seal
  readonly lookup: Lookup
}

type InsertEvents = ReturnType<typeof preparedInsert<'audit_events'>>

export function createLogins(given: Omit<Tools, keyof Standing>): Logins {
  const { db, memory, seal } = given
  const tools: Tools = { ...given, ...prepareStanding(db, given.lookup) }
  const insertEvents = preparedInsert(db, 'audit_events')
  const read = (hash: Hash | false, now: Instant): Started | Waiting | undefined => {
    const row = hash && readRow<LoginRow>(hash, LOGIN)
    return row && row.expires_at > now ? loginOf(row, seal) : undefined
  }
  const find = async (given: object, now: Instant) => read(await memory.ask<Hash | false>(FIND, given), now)
  return {
    async start(login, event) {
      const row = loginRow(login, seal)
      const times = { ttl: spanTo(login.expiresAt + GRACE, login.startedAt), swept: login.expiresAt + GRACE }
      const answer = await memory.ask<'started' | 'double'>(START, { login: written({ ...row }), ...times })
      if (answer === 'double') throw twice('login')
      if (event) await insertEvents(db, [auditRow(event, seal)])
    },
    find: (id, now) => find({ id: asText(id) }, now),
    findByRequest: (requestId, now) => find({ request: asText(requestId) }, now),
    findByAssertion: (assertion, now) => find({ assertion: keyAt(assertion) }, now),

    async findAll(ids, now) {
      if (ids.length === 0) return []
      const found = await memory.ask<readonly (Hash | false)[]>(FIND_ALL, { ids: ids.map(asText) })
      return found.flatMap(hash => read(hash, now) ?? [])
    },

    claim: claim => claimLogin(tools, insertEvents, claim),
    async choose(id, choice) {
      await memory.ask(CHOOSE, { id: asText(id), choice })
    },
    enter: entering => enterJournal(tools, insertEvents, entering),

    async sweep(now) {
      let swept = 0
      for (let some = 500; some === 500; swept += some) some = await memory.ask<number>(SWEEP, { now })
      return swept
    },
  }
}

type Claimed = Awaited<ReturnType<Logins['claim']>>

async function claimLogin(tools: Tools, insertEvents: InsertEvents, claim: Claim): Promise<Claimed> {
  const { db, memory, seal } = tools
  const given = claimWords(tools, claim, randomId(systemChance))
  const ask = async (): Promise<Claimed> =>
    checked(await memory.ask<Claimed | 'unknown' | 'double'>(CLAIM, given), memory, claim.now)
  const record = (trx: Kysely<Tables>, events: readonly AuditEvent[]) =>
    insertEvents(
      trx,
      events.map(event => auditRow(event, seal)),
    )
  if (!keepsMore(claim)) {
    const answer = await ask()
    if (answer === 'claimed') await record(db, claim.events)
    return answer
  }
  return db
    .transaction()
    .execute(async trx => {
      if (claim.entering) await through(trx, tools, claim.entering)
      if (claim.sighting) await noteSighting(trx, tools, claim.sighting)
      if (claim.requests) await fileRequests(trx, tools, claim.requests)
      await record(trx, claim.events)
      const answer = await ask()
      if (answer !== 'claimed') throw new Undone(answer)
      return answer
    })
    .catch((error: unknown) => whyUndone(error) as Claimed)
}

/** Something beside events, or what may prove to be impossible. */
const keepsMore = ({ entering, sighting, requests }: Claim): boolean =>
  [entering?.consents, entering?.seen, entering?.link, entering?.message, entering?.requests, sighting, requests].some(
    each => each !== undefined,
  )

function claimWords({ seal, lookup }: Tools, claim: Claim, attempt: string): object {
  const { now, session, assertion, entering } = claim
  const { person, nameId, sessionIndex } = session
  const row = sessionRow(entering ? { ...session, entered: [entering.entered] } : session, seal, lookup)
  return {
    ...{ attempt, now, login: claim.login, closes: claim.closes ?? [], session: written({ ...row }) },
    session_ttl: spanTo(Math.max(session.traceUntil, session.endsAt), now),
    assertion: keyAt(assertion),
    // not cut off by Lua, which writes great numbers its own way
    remember: String(assertion.rememberUntil),
    assertion_ttl: spanTo(assertion.rememberUntil, now),
    ...(claim.issuedAfter !== undefined && { issued_after: claim.issuedAfter }),
    vouched: person.authenticatedAt,
    names: nameId ? lookup.candidates('name-id', nameAt(person.idp, nameId.value)) : [],
    indexes: sessionIndex === undefined ? [] : lookup.candidates('session-index', nameAt(person.idp, sessionIndex)),
    ...keptDeposit(seal, entering, now, attempt),
  }
}

/** A memory that began within this time may have had the login before it began. */
const LONGEST_LOGIN = 3_600_000

function checked(answer: Claimed | 'unknown' | 'double', memory: Memory, now: Instant): Claimed {
  if (answer === 'double') throw twice('session or deposit')
  if (answer !== 'unknown') return answer
  if (memory.since() > now - LONGEST_LOGIN) throw new StoreUnavailable('REDIS_FORGOT', {})
  throw new Error('A login was claimed that was never started, or was swept away.')
}

async function enterJournal(tools: Tools, insertEvents: InsertEvents, entering: Entering) {
  const { db, seal } = tools
  const attempt = randomId(systemChance)
  return db
    .transaction()
    .execute(async trx => {
      await through(trx, tools, entering)
      await insertEvents(trx, [auditRow(entering.event, seal)])
      if (!(await noteEntered(tools, entering, attempt))) throw new Undone('over')
      return 'entered' as const
    })
    .catch((error: unknown) => whyUndone(error) as 'over' | Stale)
}

/** Writes only over what it read, so that of two tabs that enter two journals at once neither is forgotten. */
async function noteEntered({ memory, seal }: Tools, entering: Entering, attempt: string): Promise<boolean> {
  const { session, entered } = entering
  for (;;) {
    const before = await memory.ask<string | false>(ENTERED, { session, at: entered.at })
    if (before === false) return false
    const all = withEntered(openEntered(session, before, seal), entered)
    const answer = await memory.ask<'entered' | 'over' | 'changed' | 'double'>(ENTER, {
      ...{ session, before, attempt, at: entered.at, entered: sealEntered(session, all, seal) },
      ...keptDeposit(seal, entering, entered.at, attempt),
    })
    if (answer === 'double') throw twice('deposit')
    if (answer !== 'changed') return answer === 'entered'
  }
}

const twice = (what: string): Error => new Error(`A ${what} was to be kept under a name that is taken.`)
