/** By which rules check-metadata judges signature and validUntil: those of the settings, or what holds where they say nothing. */
import { dirname, resolve } from 'node:path'
import { longestValidity } from '../settings/idp-metadata.js'
import { readSigners } from '../settings/key-material.js'
import { readSettings } from '../settings/read.js'
import type { IdpSettings, Settings } from '../settings/settings.js'
import { isRemote } from '../settings/values.js'
import type { DocumentRules } from '../saml/metadata-document.js'
import { UnusableInput, type Desk } from './desk.js'
import { readInput, readTextInput } from './input.js'
import { oneLine } from './printable.js'

export interface RuleFlags {
  readonly config?: string
  readonly entityId?: string
  readonly signedBy?: string
}

export interface PinnedRules {
  readonly rules: Omit<DocumentRules, 'at'>
  /** Where they come from, for people. */
  readonly origin: string
}

/** Milliseconds; as `clockSkew` where the settings say nothing. */
const USUAL_SKEW = 180_000

/**
 * @param file as the command names it
 * @returns undefined when neither the flags nor the settings pin anything
 * @throws UnusableInput, SettingsError
 */
export async function pinnedRules(desk: Desk, file: string, flags: RuleFlags): Promise<PinnedRules | undefined> {
  const { config, signedBy } = flags
  const settings = config === undefined ? undefined : readSettings(await readTextInput(desk, config), { file: config })
  const at = settings ? entryFor(settings, file, flags) : -1
  const entry = settings?.identityProviders[at]
  const pin = signedBy ?? (entry?.signedBy && resolve(dirname(resolve(config!)), entry.signedBy))
  const longest = longestValidity({ ...entry, ...(pin !== undefined && { signedBy: pin }) })
  if (pin === undefined && longest === undefined) return undefined
  const origin =
    config === undefined
      ? 'what holds where the settings say nothing; --config takes yours'
      : `${oneLine(config)}, ${entry ? `identityProviders[${at}]` : 'which name no such metadata: but for clockSkew, what holds where they say nothing'}`
  return {
    rules: {
      signers: pin === undefined ? [] : signersIn(await readInput(desk, pin), pin),
      past: pastOf(entry, pin),
      skew: settings?.clockSkew ?? USUAL_SKEW,
      ...(longest !== undefined && { longest }),
    },
    origin,
  }
}

/** As the settings have it: an unsigned file is only warned of. */
function pastOf(entry: IdpSettings | undefined, pin: string | undefined): DocumentRules['past'] {
  const unsigned = pin === undefined && entry !== undefined && !isRemote(entry.metadata) ? 'warn' : 'refuse'
  return (entry?.whenExpired ?? unsigned) === 'warn' ? 'take' : 'refuse'
}

/**
 * The entry that names this file or address; else the only one with this entityID; else the only one with this certificate.
 *
 * @returns -1 when there is none, or nobody can say which
 */
function entryFor({ identityProviders }: Settings, file: string, { config, entityId, signedBy }: RuleFlags): number {
  const folder = dirname(resolve(config!))
  const whole = (path: string, from = '.') => (isRemote(path) ? path : resolve(from, path))
  const same: readonly ((idp: IdpSettings) => boolean)[] = [
    idp => whole(idp.metadata, folder) === whole(file),
    idp => entityId !== undefined && [idp.entityId].flat().includes(entityId),
    idp => signedBy !== undefined && idp.signedBy !== undefined && whole(idp.signedBy, folder) === whole(signedBy),
  ]
  for (const test of same) {
    const found = identityProviders.flatMap((idp, i) => (test(idp) ? [i] : []))
    if (found.length === 1) return found[0]!
  }
  return -1
}

function signersIn(octets: Buffer, file: string): ReturnType<typeof readSigners> {
  try {
    return readSigners(octets)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UnusableInput(`${file} ${error.message}.`, { cause: error })
  }
}

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const

/** Milliseconds as the settings write them: `30d`. */
function written(ms: number): string {
  const [unit, size] = Object.entries(UNITS).find(([, each]) => ms % each === 0) ?? ['s', UNITS.s]
  return `${ms / size}${unit}`
}

/** The settings by which was judged, under their own names. */
export const shownRules = ({ rules: { longest, skew, past } }: PinnedRules) => ({
  maxValidity: longest === undefined ? 'none' : written(longest),
  clockSkew: `${skew / UNITS.s}s`,
  whenExpired: past === 'take' ? 'warn' : 'refuse',
})
