/** What is looked up when somebody asks for the figures: dates that come nearer, clocks, and doors that stand open knowingly. */
import type { Clock } from './base/clock.js'
import type { Drifts } from './login/drift.js'
import type { Source } from './metrics/metrics.js'
import type { Trust } from './saml/trust.js'
import type { Configuration } from './settings/configuration.js'
import { expiriesOf, withValidity } from './settings/expiries.js'
import { printPath } from './settings/problems.js'
import type { Watching } from './watch/ports.js'
import { ruleNames } from './words/watched.js'
import { standingWarnings } from './settings/standing-warnings.js'

interface Watched {
  readonly configuration: Configuration
  readonly trust: Trust
  readonly drifts: Drifts
  readonly clock: Clock
  /** How much stands in which queue. */
  readonly store: {
    waiting(): Promise<Readonly<Record<string, number>>>
    undelivered(): Promise<readonly { readonly to: string; readonly way: string; readonly count: number }[]>
    readonly watching: Pick<Watching, 'open' | 'locks' | 'banners'>
  }
}

export const figures = ({ configuration, trust, drifts, clock, store }: Watched): readonly Source[] => [
  {
    name: 'bridge_expiry_timestamp_seconds',
    help: 'When something ends by a date: our certificates, and what stands in the metadata of the IdPs.',
    labels: ['kind', 'idp', 'sha256'],
    read: () =>
      expiriesOf({ secrets: configuration.secrets, idps: withValidity(trust) }).map(
        ({ kind, idp, sha256, notAfter }) => ({
          of: [kind, idp ?? '', sha256 ?? ''],
          value: notAfter / 1000,
        }),
      ),
  },
  {
    name: 'bridge_standing_warning',
    help: '1 for each setting that was switched on knowingly and should not stay so.',
    labels: ['setting'],
    read: () => standingWarnings(configuration.settings).map(({ path }) => ({ of: [printPath(path)], value: 1 })),
  },
  {
    name: 'bridge_clock_drift_seconds',
    help: 'By how much the clock of an IdP is ahead of ours: the middle one of its last answers.',
    labels: ['idp'],
    read: () =>
      trust.idps.flatMap(({ entityId }) => {
        const drift = drifts.of(entityId)
        return drift ? [{ of: [entityId], value: drift.seconds }] : []
      }),
  },
  ...metadataFigures(trust),
  {
    name: 'bridge_waiting',
    help: 'What stands in a queue: questions that schools have not decided, journals that did not hear of a logout, destructions that are ordered.',
    labels: ['what'],
    read: async () => Object.entries(await store.waiting()).map(([what, value]) => ({ of: [what], value })),
  },
  {
    name: 'bridge_messages_undelivered',
    help: 'Notices to people and alerts to the administration that were tried and not taken yet.',
    labels: ['to', 'way'],
    read: async () => (await store.undelivered()).map(({ to, way, count }) => ({ of: [to, way], value: count })),
  },
  ...watchFigures(store.watching, trust, clock),
  {
    name: 'bridge_clock_timestamp_seconds',
    help: 'The time by which the bridge judges answers; compare it with time().',
    labels: [],
    read: () => [{ of: [], value: clock.now() / 1000 }],
  },
]

const watchFigures = (
  watching: Pick<Watching, 'open' | 'locks' | 'banners'>,
  trust: Pick<Trust, 'idps'>,
  clock: Clock,
): readonly Source[] => [
  {
    name: 'bridge_anomalies_open',
    help: 'What the watch has found unusual and nobody has acknowledged, by rule.',
    labels: ['rule'],
    read: async () => {
      const open = await watching.open()
      return ruleNames.map(rule => ({ of: [rule], value: open.get(rule) ?? 0 }))
    },
  },
  {
    name: 'bridge_locks',
    help: 'People and networks that open no journal at this moment.',
    labels: ['of'],
    read: async () => {
      const locks = await watching.locks(clock.now())
      return (['person', 'network'] as const).map(kind => ({
        of: [kind],
        value: locks.filter(({ subject }) => subject.kind === kind).length,
      }))
    },
  },
  {
    name: 'bridge_idp_banner',
    help: '1 for each IdP about which the pages say that it is in trouble, else 0.',
    labels: ['idp'],
    read: async () => {
      const banners = await watching.banners(clock.now())
      return trust.idps.map(({ entityId }) => ({
        of: [entityId],
        value: banners.some(({ idp }) => idp === entityId) ? 1 : 0,
      }))
    },
  },
]

const metadataFigures = (trust: Trust): readonly Source[] => [
  {
    name: 'bridge_idp_metadata_stale_since_timestamp_seconds',
    help: 'Since when the source of the metadata of an IdP gives nothing usable; absent while all is well.',
    labels: ['idp'],
    read: () =>
      trust
        .status()
        .flatMap(({ entityId, source, staleSince }) =>
          staleSince === undefined ? [] : [{ of: [entityId ?? source], value: staleSince / 1000 }],
        ),
  },
  {
    name: 'bridge_idp_metadata_change_waits',
    help: '1 for each IdP of which a change of keys or addresses waits for a decision, else 0.',
    labels: ['idp'],
    read: () =>
      trust.status().map(({ entityId, source, pending }) => ({ of: [entityId ?? source], value: pending ? 1 : 0 })),
  },
]
