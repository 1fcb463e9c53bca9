import type { SecretRef } from '../journals/connector.js'
import type { Path } from './problems.js'
import { readNamedFile, type Sources } from './read-file.js'
import type { Written } from './schema.js'
import { secretRef } from './schema-secrets.js'

/** What a server that keeps records asks for, and by what we know it. */
export interface DatabaseSecrets {
  readonly password?: string
  /** PEM. */
  readonly ca?: string
}

type Server = Pick<NonNullable<Written['storage']['postgres']>, 'password' | 'ca'>

interface Tools {
  readonly attempt: <T>(path: Path, read: () => T) => T | undefined
  readonly octets: (path: Path, ref: SecretRef) => Buffer
  readonly sources: Sources
}

export function readDatabaseSecrets(
  which: 'postgres' | 'redis',
  named: Server | undefined,
  { attempt, octets, sources }: Tools,
): DatabaseSecrets {
  const path = ['storage', which]
  const { password: place, ca: file } = named ?? {}
  const password =
    place && attempt([...path, 'password'], () => oneLine(octets([...path, 'password'], secretRef(place))))
  const ca = file === undefined ? undefined : attempt([...path, 'ca'], () => readPem(file, sources))
  return { ...(password !== undefined && { password }), ...(ca !== undefined && { ca }) }
}

/** Editors put a line end behind what was typed. */
export const oneLine = (octets: Buffer): string => octets.toString('utf8').replace(/\r?\n$/, '')

function readPem(file: string, sources: Sources): string {
  const text = readNamedFile(file, sources).toString('utf8')
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new RangeError(`${file} holds no certificate in PEM`)
  return text
}
