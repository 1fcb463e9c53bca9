/** Reads every secret and key that bridge.yaml names, once, and collects what is wrong with them. */
import type { SecretRef, TokenKey } from '../journals/connector.js'
import type { SpKey } from '../saml/trust.js'
import type { Finding } from './explain.js'
import { readCertificate, readKey32, readSamlKey, readSessionSecret, readTokenKey, sameKey } from './key-material.js'
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
  readonly signing: readonly SpKey[]
  readonly decryption: readonly SpKey[]
  /** A journal's own secret. @throws RangeError that names what is missing */
  readonly secret: (ref: SecretRef) => Buffer
}

/** The parts of the file that name secrets; a part that is wrong in itself is left out, the others are still looked at. */
export interface NamesSecrets {
  readonly secrets?: Written['secrets'] | undefined
  readonly signing?: Written['serviceProvider']['signing'] | undefined
  readonly decryption?: Written['serviceProvider']['decryption'] | undefined
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
  const pairs = (kind: 'signing' | 'decryption'): readonly SpKey[] =>
    (named[kind] ?? []).flatMap(
      (pair, i) => readPair(pair, ['serviceProvider', kind, i], { attempt, sources, warnings }) ?? [],
    )
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
    secret: ref => readSecret(ref, sources),
  }
  return { secrets, findings: [...findings, ...usedTwice(secrets)], warnings }
}

interface PairTools {
  readonly attempt: Attempt
  readonly sources: Sources
  readonly warnings: Finding[]
}

function readPair(
  pair: { readonly key: string; readonly cert: string },
  path: Path,
  { attempt, sources, warnings }: PairTools,
): SpKey | undefined {
  warnings.push(...readableByAll([...path, 'key'], pair.key, sources))
  const privateKey = attempt([...path, 'key'], () => readSamlKey(readNamedFile(pair.key, sources)))
  const certificate = attempt([...path, 'cert'], () => readCertificate(readNamedFile(pair.cert, sources)))
  if (!privateKey || !certificate) return undefined
  return attempt([...path, 'cert'], () => {
    if (!sameKey(certificate.publicKey, privateKey)) {
      throw new RangeError(`${pair.cert} belongs to another key than ${pair.key}; name the two that were made together`)
    }
    return { privateKey, certificatePem: certificate.toString() }
  })
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
