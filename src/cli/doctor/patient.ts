import type { Configuration } from '../../settings/configuration.js'
import type { Instant } from '../../base/clock.js'
import type { Trust } from '../../saml/trust.js'
import type { Language } from '../language.js'
import type { Network } from '../network.js'

/** What doctor looks at. */
export interface Patient {
  readonly configuration: Configuration
  /** The settings file, as it was named. */
  readonly file: string
  readonly network: Network
  readonly now: Instant
  /** With the copies of fetched metadata; without it only the files count, as when the database cannot be opened. */
  readonly trust?: Trust
}

/** A sentence in every language that can be chosen: one that lacks a language does not compile. */
export type Said = Readonly<Record<Language, string>>

/** What is typed or looked up as it stands: a command, the name of a page. */
export const verbatim = (text: string): Said => ({ en: text, ru: text })

/** Inside of a Russian sentence: what another room says, which speaks English only. */
export const quoted = (english: string): string => `по-английски: «${english}»`

const FORMS = new Intl.PluralRules('ru')

/** `1 день`, `2 дня`, `5 дней`. */
export function countedInRussian(count: number, one: string, few: string, many: string): string {
  const form = FORMS.select(count)
  return `${count} ${form === 'one' ? one : form === 'few' ? few : many}`
}

/**
 * One thing that was looked at. Green needs nothing; yellow should be mended; with red people cannot sign in; what was
 * skipped could not be looked at, and `what` says why.
 */
export interface Remark {
  readonly light: 'green' | 'yellow' | 'red' | 'skipped'
  /** Of a closed list, for programs. */
  readonly check:
    | 'settings' | 'node' | 'language' | 'name' | 'address' | 'tls' | 'itself' | 'redirect' | 'proxy' | 'clock'
    | 'metadata' | 'keys' | 'database' | 'redis' | 'disk' | 'idp' | 'journal' | 'mail' | 'sms' | 'watch' // prettier-ignore
  readonly what: Said
  /** What to do. */
  readonly fix?: Said
}

export const green = (check: Remark['check'], what: Said): Remark => ({ light: 'green', check, what })
export const yellow = (check: Remark['check'], what: Said, fix: Said): Remark => ({
  light: 'yellow',
  check,
  what,
  fix,
})
export const red = (check: Remark['check'], what: Said, fix: Said): Remark => ({ light: 'red', check, what, fix })
export const skipped = (check: Remark['check'], what: Said): Remark => ({ light: 'skipped', check, what })
