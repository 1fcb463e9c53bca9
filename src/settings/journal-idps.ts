import type { Finding } from './explain.js'
import { valueAt } from './explain.js'

/** entityIDs of the IdPs in the settings. */
export interface KnownIdps {
  readonly names: ReadonlySet<string>
  /** False where an address without entityId may bring others that nobody knows yet. */
  readonly complete: boolean
}

/** Journals that admit an IdP which is not there: nobody could ever enter them through it. */
export function unknownIdps(raw: unknown, { names, complete }: KnownIdps): readonly Finding[] {
  const journals = valueAt(raw, ['journals'])
  const fix = complete
    ? `take one of ${[...names].join(', ')}`
    : 'name it as entityId beside its address in identityProviders, so that this can be checked'
  return (Array.isArray(journals) ? journals : []).flatMap((journal, i) => {
    const written = valueAt(journal, ['identityProvider'])
    const list = Array.isArray(written)
    return [written].flat().flatMap((name, j): Finding[] => {
      if (typeof name !== 'string' || names.has(name)) return []
      const path = ['journals', i, 'identityProvider', ...(list ? [j] : [])]
      return [{ path, message: `names an IdP that no metadata here is known to hold (${name}); ${fix}` }]
    })
  })
}
