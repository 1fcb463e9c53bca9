/** Reads every secret and key that bridge.yaml names, once, and collects what is wrong with them. */
import type { SecretRef, TokenKey } from '../journals/connector.js'
import { readDatabaseSecrets, oneLine, type DatabaseSecrets } from './database-secrets.js'
import type { Finding } from './explain.js'
import { currentOf, dayOf, type KeyUse, type OwnKey, stateOf } from './key-states.js'
import { readCertificates, readKey32, readSamlKey, readSessionSecret, readTokenKey, sameKey } from './key-material.js'
import type { Path } from './problems.js'
import { isReadableByAll, readNamedFile, readSecret, type Sources } from './read-file.js'
import type { Written } from './schema.js'
import { secretRef } from './schema-secrets.js'

/** A symmetric key of 32 octets with the name that is written beside what it made. */
export interface NamedKey {
  readonly id: string
  readonly key: Buffer
}

/** Of each list the first is used, all are accepted. */
export interface Secrets {
  /** Base64 text of at least 32 octets each. */
  readonly session: readonly string[]
  readonly lookup: readonly NamedKey[]
  readonly data: readonly NamedKey[]
  readonly tokens: readonly TokenKey[]
  /** The current one first. */
  readonly signing: readonly OwnKey[]
  readonly decryption: readonly OwnKey[]
  readonly database: DatabaseSecrets
  readonly shortLived: DatabaseSecrets
  /** A journal's own secret. @throws RangeError that names what is missing */
  readonly secret: (ref: SecretRef) => Buffer
}

/** The parts of the file that name secrets; a part that is wrong in itself is left out, the others are still looked at. */
export interface NamesSecrets {
  readonly secrets?: Written['secrets'] | undefined
  readonly signing?: Written['serviceProvider']['signing'] | undefined
  readonly decryption?: Written['serviceProvider']['decryption'] | undefined
  readonly postgres?: Written['storage']['postgres'] | undefined
  readonly redis?: Written['storage']['redis'] | undefined
}

export interface SecretsReading {
  readonly secrets: Secrets
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
}

/** Runs one piece of reading; what it complains about is noted under its place in the file. */
type Attempt = <T>(path: Path, read: () => T) => T | undefined

export function readSecrets(named: NamesSecrets, sources: Sources): SecretsReading {
  const findings: Finding[] = []
  const warnings: Finding[] = []
  const attempt: Attempt = (path, read) => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      findings.push({ path, message: withFix(error.message) })
      return undefined
    }
  }
  const octets = (path: Path, ref: SecretRef): Buffer => {
    if ('file' in ref) warnings.push(...readableByAll(path, ref.file, sources))
    return readSecret(ref, sources)
  }
  const keys = <T>(kind: 'lookup' | 'data' | 'tokens', read: (found: Buffer, id: string) => T): readonly T[] =>
    (named.secrets?.[kind] ?? []).flatMap((entry, i) => {
      const path = ['secrets', kind, i]
      return attempt(path, () => read(octets(path, secretRef(entry)), entry.id)) ?? []
    })
  const pairs = (kind: KeyUse): readonly OwnKey[] => {
    const list = named[kind] ?? []
    const current = currentOf(list)
    const order = [...list.keys()].sort((one, other) => Number(other === current) - Number(one === current))
    return order.flatMap(
      i => readPair(list, i, ['serviceProvider', kind, i], { attempt, octets, sources, warnings }) ?? [],
    )
  }
  const secrets: Secrets = {
    session: (named.secrets?.session ?? []).flatMap((entry, i) => {
      const path = ['secrets', 'session', i]
      return attempt(path, () => readSessionSecret(octets(path, secretRef(entry)))) ?? []
    }),
    lookup: keys('lookup', (found, id) => ({ id, key: readKey32(found) })),
    data: keys('data', (found, id) => ({ id, key: readKey32(found) })),
    tokens: keys('tokens', (found, id) => ({ id, privateKey: readTokenKey(found) })),
    signing: pairs('signing'),
    decryption: pairs('decryption'),
    database: readDatabaseSecrets('postgres', named.postgres, { attempt, octets, sources }),
    shortLived: readDatabaseSecrets('redis', named.redis, { attempt, octets, sources }),
    secret: ref => readSecret(ref, sources),
  }
  return { secrets, findings: [...findings, ...usedTwice(secrets)], warnings }
}

type Pairs = NonNullable<NamesSecrets['signing']>

interface PairTools {
  readonly attempt: Attempt
  readonly octets: (path: Path, ref: SecretRef) => Buffer
  readonly sources: Sources
  readonly warnings: Finding[]
}

function readPair(list: Pairs, index: number, path: Path, tools: PairTools): OwnKey | undefined {
  const { attempt, sources, warnings } = tools
  const pair = list[index]!
  const certFile = pair.cert ?? pair.key
  const certPath = [...path, pair.cert === undefined ? 'key' : 'cert']
  warnings.push(...readableByAll([...path, 'key'], pair.key, sources))
  const password = readPassword(pair, path, tools)
  if (password === null) return undefined
  const privateKey = attempt([...path, 'key'], () => readSamlKey(readNamedFile(pair.key, sources), password))
  const found = attempt(certPath, () => readCertificates(readNamedFile(certFile, sources), password))
  if (!privateKey || !found) return undefined
  return attempt(certPath, () => {
    const certificate = found.find(({ publicKey }) => sameKey(publicKey, privateKey))
    if (!certificate)
      throw new RangeError(`${certFile} belongs to another key than ${pair.key}; name the two that were made together`)
    const until = pair.until === undefined ? undefined : dayOf(pair.until)
    const state = stateOf(list, index)
    return {
      privateKey,
      certificatePem: certificate.toString(),
      state,
      index,
      certificateEnds: Date.parse(certificate.validTo),
      ...(pair.from !== undefined && { from: dayOf(pair.from) }),
      ...(until !== undefined && { until }),
      ...(until !== undefined && state === 'retired' && { publishedUntil: until }),
    }
  })
}

/** @returns null when there is one and it cannot be read */
function readPassword(pair: Pairs[number], path: Path, { attempt, octets }: PairTools): string | undefined | null {
  const { passphrase } = pair
  if (passphrase === undefined) return undefined
  const read = () => oneLine(octets([...path, 'passphrase'], secretRef(passphrase)))
  return attempt([...path, 'passphrase'], read) ?? null
}

const withFix = (message: string): string =>
  message.endsWith('does not exist')
    ? `${message}. Make the missing keys and certificates: npx --no-install bridge make-certs`
    : message

function readableByAll(path: Path, file: string, sources: Sources): readonly Finding[] {
  if (!isReadableByAll(file, sources)) return []
  return [{ path, message: `everybody on this machine may read ${file}; change it: chmod 600 ${file}` }]
}

/** One key for two purposes takes both with it when it is lost. */
function usedTwice({ lookup, data, tokens, signing, decryption }: Secrets): readonly Finding[] {
  const shared = lookup.findIndex(one => data.some(other => one.key.equals(other.key)))
  const saml = [...signing, ...decryption]
  const borrowed = tokens.findIndex(token => saml.some(pair => sameKey(token.privateKey, pair.privateKey)))
  return [
    ...(shared < 0 ? [] : [{ path: ['secrets', 'lookup', shared], message: 'is the same key as one of secrets.data' }]),
    ...(borrowed < 0
      ? []
      : [
          {
            path: ['secrets', 'tokens', borrowed],
            message: 'is the same key as one of serviceProvider; make another one',
          },
        ]),
  ]
}
