/** Sources that are files: whoever may change them decides, so a changed file counts as soon as it can be used. */
import { readFile, stat } from 'node:fs/promises'
import type { Instant } from '../base/clock.js'
import { MetadataError, readIdpMetadata } from '../saml/metadata.js'
import type { TrustedIdp } from '../saml/trust.js'
import type { Source } from './ports.js'
import { readAside } from './aside.js'
import { readPublication, type Publication, type When } from './publication.js'

export interface KnownIdp {
  readonly idp: TrustedIdp
  readonly validUntil?: Instant
  readonly seenAt: Instant
}

export interface ReadFile {
  readonly idps: readonly KnownIdp[]
  /** Tells one state of the file from another without reading it. */
  readonly stamp?: string
  readonly staleSince?: Instant
  readonly problem?: string
}

/** @throws MetadataError */
export const idpsIn = (octets: Uint8Array, source: Source, when: When): readonly KnownIdp[] =>
  allKnown(readPublication(octets, source, when), source, when)

/** @throws MetadataError */
function allKnown({ entities, missing }: Publication, source: Source, when: When): readonly KnownIdp[] {
  const [problem] = missing
  if (problem !== undefined)
    throw new MetadataError([{ severity: 'error', code: 'which-entity', what: problem, fix: 'correct the settings' }])
  return entities.map(({ xml, validUntil }) => knownIdp(xml, validUntil, when.at, source))
}

/** @throws MetadataError */
export function knownIdp(xml: string, validUntil: Instant | undefined, seenAt: Instant, source: Source): KnownIdp {
  const idp = readIdpMetadata(xml, source.idp)
  const ends = source.whenExpired === 'refuse' && validUntil !== undefined
  return {
    idp: ends ? { ...idp, usableUntil: validUntil } : idp,
    seenAt,
    ...(validUntil !== undefined && { validUntil }),
  }
}

/** Looks whether the file changed; what cannot be used leaves everything as it was. */
export async function lookAgain(path: string, source: Source, known: ReadFile, when: When): Promise<ReadFile> {
  try {
    const { mtimeMs, size, ino } = await stat(path)
    const stamp = `${ino} ${mtimeMs} ${size}`
    if (stamp === known.stamp) return known
    const publication = await readAside(await readFile(path), source, when)
    return { idps: allKnown(publication, source, when), stamp }
  } catch (error) {
    const problem = error instanceof MetadataError ? error.problems[0]?.what : (error as NodeJS.ErrnoException).code
    if (problem === undefined) throw error
    return { ...known, problem, staleSince: known.staleSince ?? when.at }
  }
}
