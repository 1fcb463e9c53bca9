/** One round of the watch: rows that are new become counts, and counts that are too high become anomalies and locks. */
import type { AuditEvent } from '../audit/audit.js'
import type { Clock, Instant } from '../base/clock.js'
import type { Standing } from '../login/standing.js'
import type { Banner, Lock } from '../words/watched.js'
import { fold, groupsOf, networksOf, partsOf, timeOf } from './folding.js'
import { impossible, type Place } from './places.js'
import type { Book, Mark, Watching } from './ports.js'
import { rules, type Rule, type Surroundings } from './rules.js'
import { DAYS, isSpike, usual } from './spike.js'
import type { WatchTerms } from './terms.js'
import { watchIdps } from './trouble.js'

export interface WatchPorts {
  readonly clock: Clock
  readonly watching: Watching
  readonly standing: Standing
  readonly watchTerms: WatchTerms
  readonly around: Surroundings
  /** The IdPs of which banners may speak. */
  readonly trust: { readonly idps: readonly { readonly entityId: string }[] }
}

/** Rows of one transaction: logins wait no longer for it than some milliseconds. */
const AT_ONCE = 200
const DAY = 24 * 3_600_000
/** An anomaly of which nothing was seen for so long is over. */
const QUIET = DAY

/** What an errand of the bridge does. @returns how many rows were looked at */
export async function watchRound(ports: WatchPorts): Promise<number> {
  let seen = 0
  for (let some = AT_ONCE; some === AT_ONCE; seen += some)
    some = await ports.watching.round(async book => {
      const rows = await book.rows(AT_ONCE)
      for (const group of groupsOf(rows)) await judgeGroup(ports, book, group)
      if (rows.length < AT_ONCE) await lookAround(ports, book)
      return rows.length
    })
  await ports.standing.refresh()
  return seen
}

/** What must be looked at though nothing new was written. */
async function lookAround(ports: WatchPorts, book: Book): Promise<void> {
  const now = ports.clock.now()
  await judgeIdps(ports, book, now)
  await book.closeQuiet(now - QUIET, now)
}

async function judgeIdps({ trust, watchTerms }: WatchPorts, book: Book, now: Instant): Promise<void> {
  if (!watchTerms.banner) return
  const idps = trust.idps.map(({ entityId }) => entityId)
  for (const { banner, is } of await watchIdps(book, idps, watchTerms.banner, now))
    await book.record(bannerEvent(banner, is, now))
}

const bannerEvent = ({ idp, trouble }: Banner, is: 'raised' | 'lowered', at: Instant): AuditEvent => ({
  ...{ at, what: is === 'raised' ? 'banner.raised' : 'banner.lowered', result: 'ok', idp },
  facts: { trouble, by: 'rule' },
})

async function judgeGroup(ports: WatchPorts, book: Book, group: readonly AuditEvent[]): Promise<void> {
  const { watchTerms, around } = ports
  const marks = fold(group, watchTerms, around)
  await book.add(marks)
  const now = timeOf(group)
  for (const rule of rules) {
    const subjects = [...new Set(marks.filter(({ tally }) => tally === rule.name).map(({ subject }) => subject))]
    if (subjects.length === 0) continue
    for (const [subject, value] of await tooMuch(ports, book, rule, subjects, now)) {
      const last = group.findLast(row => rule.look(row, around)?.subject === subject)
      await speak(ports, book, rule, { subject, value, now, last })
    }
  }
}

/** @returns the subjects that are over the line, and by which number */
async function tooMuch(
  { watchTerms }: WatchPorts,
  book: Book,
  rule: Rule,
  subjects: readonly string[],
  now: Instant,
): Promise<readonly (readonly [string, number])[]> {
  const terms = watchTerms.rules[rule.name]
  const since = now - terms.within
  const over = (values: ReadonlyMap<string, number>) => [...values].filter(([, value]) => value >= terms.most)
  if (rule.counts === 'events') return over(await book.total(rule.name, subjects, since))
  if (rule.counts === 'different') return over(await book.different(rule.name, subjects, since))
  const found: [string, number][] = []
  for (const subject of subjects) {
    const value =
      rule.counts === 'places'
        ? await tooFar(book, rule, subject, watchTerms, now)
        : await spiked(book, rule, subject, watchTerms, now)
    if (value !== undefined) found.push([subject, value])
  }
  return found
}

async function tooFar(book: Book, rule: Rule, subject: string, terms: WatchTerms, now: Instant) {
  const { most, within } = terms.rules[rule.name]
  const known = new Map<string, Place>(terms.places.map(place => [place.title, place]))
  const stays = (await book.marks(rule.name, subject, now - within)).flatMap(({ mark, at }) => {
    const place = known.get(mark)
    return place ? [{ place, at }] : []
  })
  return impossible(stays, most)
}

async function spiked(book: Book, rule: Rule, subject: string, terms: WatchTerms, now: Instant) {
  const own = terms.rules[rule.name]
  const since = now - own.within
  const count = (await book.total(rule.name, [subject], since)).get(subject) ?? 0
  if (count < own.most) return undefined
  const networks = (await book.different(networksOf(rule), [subject], since)).get(subject) ?? 0
  const parts: readonly Mark[] = await book.marks(partsOf(rule), subject, now - (DAYS + 1) * DAY)
  return isSpike({ count, networks, usually: usual(parts, now) }, own) ? count : undefined
}

interface Spoken {
  readonly subject: string
  readonly value: number
  readonly now: Instant
  readonly last: AuditEvent | undefined
}

/** Whoever is locked begins anew afterwards: what led to the lock does not lead to the next one. */
async function speak(
  { watchTerms }: WatchPorts,
  book: Book,
  rule: Rule,
  { subject: name, value, now, last }: Spoken,
): Promise<void> {
  const { name: ruleName, of: kind } = rule
  const subject = { kind, name }
  const number = last?.number
  const found = { rule: ruleName, subject, value, at: now, ...(number !== undefined && { number }) }
  const { id, isNew } = await book.note(found)
  const about = { ...(kind === 'person' && { person: name }), ...(number !== undefined && { number }) }
  const facts = { rule: ruleName, value, ...(kind !== 'person' && { [kind]: name }) }
  if (isNew) await book.record({ at: now, what: 'anomaly.found', result: 'ok', ...about, facts })
  if (watchTerms.rules[ruleName].action !== 'lock' || !rule.mayLock || kind === 'code') return
  const lock: Omit<Lock, 'id'> = {
    subject: { kind, name },
    rule: ruleName,
    since: now,
    until: now + watchTerms.lockFor,
  }
  if (!(await book.lock(lock, id))) return
  await book.forget(ruleName, name)
  const until = new Date(lock.until).toISOString()
  await book.record({ at: now, what: 'lock.set', result: 'ok', ...about, facts: { ...facts, until } })
}
