/** The metadata files of IdPs: that they are there, and what is wrong inside of them, with their own lines. Fetches nothing. */
import { resolve } from 'node:path'
import type { Instant } from '../base/clock.js'
import { checkMetadata, MetadataError, readIdpMetadata } from '../saml/metadata.js'
import { openMetadata } from '../saml/metadata-document.js'
import type { Finding as MetadataFinding } from '../saml/metadata-finding.js'
import type { TrustedKey } from '../saml/trust.js'
import { type Finding, valueAt } from './explain.js'
import type { KnownIdps } from './journal-idps.js'
import { readSigners } from './key-material.js'
import type { Problem } from './problems.js'
import { readNamedFile, type Sources } from './read-file.js'
import { isRemote, milliseconds } from './values.js'

/** Octets of one source: a federation of thousands has some 50 MiB. */
const LARGEST_METADATA = 64 * 1024 * 1024
const USUAL_SKEW = 180_000
const SIGNED_FOR_AT_MOST = '30d'

/** One entry of `identityProviders`, as far as it could be read. */
export interface ReadEntry {
  /** Text and whole path of a file; absent for an address, and where the file cannot be read. */
  readonly file?: { readonly xml: string; readonly path: string }
  /** Keys of `signedBy`. */
  readonly signers: readonly TrustedKey[]
}

export interface MetadataReading {
  /** In the order of `identityProviders`. */
  readonly entries: readonly ReadEntry[]
  /** Wrong in bridge.yaml: the name of a file. */
  readonly findings: readonly Finding[]
  /** Wrong in the metadata files. */
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  /** Absent while something is wrong. */
  readonly known?: KnownIdps
}

interface Named extends ReadEntry {
  readonly metadata: string
  /** Of `entityId`, one or several. */
  readonly wanted?: readonly string[]
  readonly longest?: number
  readonly whenExpired: 'refuse' | 'take'
}

export function readMetadata(raw: unknown, sources: Sources, at: Instant): MetadataReading {
  const written = valueAt(raw, ['identityProviders'])
  const findings: Finding[] = []
  const entries = (Array.isArray(written) ? written : []).map((idp, i) => readEntry(idp, i, sources, findings))
  const clockSkew = valueAt(raw, ['clockSkew'])
  const skew = (typeof clockSkew === 'string' ? milliseconds(clockSkew) : undefined) ?? USUAL_SKEW
  const told = entries.flatMap(entry => (entry.file ? judge(entry, entry.file.xml, { at, skew }) : []))
  const problems = told.filter(({ severity }) => severity === 'error').map(({ problem }) => problem)
  const warnings = told.filter(({ severity }) => severity === 'warning').map(({ problem }) => problem)
  if (problems.length > 0) return { entries, findings, problems, warnings }
  const names = entries.map(namesIn)
  const known = { names: new Set(names.flat()), complete: entries.every(({ file, wanted }) => file ?? wanted) }
  return {
    entries,
    findings: [...findings, ...sameIdp(names)],
    problems,
    warnings,
    ...(findings.length === 0 && { known }),
  }
}

/** How far ahead validUntil may lie; undefined when it is not even asked for. */
export function longestValidity({
  maxValidity,
  signedBy,
}: {
  readonly maxValidity?: number | 'none'
  readonly signedBy?: string
}): number | undefined {
  if (maxValidity === 'none') return undefined
  return maxValidity ?? (signedBy === undefined ? undefined : milliseconds(SIGNED_FOR_AT_MOST))
}

function readEntry(idp: unknown, i: number, sources: Sources, findings: Finding[]): Named {
  const text = (key: string): string | undefined => {
    const value = valueAt(idp, [key])
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const attempt = <T>(key: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      findings.push({ path: ['identityProviders', i, key], message: error.message })
      return undefined
    }
  }
  const metadata = text('metadata') ?? ''
  const [signedBy, maxValidity] = [text('signedBy'), text('maxValidity')]
  const named = [valueAt(idp, ['entityId'])].flat().filter(each => typeof each === 'string')
  const longest = longestValidity({
    ...(signedBy !== undefined && { signedBy }),
    ...(maxValidity !== undefined && { maxValidity: milliseconds(maxValidity) ?? 'none' }),
  })
  const file =
    metadata === '' || isRemote(metadata)
      ? undefined
      : attempt('metadata', () => ({
          xml: readText(metadata, sources),
          path: resolve(sources.folder, metadata),
        }))
  const signers =
    signedBy === undefined ? [] : (attempt('signedBy', () => readSigners(readNamedFile(signedBy, sources))) ?? [])
  return {
    metadata,
    signers,
    whenExpired: (text('whenExpired') ?? (signedBy === undefined ? 'warn' : 'refuse')) === 'warn' ? 'take' : 'refuse',
    ...(file && { file }),
    ...(named.length > 0 && { wanted: named }),
    ...(longest !== undefined && { longest }),
  }
}

function readText(path: string, sources: Sources): string {
  const octets = octetsOf(path, sources)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    throw new RangeError(`${path} is not UTF-8 text; ask the IdP for its metadata in UTF-8`)
  }
}

function octetsOf(path: string, sources: Sources): Buffer {
  try {
    return readNamedFile(path, sources, LARGEST_METADATA)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RangeError(`${error.message}. Put the metadata there that the IdP published or sent you`, {
      cause: error,
    })
  }
}

interface Told {
  readonly severity: MetadataFinding['severity']
  readonly problem: Problem
}

function judge(entry: Named, xml: string, when: { readonly at: Instant; readonly skew: number }): Told[] {
  const found = findingsIn(entry, xml, when)
  return found.map(({ severity, line, what, fix }) => ({
    severity,
    problem: { file: entry.metadata, line: line ?? 1, path: '', message: `${what}; ${fix}` },
  }))
}

/** A plain file is looked at as a whole, with its lines; a signed one, or a federation, entity by entity. */
function findingsIn(
  { wanted, signers, longest, whenExpired }: Named,
  xml: string,
  { at, skew }: { readonly at: Instant; readonly skew: number },
): MetadataFinding[] {
  const several = wanted !== undefined && wanted.length > 1
  if (signers.length === 0 && longest === undefined && !several)
    return checkMetadata(xml, { at, ...(wanted && { entityId: wanted[0]! }) })
  try {
    const document = openMetadata(xml, {
      signers,
      skew,
      at,
      past: whenExpired,
      ...(longest !== undefined && { longest }),
    })
    return (wanted ?? document.idps()).flatMap(entityId => {
      const entity = document.take(entityId)
      return entity ? checkMetadata(entity.xml, { at }) : [absent(entityId)]
    })
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error
    return [...error.problems]
  }
}

const absent = (entityId: string): MetadataFinding => ({
  severity: 'error',
  code: 'which-entity',
  what: `the file holds no entity "${entityId}", or it stands there twice`,
  fix: 'correct entityId, or fetch the current file',
})

/** Two entries may hold the same IdP: then nobody could say whose settings count. */
function sameIdp(names: readonly (readonly string[])[]): readonly Finding[] {
  const seen = new Map<string, number>()
  return names.flatMap((held, i): Finding[] =>
    held.flatMap((name): Finding[] => {
      const first = seen.get(name)
      if (first === undefined) seen.set(name, i)
      if (first === undefined || first === i) return []
      const message = `holds the IdP of identityProviders[${first}] again (${name}); remove one of the two`
      return [{ path: ['identityProviders', i, 'metadata'], message }]
    }),
  )
}

/** entityIDs, of metadata in which nothing is wrong; what an address without entityId will say nobody knows yet. */
function namesIn({ file, wanted }: Named): readonly string[] {
  if (wanted || !file) return wanted ?? []
  const careful = { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false } as const
  return [readIdpMetadata(file.xml, careful).entityId]
}
