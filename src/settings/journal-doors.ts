import { systemChance } from '../base/chance.js'
import { systemClock } from '../base/clock.js'
import type { SecretRef } from '../journals/connector.js'
import { kinds } from '../journals/kinds.js'
import { type Finding, valueAt } from './explain.js'
import { readSecret, type Sources } from './read-file.js'
import type { Secrets } from './secrets.js'
import type { Settings } from './settings.js'

/** That a journal's secret is there can be said even when something else in the file is wrong. */
export function missingJournalSecrets(raw: unknown, sources: Sources): readonly Finding[] {
  const journals = valueAt(raw, ['journals'])
  return (Array.isArray(journals) ? journals : []).flatMap((journal, i) =>
    Object.entries(valueAt(journal, ['connector']) ?? {}).flatMap(([key, value]): Finding[] => {
      if (!isSecretRef(value)) return []
      try {
        readSecret(value, sources)
        return []
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        return [{ path: ['journals', i, 'connector', key], message: error.message }]
      }
    }),
  )
}

function isSecretRef(value: unknown): value is SecretRef {
  if (typeof value !== 'object' || value === null) return false
  const [[key, name] = []] = Object.entries(value)
  return (key === 'file' || key === 'env') && typeof name === 'string' && name !== ''
}

/** Opens every journal's door once, as compose will: only the connector knows whether its key is good enough. */
export function shutDoors({ journals, publicUrl }: Settings, { tokens, secret }: Secrets): readonly Finding[] {
  const tools = { issuer: publicUrl, clock: systemClock, chance: systemChance, tokenKeys: tokens, secret }
  return journals.flatMap(({ journal, connector }, i): Finding[] => {
    try {
      kinds.get(connector.kind)!.open(connector.block, { ...tools, journal })
      return []
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return [{ path: ['journals', i, 'connector'], message: error.message }]
    }
  })
}
