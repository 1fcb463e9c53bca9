import type { RateCounts } from '../../login/rate-limits.js'
import type { Lookup } from '../lookup.js'
import { KEPT, MINUTE } from '../sql/rate-counts.js'
import { script, type Memory } from './memory.js'

const ADD = script(`
local totals = {}
for i, c in ipairs(a.counts) do
  local k = key('count', c.name)
  totals[i] = redis.call('INCRBY', k, c.count)
  redis.call('PEXPIRE', k, a.ttl)
  noted('counts', c.over, c.name)
end
return answer(totals)`)

const SWEEP = script(`
local over = redis.call('ZRANGEBYSCORE', at .. 'counts', '-inf', a.now, 'LIMIT', 0, 500)
for _, name in ipairs(over) do
  redis.call('DEL', key('count', name))
  redis.call('ZREM', at .. 'counts', name)
end
return answer(#over, #over == 0)`)

/** Counts added by one question. */
const BATCH = 200

export const createRateCounts = (memory: Memory, lookup: Lookup): RateCounts => ({
  async add(counts) {
    const totals: number[] = []
    for (let from = 0; from < counts.length; from += BATCH) {
      const batch = counts.slice(from, from + BATCH).map(({ key, minute, count }) => {
        const since = minute * MINUTE
        return { name: `${lookup.index('attempts', key)} ${since}`, count, over: since + KEPT }
      })
      totals.push(...(await memory.ask<readonly number[]>(ADD, { counts: batch, ttl: 2 * KEPT })))
    }
    return totals
  },

  async sweep(now) {
    let swept = 0
    for (let some = 500; some === 500; swept += some) some = await memory.ask<number>(SWEEP, { now })
    return swept
  },
})
