import { systemChance } from '../base/chance.js'
import { systemClock } from '../base/clock.js'
import type { SecretRef } from '../journals/connector.js'
import { kinds } from '../journals/kinds.js'
import { openNewAccounts } from '../journals/new-account.js'
import { openOldLogin } from '../journals/old-login.js'
import { type Finding, valueAt } from './explain.js'
import type { Path } from './problems.js'
import { readSecret, type Sources } from './read-file.js'
import type { Secrets } from './secrets.js'
import type { Settings } from './settings.js'

/** That a journal's secret is there can be said even when something else in the file is wrong. */
export function missingJournalSecrets(raw: unknown, sources: Sources): readonly Finding[] {
  const journals = valueAt(raw, ['journals'])
  return (Array.isArray(journals) ? journals : []).flatMap((journal, i) =>
    withSecrets
      .flatMap(block => secretsIn(valueAt(journal, [block]), [block]))
      .flatMap(({ at, ref }): Finding[] => {
        try {
          readSecret(ref, sources)
          return []
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
          return [{ path: ['journals', i, ...at], message: error.message }]
        }
      }),
  )
}

/** Of a journal. */
const withSecrets = ['connector', 'oldLogin', 'createAccounts'] as const

/** Every secret that a block names, and where: alone, or in a list of keys. */
function secretsIn(value: unknown, at: Path = []): readonly { readonly at: Path; readonly ref: SecretRef }[] {
  if (isSecretRef(value)) return [{ at, ref: value }]
  if (typeof value !== 'object' || value === null) return []
  const inside: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((each, i) => [i, each] as const)
    : Object.entries(value)
  return inside.flatMap(([key, each]) => secretsIn(each, [...at, key]))
}

function isSecretRef(value: unknown): value is SecretRef {
  if (typeof value !== 'object' || value === null) return false
  const { id, ...ref } = value as { id?: unknown }
  const [[key, name] = [], ...more] = Object.entries(ref)
  const named = (key === 'file' || key === 'env') && typeof name === 'string' && name !== ''
  return named && more.length === 0 && (id === undefined || typeof id === 'string')
}

/** Opens every journal's door once, as compose will: only the connector knows whether its key is good enough. */
export function shutDoors({ journals, publicUrl }: Settings, { tokens, secret }: Secrets): readonly Finding[] {
  const tools = { issuer: publicUrl, clock: systemClock, chance: systemChance, tokenKeys: tokens, secret }
  return journals.flatMap(({ journal, connector, oldLogin, createAccounts }, i): Finding[] => [
    ...complaintOf(['journals', i, 'connector'], () =>
      kinds.get(connector.kind)!.open(connector.block, { ...tools, journal }),
    ),
    ...complaintOf(['journals', i, 'oldLogin'], () => oldLogin && openOldLogin(oldLogin, { ...tools, journal })),
    ...complaintOf(
      ['journals', i, 'createAccounts'],
      () => createAccounts && openNewAccounts(createAccounts, { ...tools, journal }),
    ),
  ])
}

function complaintOf(path: Path, open: () => unknown): readonly Finding[] {
  try {
    open()
    return []
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [{ path, message: error.message }]
  }
}
