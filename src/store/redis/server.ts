/** What a Redis or Valkey server must be, read from its own words (INFO), and what the operator can do about it. */
import type { ShortLivedAddress } from '../../base/short-lived-address.js'
import { StoreError, type StoreUnavailable } from '../store-error.js'

/** What INFO says of it. An entry is missing where the server keeps it to itself. */
export interface ServerFacts {
  /** Another one after every start of the server, and of another server. */
  readonly run?: string
  readonly version?: string
  readonly policy?: string
  readonly role?: string
  readonly cluster?: boolean
}

const OLDEST = [6, 2] as const

export function readInfo(text: string): ServerFacts {
  const all = new Map(
    text.split(/\r?\n/).map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
  const [run, version, policy, role] = ['run_id', 'redis_version', 'maxmemory_policy', 'role'].map(name =>
    all.get(name),
  )
  const cluster = all.get('cluster_enabled')
  return {
    ...(run !== undefined && { run }),
    ...(version !== undefined && { version }),
    ...(policy !== undefined && { policy }),
    ...(role !== undefined && { role }),
    ...(cluster !== undefined && { cluster: cluster === '1' }),
  }
}

/** @returns a sentence for the operator on why nothing may be kept there; undefined when all is well, as far as it says */
export function unfit({ version, policy, role, cluster }: ServerFacts): string | undefined {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  if (version !== undefined && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])))
    return `The server of storage.shortLived is Redis ${version}, older than 6.2. Install one that still gets security fixes, or Valkey.`
  if (policy !== undefined && policy !== 'noeviction')
    return `The server of storage.shortLived drops records when its memory is full (maxmemory-policy ${policy}), and a dropped one lets an answer of the IdP in twice. Set maxmemory-policy to noeviction.`
  if (role !== undefined && role !== 'master')
    return 'storage.shortLived names a server that only follows another one. Name the primary.'
  if (cluster === true)
    return 'storage.shortLived names a node of a cluster, which may hold only a part of the records. Name a server that holds all of them: one, or one with replicas.'
  return undefined
}

/** A password, a right or a certificate that is wrong does not get right by waiting. */
const LASTING = /NOAUTH|DENIED|WRONGPASS|NOPERM|CERT|SSL|TLS|SIGNATURE|ISSUER/

/** What the operator can do about a server that does not answer, or not as we need. */
export const notMet = (address: ShortLivedAddress, error: StoreUnavailable): StoreError =>
  new StoreError(unreachable(address, error), { cause: error, passes: !LASTING.test(error.reason) })

function unreachable({ host, port, tls }: ShortLivedAddress, { reason }: StoreUnavailable): string {
  const where = `${host}:${port}`
  if (/NOAUTH|WRONGPASS/.test(reason))
    return `The server of storage.shortLived at ${where} does not let us in (${reason}). Look at the user in storage.shortLived and at storage.redis.password.`
  if (reason.includes('NOPERM'))
    return `The server of storage.shortLived at ${where} forbids its user what we need (${reason}). Allow it every key that begins with bridge: and the commands of docs/redis.md.`
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(reason))
    return `The server of storage.shortLived at ${where} cannot be reached by TLS (${reason}). Name the certificate of its authority in storage.redis.ca, and the host as its certificate has it.`
  const secretly = tls ? '' : ' If it speaks TLS only, write rediss:// in place of redis://.'
  return `The server of storage.shortLived at ${where} does not answer (${reason}). Look whether it runs, whether it listens there, and whether storage.shortLived names it.${secretly}`
}
