/** The section `anomalies`: what no single setting can know, and the secret that it names. */
import { valueAt, type Finding } from './explain.js'
import { isReadableByAll, readSecret, type Sources } from './read-file.js'
import type { Written } from './schema.js'
import { secretRef } from './schema-secrets.js'

const HERE = ['localhost', '127.0.0.1', '[::1]']
const LEAST_KEY = 32

/** Looks at the file as written. */
export function anomalyContradictions(raw: unknown): readonly Finding[] {
  const at = (...path: (string | number)[]) => valueAt(raw, ['anomalies', ...path])
  const url = at('notify', 'webhook', 'url')
  const local = typeof url === 'string' && URL.canParse(url) && HERE.includes(new URL(url).hostname)
  const plain = typeof url === 'string' && /^http:/i.test(url)
  const email = at('notify', 'email')
  const asked = Array.isArray(email) && email.length > 0
  return [
    ...(plain && !(local && valueAt(raw, ['demo']) === true)
      ? [
          {
            path: ['anomalies', 'notify', 'webhook', 'url'],
            message:
              'must be https: over http anybody on the way reads what was found (http on this machine with `demo: true` only)',
          },
        ]
      : []),
    ...(asked && valueAt(raw, ['mail']) === undefined
      ? [
          {
            path: ['anomalies', 'notify', 'email'],
            message: 'are told by e-mail; write the section mail, or leave this out',
          },
        ]
      : []),
    ...(at('rules', 'travel', 'action') !== undefined &&
    at('rules', 'travel', 'action') !== 'off' &&
    at('places') === undefined
      ? [
          {
            path: ['anomalies', 'rules', 'travel'],
            message: 'knows no places; list them in anomalies.places, or leave this out',
          },
        ]
      : []),
    ...samePlaces(at('places')),
  ]
}

function samePlaces(places: unknown): readonly Finding[] {
  if (!Array.isArray(places)) return []
  const titles = places.map(place => valueAt(place, ['title']))
  return titles.flatMap((title, i): Finding[] => {
    const first = titles.indexOf(title)
    if (title === undefined || first === i) return []
    return [
      {
        path: ['anomalies', 'places', i, 'title'],
        message: `is taken by anomalies.places[${first}]; each needs one of its own`,
      },
    ]
  })
}

export interface AnomaliesReading {
  readonly webhookKey?: Buffer
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
}

const KEY_PATH = ['anomalies', 'notify', 'webhook', 'key']

export function readAnomalies({ anomalies }: Partial<Pick<Written, 'anomalies'>>, sources: Sources): AnomaliesReading {
  const place = anomalies?.notify.webhook?.key
  if (!place) return { findings: [], warnings: [] }
  const ref = secretRef(place)
  const warnings =
    'file' in ref && isReadableByAll(ref.file, sources)
      ? [
          {
            path: KEY_PATH,
            message: `everybody on this machine may read ${ref.file}; change it: chmod 600 ${ref.file}`,
          },
        ]
      : []
  try {
    const octets = readSecret(ref, sources)
    // what editors and `openssl rand -hex` put at the end belongs to no key
    const webhookKey = octets.at(-1) === 0x0a ? octets.subarray(0, octets.at(-2) === 0x0d ? -2 : -1) : octets
    const findings =
      webhookKey.length < LEAST_KEY
        ? [{ path: KEY_PATH, message: `must be at least ${LEAST_KEY} bytes; make one: openssl rand -hex 32` }]
        : []
    return { webhookKey, findings, warnings }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { findings: [{ path: KEY_PATH, message: error.message }], warnings }
  }
}
