/** The sections `mail` and `sms`, with the secrets that they name. */
import type { Gateways, SmsGateway, SmtpGateway } from '../words/gateways.js'
import { valueAt, type Finding } from './explain.js'
import type { Path } from './problems.js'
import { isReadableByAll, readNamedFile, readSecret, type Sources } from './read-file.js'
import type { Written } from './schema.js'
import { secretRef } from './schema-secrets.js'

const HERE = ['localhost', '127.0.0.1', '::1', '[::1]']

/** What no single setting can know; looks at the file as written. */
export function messageContradictions(raw: unknown): readonly Finding[] {
  const smtp = (key: string) => valueAt(raw, ['mail', 'smtp', key])
  const at = (path: Path, wrong: boolean, message: string): readonly Finding[] => (wrong ? [{ path, message }] : [])
  const url = valueAt(raw, ['sms', 'url'])
  const local = typeof url === 'string' && URL.canParse(url) && HERE.includes(new URL(url).hostname)
  const plain = typeof url === 'string' && /^http:/i.test(url)
  return [
    ...at(
      ['mail', 'smtp', 'security'],
      smtp('security') === 'none' && !HERE.includes(String(smtp('host'))),
      'none would send codes and passwords in clear over the network; write `tls` or `starttls`',
    ),
    ...withoutGateway(raw),
    ...at(
      ['notices'],
      valueAt(raw, ['mail']) === undefined &&
        Array.isArray(valueAt(raw, ['notices'])) &&
        valueAt(raw, ['notices', 0]) !== undefined,
      'are e-mails; write the section mail, or leave this out',
    ),
    ...at(
      ['sms', 'url'],
      plain && !(local && valueAt(raw, ['demo']) === true),
      'must be https: over http anybody on the way reads the codes (http on this machine with `demo: true` only)',
    ),
  ]
}

/** Nobody could confirm, and so nobody could enter. */
function withoutGateway(raw: unknown): readonly Finding[] {
  if (valueAt(raw, ['mail']) !== undefined || valueAt(raw, ['sms']) !== undefined) return []
  const asks = (path: Path): boolean => {
    const list = valueAt(raw, path)
    return Array.isArray(list) && list.length > 0
  }
  const schools = valueAt(raw, ['schools'])
  const places: readonly Path[] = [
    ['confirmation', 'ask'],
    ...(Array.isArray(schools) ? schools.map((_, i): Path => ['schools', i, 'confirm']) : []),
  ]
  const message = 'asks for codes that nothing could send; write the section mail or sms, or leave this out'
  return places.filter(asks).map(path => ({ path, message, example: 'mail: { from: …, smtp: { host: … } }' }))
}

export interface MessagesReading {
  readonly gateways: Gateways
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
}

/** Reads a secret of the settings, or notes under its place why not. */
type Read = (path: Path, read: () => Buffer) => string | undefined

export function readMessages({ mail, sms }: Partial<Pick<Written, 'mail' | 'sms'>>, sources: Sources): MessagesReading {
  const findings: Finding[] = []
  const warnings: Finding[] = []
  const read: Read = (path, find) => {
    try {
      return find()
        .toString('utf8')
        .replace(/\r?\n$/, '')
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      findings.push({ path, message: error.message })
      return undefined
    }
  }
  const secret = (path: Path, place: Parameters<typeof secretRef>[0]): string | undefined => {
    const ref = secretRef(place)
    if ('file' in ref && isReadableByAll(ref.file, sources))
      warnings.push({
        path,
        message: `everybody on this machine may read ${ref.file}; change it: chmod 600 ${ref.file}`,
      })
    return read(path, () => readSecret(ref, sources))
  }
  const gateways: Gateways = {
    ...(mail && {
      smtp: smtpOf(mail, secret, path => read(['mail', 'smtp', 'ca'], () => readNamedFile(path, sources))),
    }),
    ...(sms && { sms: smsOf(sms, secret) }),
  }
  return { gateways, findings, warnings }
}

type Secret = (path: Path, place: Parameters<typeof secretRef>[0]) => string | undefined

function smtpOf(
  { from, fromName, smtp }: NonNullable<Written['mail']>,
  secret: Secret,
  file: (path: string) => string | undefined,
): SmtpGateway {
  const { host, port, security, signIn } = smtp
  const password = signIn && secret(['mail', 'smtp', 'signIn', 'password'], signIn.password)
  const ca = smtp.ca === undefined ? undefined : file(smtp.ca)
  return {
    ...{ host, port, security, from: { name: fromName, address: from } },
    ...(signIn && { signIn: { user: signIn.user, password: password ?? '' } }),
    ...(ca !== undefined && { ca }),
  }
}

function smsOf(
  { url, body, fields, secretFields = {}, secretHeaders = {}, success }: NonNullable<Written['sms']>,
  secret: Secret,
): SmsGateway {
  const all = (key: string, places: typeof secretFields): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(places).map(([name, place]) => [name, secret(['sms', key, name], place) ?? '']))
  return {
    ...{ url, body, fields },
    secretFields: all('secretFields', secretFields),
    headers: all('secretHeaders', secretHeaders),
    ...(success !== undefined && { success }),
  }
}
