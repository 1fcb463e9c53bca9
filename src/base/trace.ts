/**
 * W3C Trace Context, level 1: the name that a proxy in front gave to the request under way. Kept beside the request, so that calls to other servers that are
 * made on its way carry it on; whoever is called later, by an errand, hears of none.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Chance } from './chance.js'

export interface Trace {
  /** trace-id: 32 hexadecimal digits, which tell nothing about anybody. */
  readonly id: string
  /** trace-flags: two hexadecimal digits. */
  readonly flags: string
}

const underWay = new AsyncLocalStorage<Trace>()

/** Everything that `work` begins is on the way of this request. */
export const traced = <T>(trace: Trace, work: () => T): T => underWay.run(trace, work)

/** @returns the header of a call of ours, under a parent-id of its own (2.2.2.2); undefined where there is no trace to carry on */
export function traceparent(chance: Chance): string | undefined {
  const trace = underWay.getStore()
  return trace && `00-${trace.id}-${chance.bytes(8).toString('hex')}-${trace.flags}`
}
