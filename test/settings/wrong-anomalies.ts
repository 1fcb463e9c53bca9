/** Every way the section `anomalies` may be wrong: rows of wrong-settings.ts. */
import type { Row } from './wrong-settings.js'

const one = (line: number, path: string, words: RegExp) => [[line, path, words]] as const

export const wrongAnomalies: readonly Row[] = [
  {
    wrong: 'a rule that does what it may not',
    from: 'clockSkew: 180s',
    to: 'anomalies: { rules: { refusal-spike: { action: lock } } }',
    told: one(28, 'anomalies.rules.refusal-spike.action', /must be off or notify/),
  },
  {
    wrong: 'a rule that would speak of everybody',
    from: 'clockSkew: 180s',
    to: 'anomalies: { rules: { many-accounts: { most: 1, within: 30s } } }',
    told: [
      [28, 'anomalies.rules.many-accounts.most', /from 2 to/],
      [28, 'anomalies.rules.many-accounts.within', /from 1m to 7d/],
    ],
  },
  {
    wrong: 'a rule about places without any',
    from: 'clockSkew: 180s',
    to: 'anomalies: { rules: { travel: { action: lock } } }',
    told: one(28, 'anomalies.rules.travel', /knows no places/),
  },
  {
    wrong: 'a place twice, and one that is nowhere',
    from: 'clockSkew: 180s',
    to: 'anomalies: { places: [{ title: A, latitude: 1, longitude: 1, networks: [192.0.2.1] }, { title: A, latitude: 91, longitude: 1, networks: [x] }] }',
    told: [
      [28, 'anomalies.places[1].title', /is taken by anomalies\.places\[0\]/],
      [28, 'anomalies.places[1].latitude', /from -90 to 90/],
      [28, 'anomalies.places[1].networks[0]', /an IP address or a network/],
    ],
  },
  {
    wrong: 'mail to the administration without a mail server',
    from: 'clockSkew: 180s',
    to: 'anomalies: { notify: { email: [it@school.example] } }',
    told: one(28, 'anomalies.notify.email', /write the section mail/),
  },
  {
    wrong: 'a webhook that everybody on the way may read',
    from: 'clockSkew: 180s',
    to: 'anomalies: { notify: { webhook: { url: "http://monitor.example/", key: { env: WEBHOOK_KEY } } } }',
    told: one(28, 'anomalies.notify.webhook.url', /must be https/),
  },
]
