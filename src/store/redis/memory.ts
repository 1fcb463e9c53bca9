/**
 * What a Redis or Valkey server remembers for us, and whether it still does. Every question is a script, so it is answered
 * whole or not at all, and each asks first whether the memory is the one that we know:
 *
 *   memory: { id, n, run, since, seq }      one hash, under a name of our database's own
 *
 * A server that was started anew or replaced by another has another `run`, and one that fell back to an older state behind
 * our back counts fewer writes (`seq`) than we have seen. Both may have forgotten that an answer of the IdP was used, that a
 * handle was fetched, that somebody signed out. So neither is believed: a new memory begins, with an id of its own in every
 * key, and what lay in the old one is gone for everybody (docs/decisions/0024).
 */
import { createHash } from 'node:crypto'
import { randomId, systemChance } from '../../base/chance.js'
import type { Clock, Instant } from '../../base/clock.js'
import { StoreError, StoreUnavailable } from '../store-error.js'
import { connect, type Connection, type ConnectionOptions } from './connection.js'
import { notMet, readInfo, unfit, type ServerFacts } from './server.js'

export interface ShortLivedOptions extends ConnectionOptions {
  readonly clock: Clock
}

/** A piece of Lua; `a` holds what it is given, `at` what our keys begin with. */
export interface Script {
  readonly text: string
  readonly sha: string
}

export interface Memory {
  /** @throws StoreError in a sentence for the operator: it does not answer, or is not what we need */
  meet(): Promise<void>
  /** One round trip. @throws StoreUnavailable when nobody answers, or what was remembered is gone */
  ask<T>(script: Script, given: object): Promise<T>
  /** As the server told when we came to it last. */
  facts(): ServerFacts
  /** Nothing from before it is remembered. */
  since(): Instant
  /** Every key of ours begins with it. */
  readonly prefix: string
  /** A command of the server itself, beside the scripts. */
  send(words: readonly string[]): Promise<unknown>
  close(): Promise<void>
}

const PRELUDE = `
local m = redis.call('HMGET', KEYS[1], 'id', 'seq', 'since')
if m[1] ~= ARGV[1] or tonumber(m[2]) < tonumber(ARGV[2]) then return { -1 } end
local seq, since, a = tonumber(m[2]), tonumber(m[3]), cjson.decode(ARGV[3])
local at = string.sub(KEYS[1], 1, -7) .. ARGV[1] .. ':'
local function key(kind, id) return at .. kind .. ':' .. id end
local function row(k)
  local flat = redis.call('HGETALL', k)
  if #flat == 0 then return nil end
  local r = {}
  for i = 1, #flat, 2 do r[flat[i]] = flat[i + 1] end
  return r
end
local function put(k, values, ttl)
  local flat = {}
  for field, value in pairs(values) do flat[#flat + 1] = field; flat[#flat + 1] = value end
  redis.call('HSET', k, unpack(flat))
  if ttl then redis.call('PEXPIRE', k, ttl) end
end
local function longer(k, ttl)
  if redis.call('PTTL', k) < ttl then redis.call('PEXPIRE', k, ttl) end
end
local function answer(x, reads)
  if not reads then seq = redis.call('HINCRBY', KEYS[1], 'seq', 1) end
  return { seq, cjson.encode(x) }
end
-- of each kind by its end, for the sweep; what no sweep finds any more ends by itself
local function noted(list, score, member)
  redis.call('ZADD', at .. list, score, member)
  redis.call('PEXPIRE', at .. list, 172800000)
end
local function is_open(s, now)
  return s and s.traced == '0' and tonumber(s.idle_ends_at) > now and tonumber(s.ends_at) > now
end
local function forget_session(s)
  redis.call('DEL', key('session', s.key))
  redis.call('ZREM', at .. 'sessions', s.key)
  redis.call('SREM', key('numbered', s.number), s.key)
  if s.name_id_hmac then redis.call('SREM', key('named', s.name_id_hmac), s.key) end
end
local function keep_deposit(d, ttl)
  put(key('deposit', d.handle_hash), d, ttl)
  noted('deposits', d.expires_at, d.handle_hash)
end
`

/** @param body ends with `return answer(VALUE)`, or `return answer(VALUE, true)` where it has written nothing */
export function script(body: string): Script {
  const text = PRELUDE + body
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

const BEGIN = `
local m = redis.call('HMGET', KEYS[1], 'id', 'n', 'run', 'since')
local id, run, now, known, known_n, forgotten = unpack(ARGV)
local same = m[1] == known and forgotten == '0'
if m[1] and m[3] == run and (same or tonumber(m[2]) > tonumber(known_n)) then return { m[1], m[2], m[4] } end
local n = string.format('%.0f', math.max(tonumber(m[2] or '0'), tonumber(known_n)) + 1)
redis.call('HSET', KEYS[1], 'id', id, 'n', n, 'run', run, 'since', now, 'seq', '0')
return { id, n, now }
`

interface Known {
  readonly id: string
  readonly n: number
  readonly since: Instant
}

/**
 * Nothing is asked yet.
 *
 * @param name of the database whose short-lived records these are; no other bridge's are ever touched
 */
export const memoryAt = (options: ShortLivedOptions, name: string): Memory => new ServerMemory(options, name)

class ServerMemory implements Memory {
  readonly #options: ShortLivedOptions
  readonly prefix: string
  readonly #memoryKey: string
  #meeting: Promise<Connection> | undefined
  #connection: Connection | undefined
  #facts: ServerFacts = {}
  #known: Known = { id: '', n: 0, since: 0 }
  #seq = 0
  #closed = false

  constructor(options: ShortLivedOptions, name: string) {
    this.#options = options
    // the braces: on whatever server, keys of one script lie together
    this.prefix = `bridge:{${name}}:`
    this.#memoryKey = `${this.prefix}memory`
  }

  /** Where the memory proves to be another one nothing was done, and the question is put to the new one. */
  async ask<T>(script: Script, given: object): Promise<T> {
    const text = JSON.stringify(given)
    for (let round = 1; round <= 2; round++) {
      const connection = await this.#connected()
      const { id } = this.#known
      const [seq, reply] = await this.#run(connection, script, id, text)
      if (seq >= 0) {
        if (id === this.#known.id) this.#seq = Math.max(this.#seq, seq)
        return JSON.parse(reply!) as T
      }
      if (id === this.#known.id) await this.#begin(connection, true)
    }
    throw new StoreUnavailable('REDIS_FORGOT', {})
  }

  async meet(): Promise<void> {
    try {
      await this.#connected()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      throw notMet(this.#options.address, error)
    }
  }

  facts = (): ServerFacts => this.#facts
  since = (): Instant => this.#known.since

  async send(words: readonly string[]): Promise<unknown> {
    return (await this.#connected()).send(words)
  }

  close(): Promise<void> {
    this.#closed = true
    this.#connection?.close()
    return Promise.resolve()
  }

  /** Those who come together wait for one connection. */
  async #connected(): Promise<Connection> {
    if (this.#connection?.open) return this.#connection
    this.#meeting ??= this.#open().finally(() => (this.#meeting = undefined))
    return this.#meeting
  }

  async #open(): Promise<Connection> {
    if (this.#closed) throw new StoreUnavailable('REDIS_CLOSED', {})
    const connection = await connect(this.#options)
    try {
      this.#facts = await factsOf(connection)
      const wrong = unfit(this.#facts)
      if (wrong !== undefined) throw new StoreError(wrong)
      await this.#begin(connection, false)
    } catch (error) {
      connection.close()
      // once we serve, it is an outage like any other, and over as soon as the server is mended
      if (error instanceof StoreError && this.#known.n > 0) throw new StoreUnavailable('REDIS_UNFIT', { cause: error })
      throw error
    }
    this.#connection = connection
    return connection
  }

  /** Whoever notices that the known one is gone begins another; all others take it up. */
  async #begin(connection: Connection, forgotten: boolean): Promise<void> {
    const { id: known, n } = this.#known
    const now = String(this.#options.clock.now())
    const given = [randomId(systemChance), this.#facts.run ?? '', now, known, String(n), forgotten ? '1' : '0']
    const reply = (await connection.send(['EVAL', BEGIN, '1', this.#memoryKey, ...given])) as readonly string[]
    const [id = '', number, since] = reply
    if (id !== known) this.#seq = 0
    this.#known = { id, n: Number(number), since: Number(since) }
  }

  async #run(connection: Connection, { sha, text }: Script, id: string, given: string) {
    const words = ['1', this.#memoryKey, id, String(this.#seq), given]
    try {
      return (await connection.send(['EVALSHA', sha, ...words])) as [number, string?]
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return (await connection.send(['EVAL', text, ...words])) as [number, string?]
    }
  }
}

/** A server that says nothing about itself is not refused for it: doctor tells what could not be seen. */
async function factsOf(connection: Connection): Promise<ServerFacts> {
  try {
    return readInfo(String(await connection.send(['INFO'])))
  } catch (error) {
    if (error instanceof StoreUnavailable && error.reason !== 'REDIS_NOPERM') throw error
    return {}
  }
}
