import type { Deposits } from '../../login/ports.js'
import type { Seal } from '../sealed.js'
import { depositedOf, hashed } from '../sql/deposits.js'
import type { DepositRow } from '../tables.js'
import { DEPOSIT } from './kept.js'
import { script, type Memory } from './memory.js'
import { readRow, type Hash } from './rows.js'

const TAKE = script(`
local k = key('deposit', a.hash)
local d = row(k)
if not d or (a.only and d.journal ~= a.only) then return answer(false, true) end
redis.call('DEL', k)
redis.call('ZREM', at .. 'deposits', a.hash)
if tonumber(d.expires_at) <= a.now or not is_open(row(key('session', d.session_key)), a.now) then
  return answer(false)
end
return answer(d)`)

const SWEEP = script(`
local over = redis.call('ZRANGEBYSCORE', at .. 'deposits', '-inf', a.now, 'LIMIT', 0, 500)
for _, hash in ipairs(over) do
  redis.call('DEL', key('deposit', hash))
  redis.call('ZREM', at .. 'deposits', hash)
end
return answer(#over, #over == 0)`)

export const createDeposits = (memory: Memory, seal: Seal): Deposits => ({
  async take(handle, now, only) {
    const given = { hash: hashed(handle), now, ...(only !== undefined && { only }) }
    const hash = await memory.ask<Hash | false>(TAKE, given)
    return hash ? depositedOf(readRow<DepositRow>(hash, DEPOSIT), seal) : undefined
  },

  async sweep(now) {
    let swept = 0
    for (let some = 500; some === 500; swept += some) some = await memory.ask<number>(SWEEP, { now })
    return swept
  },
})
