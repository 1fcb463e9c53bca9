/** A watch over a store of its own, with rows of the audit planted in it and a clock that stands where the test puts it. */
import type { AuditEvent } from '../../src/audit/audit.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import { Standing } from '../../src/login/standing.js'
import type { Store } from '../../src/store/open.js'
import { inNetworks, placesOf, type ListedPlace } from '../../src/watch/places.js'
import { watchRound, type WatchPorts } from '../../src/watch/round.js'
import { rules, type RuleTerms } from '../../src/watch/rules.js'
import type { WatchTerms } from '../../src/watch/terms.js'
import type { RuleName } from '../../src/words/watched.js'

export const T0 = Date.UTC(2026, 8, 1, 8)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const IDP = 'https://idp.gosuslugi.example/metadata'
export const NUMBER = 'D7FW-2NQ9' as RequestNumber

const places: readonly ListedPlace[] = [
  { title: 'Калининград', latitude: 54.7, longitude: 20.5, networks: ['198.51.100.0/24'] },
  { title: 'Владивосток', latitude: 43.1, longitude: 131.9, networks: ['203.0.113.0/24', '2001:db8:7::/48'] },
  { title: 'Гусев', latitude: 54.6, longitude: 22.2, networks: ['192.0.2.0/24'] },
]

type Change = Partial<Readonly<Record<RuleName, Partial<RuleTerms>>>>

export const terms = (change: Change = {}, more: Partial<WatchTerms> = {}): WatchTerms => ({
  rules: Object.fromEntries(
    rules.map(({ name, usual }) => [name, { ...usual, ...change[name] }]),
  ) as unknown as WatchTerms['rules'],
  ...{ lockFor: HOUR, repeatAfter: 6 * HOUR, schoolNetworks: ['10.0.0.0/8'], places },
  banner: { networks: 5, within: 10 * MINUTE },
  notify: { email: [] },
  ...more,
})

/** Every rule that may lock does. */
export const locking = (most = 3): WatchTerms =>
  terms(Object.fromEntries(rules.map(({ name }) => [name, { action: 'lock', ...(name !== 'travel' && { most }) }])))

export interface Planted extends WatchPorts {
  readonly store: Store
  /** Writes rows, lets the chain take them, and looks at them. */
  plant(...rows: readonly AuditEvent[]): Promise<void>
  at(now: number): void
}

export function watchOver(store: Store, watchTerms: WatchTerms = terms()): Planted {
  let now = T0
  const clock = { now: () => now }
  const ports: WatchPorts = {
    ...{ clock, watchTerms, watching: store.watching, standing: new Standing(clock, store.watching) },
    around: { isSchool: inNetworks(watchTerms.schoolNetworks), placeOf: placesOf(watchTerms.places) },
    trust: { idps: [{ entityId: IDP }] },
  }
  return {
    ...ports,
    store,
    at: moment => void (now = moment),
    async plant(...rows) {
      for (const row of rows) await store.audit.record(row)
      now = Math.max(now, ...rows.map(({ at }) => at))
      for (let some = 500; some === 500;) some = await store.chain.take(now, 500)
      await watchRound(ports)
    },
  }
}

/** As many rows, a second apart. */
export const many = (count: number, row: (i: number) => AuditEvent): readonly AuditEvent[] =>
  Array.from({ length: count }, (_, i) => row(i))

export const signedIn = (person: string, change: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ at: T0, what: 'login.verified', result: 'ok', number: NUMBER, idp: IDP, person },
  ...{ address: '192.0.2.1', device: 'Mozilla/5.0' },
  ...change,
})

export const refusedAs = (code: AuditEvent['code'], change: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ at: T0, what: 'login.refused', result: 'refused', number: NUMBER, address: '192.0.2.1', device: 'Mozilla/5.0' },
  ...(code !== undefined && { code }),
  ...change,
})
