import type { RuleName } from '../words/watched.js'
import type { ListedPlace } from './places.js'
import type { RuleTerms } from './rules.js'

/** What the settings say about the watch. */
export interface WatchTerms {
  readonly rules: Readonly<Record<RuleName, RuleTerms>>
  /** Milliseconds a lock stands. */
  readonly lockFor: number
  /** Milliseconds after which the administration is told again of what goes on. */
  readonly repeatAfter: number
  readonly schoolNetworks: readonly string[]
  readonly places: readonly ListedPlace[]
  /** Absent: pages show none by themselves. */
  readonly banner?: BannerTerms
  readonly notify: WatchNotify
}

export interface BannerTerms {
  /** From so many networks the same trouble must be met. */
  readonly networks: number
  readonly within: number
}

export interface WatchNotify {
  readonly email: readonly string[]
  readonly webhook?: { readonly url: string; readonly key: Buffer }
}
