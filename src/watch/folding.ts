/** Rows become marks: what a round adds to the counts. Pure. */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import { networkOf } from '../login/failed-calls.js'
import type { Mark } from './ports.js'
import { rules, type Rule, type Surroundings } from './rules.js'
import { DAYS, PART, partOf } from './spike.js'
import type { WatchTerms } from './terms.js'
import { troubleMarks } from './trouble.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Rows that stand further apart than this are judged one group after another, so that a burst of an hour ago is not overlooked. */
const TOGETHER = MINUTE

export function* groupsOf(rows: readonly AuditEvent[]): Generator<readonly AuditEvent[]> {
  let group: AuditEvent[] = []
  for (const row of rows) {
    const [first] = group
    if (first && Math.abs(row.at - first.at) >= TOGETHER) {
      yield group
      group = []
    }
    group.push(row)
  }
  if (group.length > 0) yield group
}

/** The time at which a group is judged. */
export const timeOf = (group: readonly AuditEvent[]): Instant => Math.max(...group.map(({ at }) => at))

export const partsOf = (rule: Rule): string => `${rule.name} parts`
export const networksOf = (rule: Rule): string => `${rule.name} networks`

/** Marks of the same name are one, counted up. */
export function fold(rows: readonly AuditEvent[], terms: WatchTerms, around: Surroundings): readonly Mark[] {
  const marks = new Map<string, Mark>()
  const add = (mark: Mark): void => {
    const key = JSON.stringify([mark.tally, mark.subject, mark.mark])
    const { count = 0, at = 0 } = marks.get(key) ?? {}
    marks.set(key, { ...mark, count: count + mark.count, at: Math.max(at, mark.at) })
  }
  for (const row of rows) {
    for (const rule of rules)
      if (terms.rules[rule.name].action !== 'off') marksOf(rule, row, terms, around).forEach(add)
    if (terms.banner) troubleMarks(row, terms.banner).forEach(add)
  }
  return [...marks.values()]
}

function marksOf(rule: Rule, row: AuditEvent, terms: WatchTerms, around: Surroundings): readonly Mark[] {
  const seen = rule.look(row, around)
  if (!seen) return []
  const { at } = row
  const own = { tally: rule.name, ...seen, count: 1, at, goneAt: at + terms.rules[rule.name].within }
  if (rule.counts !== 'spike') return [own]
  const network = { ...own, tally: networksOf(rule), mark: networkOf(row.address ?? '') }
  const part = { ...own, tally: partsOf(rule), mark: partOf(at), goneAt: at + (DAYS + 1) * DAY + PART }
  return [own, network, part]
}
