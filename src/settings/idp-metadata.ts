/** The metadata files of IdPs: that they are there, and what is wrong inside of them, with their own lines. */
import type { Instant } from '../base/clock.js'
import { checkMetadata, readIdpMetadata } from '../saml/metadata.js'
import { type Finding, valueAt } from './explain.js'
import type { Problem } from './problems.js'
import { readNamedFile, type Sources } from './read-file.js'

export interface MetadataReading {
  /** In the order of `identityProviders`; empty text where a file cannot be read. */
  readonly texts: readonly string[]
  /** Wrong in bridge.yaml: the name of the file. */
  readonly findings: readonly Finding[]
  /** Wrong in the metadata files. */
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

interface Named {
  readonly path: string
  readonly entityId?: string
  readonly xml: string
}

export function readMetadata(raw: unknown, sources: Sources, now: Instant): MetadataReading {
  const written = valueAt(raw, ['identityProviders'])
  const findings: Finding[] = []
  const files = (Array.isArray(written) ? written : []).map((idp, i): Named => {
    const path = valueAt(idp, ['metadata'])
    const entityId = valueAt(idp, ['entityId'])
    if (typeof path !== 'string' || path === '') return { path: '', xml: '' }
    try {
      const xml = readText(path, sources)
      return { path, xml, ...(typeof entityId === 'string' && { entityId }) }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      findings.push({ path: ['identityProviders', i, 'metadata'], message: error.message })
      return { path, xml: '' }
    }
  })
  const told = files.filter(({ xml }) => xml !== '').flatMap(file => judge(file, now))
  const problems = told.filter(({ severity }) => severity === 'error').map(({ problem }) => problem)
  const warnings = told.filter(({ severity }) => severity === 'warning').map(({ problem }) => problem)
  const texts = files.map(({ xml }) => xml)
  if (problems.length > 0) return { texts, findings, problems, warnings }
  return { texts, findings: [...findings, ...sameIdp(files)], problems, warnings }
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
    return readNamedFile(path, sources)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RangeError(`${error.message}. Put the metadata there that the IdP published or sent you`, {
      cause: error,
    })
  }
}

const judge = ({ path, xml, entityId }: Named, at: Instant) =>
  checkMetadata(xml, { at, ...(entityId !== undefined && { entityId }) }).map(({ severity, line, what, fix }) => ({
    severity,
    problem: { file: path, line: line ?? 1, path: '', message: `${what}; ${fix}` } satisfies Problem,
  }))

/** Two files may hold the same IdP: then nobody could say whose settings count. */
function sameIdp(files: readonly Named[]): readonly Finding[] {
  const names = files.map(({ xml, entityId }) => (xml === '' ? undefined : entityIdOf(xml, entityId)))
  return names.flatMap((name, i): Finding[] => {
    const first = names.indexOf(name)
    if (name === undefined || first === i) return []
    const message = `holds the IdP of identityProviders[${first}] again (${name}); remove one of the two`
    return [{ path: ['identityProviders', i, 'metadata'], message }]
  })
}

/** Of metadata in which nothing is wrong. */
function entityIdOf(xml: string, entityId: string | undefined): string {
  const careful = { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false } as const
  return readIdpMetadata(xml, { ...careful, ...(entityId !== undefined && { entityId }) }).entityId
}
