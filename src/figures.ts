/** What is looked up when somebody asks for the figures: dates that come nearer, and doors that stand open knowingly. */
import { X509Certificate } from 'node:crypto'
import type { Clock } from './base/clock.js'
import type { Sample, Source } from './metrics/metrics.js'
import type { Trust } from './saml/trust.js'
import type { Configuration } from './settings/configuration.js'
import { printPath } from './settings/problems.js'
import { standingWarnings } from './settings/standing-warnings.js'

export const figures = (configuration: Configuration, trust: Trust, clock: Clock): readonly Source[] => [
  {
    name: 'bridge_certificate_expiry_timestamp_seconds',
    help: 'When a certificate ends: ours, and those in the metadata of the IdPs.',
    labels: ['of', 'idp', 'sha256'],
    read: () => [...ourCertificates(configuration), ...theirCertificates(trust)],
  },
  {
    name: 'bridge_standing_warning',
    help: '1 for each setting that was switched on knowingly and should not stay so.',
    labels: ['setting'],
    read: () => standingWarnings(configuration.settings).map(({ path }) => ({ of: [printPath(path)], value: 1 })),
  },
  {
    name: 'bridge_clock_timestamp_seconds',
    help: 'The time by which the bridge judges answers; compare it with time().',
    labels: [],
    read: () => [{ of: [], value: clock.now() / 1000 }],
  },
]

const ourCertificates = ({ secrets }: Configuration): readonly Sample[] =>
  (['signing', 'decryption'] as const).flatMap(use =>
    secrets[use].map(({ certificatePem }) => {
      const { fingerprint256, validTo } = new X509Certificate(certificatePem)
      return { of: [use, '', fingerprint256.replaceAll(':', '').toLowerCase()], value: Date.parse(validTo) / 1000 }
    }),
  )

const theirCertificates = ({ idps }: Trust): readonly Sample[] =>
  idps.flatMap(({ entityId, signingKeys }) =>
    signingKeys.flatMap(({ fingerprint, notAfter }) =>
      notAfter === undefined ? [] : [{ of: ['idp', entityId, fingerprint], value: notAfter / 1000 }],
    ),
  )
