/** What is looked up when somebody asks for the figures: dates that come nearer, clocks, and doors that stand open knowingly. */
import type { Clock } from './base/clock.js'
import type { Drifts } from './login/drift.js'
import type { Source } from './metrics/metrics.js'
import type { Trust } from './saml/trust.js'
import type { Configuration } from './settings/configuration.js'
import { expiriesOf, withValidity } from './settings/expiries.js'
import { printPath } from './settings/problems.js'
import { standingWarnings } from './settings/standing-warnings.js'

interface Watched {
  readonly configuration: Configuration
  readonly trust: Trust
  readonly drifts: Drifts
  readonly clock: Clock
}

export const figures = ({ configuration, trust, drifts, clock }: Watched): readonly Source[] => [
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
  {
    name: 'bridge_clock_timestamp_seconds',
    help: 'The time by which the bridge judges answers; compare it with time().',
    labels: [],
    read: () => [{ of: [], value: clock.now() / 1000 }],
  },
]
