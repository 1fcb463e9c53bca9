import { createHash, randomBytes, createPublicKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeCertificate } from '../certificates/describe.js'
import { makeCertificate, makeTokenKey } from '../certificates/make.js'
import { writePkcs12 } from '../certificates/pkcs12.js'
import { JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { shownTime } from './printable.js'
import { finishTogether, writeTogether, type NewFile } from './write-new.js'

interface Flags {
  readonly out: string
  readonly days: string
  readonly commonName: string
  readonly organization?: string
  readonly forceMissingOnly?: true
  readonly pkcs12?: string
  readonly passwordFile?: string
  readonly json?: true
}

export const makeCerts: CommandMaker = (desk, finish) =>
  newCommand(desk, 'make-certs', {
    about:
      'Makes the keys and certificates that bridge.yaml names. A file that exists is never overwritten: a lost SAML key or ' +
      'data key cannot be made again.',
    examples: ['', '--out certs --days 1095 --common-name vhod.school.example', '--force-missing-only'],
    exitCodes: '0 made, 2 a file is in the way or an option is wrong',
  })
    .option('--out <folder>', 'where they go', 'certs')
    .option('--days <days>', 'how long the certificates are valid', '1095')
    .option('--common-name <name>', 'name in the certificates; the host name of the bridge is usual', 'school bridge')
    .option('--organization <name>', 'organisation in the certificates')
    .option('--force-missing-only', 'keep what exists and make what is missing')
    .option('--pkcs12 <file>', 'also bundle the SAML signing key with its certificate (PKCS#12)')
    .option('--password-file <file>', 'file with the password of the bundle')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await make(desk, flags))
    })

/** One key of the bridge. */
interface Kind {
  readonly name: string
  readonly purpose: string
  /** With a certificate beside it: what stands behind the common name. */
  readonly certificate?: string
  /** Of a key without certificate. */
  readonly make?: () => string | Promise<string>
}

const random32 = (): string => `${randomBytes(32).toString('base64')}\n`

const KINDS: readonly Kind[] = [
  { name: 'sp-signing', purpose: 'signs our requests to the IdP', certificate: 'signing' },
  { name: 'sp-encryption', purpose: 'opens the assertions that the IdP encrypts for us', certificate: 'encryption' },
  { name: 'token', purpose: 'signs what journals get (ES256)', make: makeTokenKey },
  { name: 'session', purpose: 'signs the session cookie', make: random32 },
  { name: 'lookup', purpose: 'finds people by СНИЛС; keep it apart from the database and its backup', make: random32 },
  { name: 'data', purpose: 'encrypts personal data in the database; without it they are lost', make: random32 },
]

const filesOf = ({ name, certificate }: Kind): string[] =>
  certificate === undefined ? [`${name}.key`] : [`${name}.key`, `${name}.crt`]

/** Of the certificates, and where all go. */
type Wish = Pick<Flags, 'out' | 'commonName' | 'organization'>

interface Made {
  readonly file: string
  readonly purpose: string
  readonly sha256?: string
  readonly notAfter?: number
}

async function make(desk: Desk, flags: Flags): Promise<ExitCode> {
  const days = Number(flags.days)
  if (!Number.isInteger(days) || days < 1 || days > 36_500)
    throw new UnusableInput('--days must be a whole number from 1 to 36500, e.g. 1095 for three years.')
  if (flags.commonName.trim() === '') throw new UnusableInput('--common-name must not be empty.')
  const password = await bundlePassword(flags)
  await finishTogether(flags.out)
  const missing = whatIsMissing(flags)
  if (flags.pkcs12 !== undefined && existsSync(flags.pkcs12))
    throw new UnusableInput(`${flags.pkcs12} exists already. Move it away, or name another file.`)
  const made = await makeKinds(missing, flags, days, desk.clock.now())
  if (flags.pkcs12 !== undefined) made.push(await bundle(flags.pkcs12, flags.out, password!))
  if (flags.json) sayJson(desk, { made })
  else say(desk, ...told(made, flags.out))
  return 0
}

/** All at once: half a set of keys helps nobody. */
function whatIsMissing({ out, forceMissingOnly }: Pick<Flags, 'out' | 'forceMissingOnly'>): readonly Kind[] {
  const [present, missing] = [true, false].map(there =>
    KINDS.flatMap(filesOf).filter(file => existsSync(join(out, file)) === there),
  )
  const halves = KINDS.filter(kind => new Set(filesOf(kind).map(file => existsSync(join(out, file)))).size === 2)
  if (halves.length > 0)
    throw new UnusableInput(
      `In ${out} there is only one half of ${halves.map(({ name }) => name).join(' and ')} (.key and .crt belong together). ` +
        'Put the other half back, or move the lonely one away.',
    )
  if (present!.length > 0 && !forceMissingOnly)
    throw new UnusableInput(
      `${out} already holds ${present!.join(', ')}. Nothing was made. Choose another folder with --out, or add --force-missing-only` +
        `${missing!.length === 0 ? '' : ` to make only ${missing!.join(', ')}`}.`,
    )
  return KINDS.filter(kind => !existsSync(join(out, filesOf(kind)[0]!)))
}

/** Whatever bridge.yaml of `init` names and is not there yet. @throws UnusableInput when half of a pair is there */
export async function makeMissing(wish: Wish, days: number, at: number): Promise<readonly Made[]> {
  await finishTogether(wish.out)
  return makeKinds(whatIsMissing({ ...wish, forceMissingOnly: true }), wish, days, at)
}

async function makeKinds(kinds: readonly Kind[], wish: Wish, days: number, at: number): Promise<Made[]> {
  const made = (await Promise.all(kinds.map(kind => makeOne(kind, wish, days, at)))).flat()
  if (made.length === 0) return []
  await mkdir(wish.out, { recursive: true, mode: 0o700 })
  await writeTogether(
    wish.out,
    made.map(({ content }) => content),
  )
  return made.map(({ told }) => told)
}

interface Fresh {
  readonly told: Made
  readonly content: NewFile
}

async function makeOne(kind: Kind, flags: Wish, days: number, at: number): Promise<Fresh[]> {
  const fresh = (name: string, text: string, mode: number, told: Omit<Made, 'file'>): Fresh => ({
    told: { file: join(flags.out, name), ...told },
    content: { name, text, mode },
  })
  const { name, purpose } = kind
  if (kind.make !== undefined) {
    const text = await kind.make()
    const sha256 = text.includes('PRIVATE KEY') ? { sha256: keyFingerprint(text) } : {}
    return [fresh(`${name}.key`, text, 0o600, { purpose, ...sha256 })]
  }
  const { privateKeyPem, certificatePem } = await makeCertificate({
    commonName: `${flags.commonName} ${kind.certificate!}`,
    ...(flags.organization !== undefined && { organization: flags.organization }),
    at,
    days,
    keyType: 'rsa-3072',
  })
  const { sha256, notAfter } = describeCertificate(certificatePem)
  return [
    fresh(`${name}.key`, privateKeyPem, 0o600, { purpose }),
    fresh(`${name}.crt`, certificatePem, 0o644, { purpose: 'its certificate, public', sha256, notAfter }),
  ]
}

/** Of the public half, as the JWKS tells it. Random keys have none: a hash of them would be one more place to guess at. */
const keyFingerprint = (pem: string): string =>
  createHash('sha256')
    .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
    .digest('hex')

async function bundlePassword({ pkcs12, passwordFile }: Flags): Promise<string | undefined> {
  if (pkcs12 === undefined) return undefined
  if (passwordFile === undefined)
    throw new UnusableInput(
      '--pkcs12 needs --password-file: a password on the command line stands in the history of the shell.',
    )
  const password = (await readFile(passwordFile, 'utf8').catch(() => '')).replace(/\r?\n$/, '')
  if (password.length < 8)
    throw new UnusableInput(`${passwordFile} cannot be read or holds a password of less than 8 characters.`)
  return password
}

async function bundle(file: string, folder: string, password: string): Promise<Made> {
  const [privateKeyPem, certificatePem] = await Promise.all(
    ['sp-signing.key', 'sp-signing.crt'].map(name => readFile(join(folder, name), 'utf8')),
  )
  const octets = writePkcs12(
    { privateKeyPem: privateKeyPem!, certificatePem: certificatePem!, authorityPems: [] },
    password,
  )
  await writeFile(file, octets, { mode: 0o600, flag: 'wx' })
  return { file, purpose: 'sp-signing.key and sp-signing.crt in one encrypted file' }
}

function told(made: readonly Made[], folder: string): string[] {
  if (made.length === 0) return [`Nothing was missing in ${folder}.`]
  return [
    ...made.flatMap(({ file, purpose, sha256, notAfter }) => [
      `${file}  ${purpose}`,
      ...(sha256 === undefined ? [] : [`    SHA-256 ${sha256}`]),
      ...(notAfter === undefined ? [] : [`    valid until ${shownTime(notAfter)}`]),
    ]),
    '',
    'Keep the .key files secret and back them up; lookup.key and data.key not together with the database.',
  ]
}
