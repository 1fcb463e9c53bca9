/** `init`: from ten answers to a bridge that starts. Whatever is there already stays as it is. */
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { loadOwnSide } from '../../settings/configuration.js'
import type { Settings } from '../../settings/settings.js'
import { judgeSettings, readSettings } from '../../settings/read.js'
import { isRemote } from '../../settings/values.js'
import { JSON_FLAG, newCommand, type CommandMaker } from '../command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from '../desk.js'
import { examine, remarksAbout } from '../doctor/doctor.js'
import { forPrograms } from '../doctor/shown.js'
import { makeMissing } from '../make-certs.js'
import { metadataOf } from '../sp-metadata.js'
import { writeNew } from '../write-new.js'
import { firstLetter } from './first-letter.js'
import { firstSettings, IDP_FILE } from './first-settings.js'
import { forgetAnswers, interview } from './interview.js'
import { questions, type Answers } from './questions.js'

/** Three years; list-certs and doctor remind in time. */
const CERTIFICATE_DAYS = 1_095

type Flags = Partial<Answers> & {
  readonly into: string
  readonly port: string
  readonly yes?: true
  readonly json?: true
}

/** Whether it was made now or was there before. */
interface Written {
  readonly file: string
  readonly made: boolean
  readonly what: string
}

export const init: CommandMaker = (desk, finish) => {
  const command = newCommand(desk, 'init', {
    about:
      'Sets a bridge up: asks ten questions (in Russian), writes bridge.yaml, keys, certificates, our metadata and the letter to the IdP, and looks at it ' +
      'all with doctor. Overwrites nothing; interrupted, it goes on where it was. Needs no rights of root.',
    examples: [
      '',
      '--yes --url https://vhod.school.example --organization "МБОУ СОШ № 1" --site https://school.example --technical it@school.example ' +
        '--phone "+7 495 000-00-00" --school "Школа № 1" --idp-metadata gosuslugi.xml --journal "Сетевой Город" --journal-url https://sgo.school.example/sso',
    ],
    exitCodes:
      '0 set up and nothing is red, 1 set up and something is still to be done, 2 an answer is wrong or missing',
  })
    .option('--into <folder>', 'where everything goes', '.')
    .option('--port <port>', 'port on which the bridge itself listens', '8080')
    .option('--yes', 'ask nothing: take the options, and what is usual for the rest')
    .option(...JSON_FLAG)
  for (const { flag, example } of questions) command.option(`${flag} <text>`, `for example ${example}`)
  return command.action(async (flags: Flags) => {
    finish(await setUp(desk, flags))
  })
}

async function setUp(desk: Desk, flags: Flags): Promise<ExitCode> {
  const port = Number(flags.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UnusableInput('--port must be a whole number from 1 to 65535, e.g. 8080.')
  const folder = resolve(flags.into)
  const config = join(folder, 'bridge.yaml')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const isThere = existsSync(config)
  const first = isThere ? [] : await writeSettings(desk, { folder, config, port, flags })
  const written = [...first, ...(await writeRest(desk, folder, config))]
  const missing = await metadataMissing(folder, config)
  if (flags.json) return inJson(desk, { config, written, missing })
  if (isThere) say(desk, `${config} уже есть и останется как есть. Доделаю недостающее.`)
  say(
    desk,
    ...written.map(({ file, made, what }) => `${made ? 'сделано ' : 'уже есть'}  ${file}  ${what}`),
    '',
    ...toDo(missing),
  )
  return missing.length > 0 ? 1 : examine(desk, { config, language: 'ru' })
}

interface Result {
  readonly config: string
  readonly written: readonly Written[]
  readonly missing: readonly string[]
}

async function inJson(desk: Desk, { config, written, missing }: Result): Promise<ExitCode> {
  const remarks = missing.length > 0 ? [] : await remarksAbout(desk, config)
  sayJson(desk, { config, written, missing, remarks: forPrograms(remarks) })
  return missing.length > 0 || remarks.some(({ light }) => light === 'red') ? 1 : 0
}

interface Place {
  readonly folder: string
  readonly config: string
  readonly port: number
  readonly flags: Flags
}

async function writeSettings(desk: Desk, { folder, config, port, flags }: Place): Promise<readonly Written[]> {
  const given = Object.fromEntries(
    questions.flatMap(({ name }) => (flags[name] === undefined ? [] : [[name, flags[name]] as const])),
  )
  const answers = await interview(desk, { folder, given, silent: flags.yes === true || flags.json === true })
  const text = firstSettings(answers, portOf(answers.url) ?? port)
  const { problems } = judgeSettings(text, config)
  if (problems.length > 0) throw new Error(`init wrote settings that are none: ${problems[0]!.message}`)
  const isFile = answers.idpMetadata !== '' && !isRemote(answers.idpMetadata)
  const written = [
    ...(isFile ? [await brought(answers.idpMetadata, join(folder, IDP_FILE))] : []),
    await put(config, text, 'настройки, с пояснениями', 0o640),
  ]
  await forgetAnswers(folder)
  return written
}

/** Without a web server in front the bridge must listen where the address says. */
const portOf = (url: string): number | undefined =>
  url.startsWith('http:') ? Number(new URL(url).port || 80) : undefined

async function brought(from: string, to: string): Promise<Written> {
  const text = await readFile(from, 'utf8')
  if (existsSync(to) && (await readFile(to, 'utf8')) !== text)
    throw new UnusableInput(`${to} уже есть, и это другой файл. Решите, какой из двух верный, и уберите лишний.`)
  return put(to, text, 'метаданные IdP: кому мы верим')
}

async function put(file: string, text: string, what: string, mode?: number): Promise<Written> {
  await mkdir(dirname(file), { recursive: true })
  return { file, made: await writeNew(file, text, mode), what }
}

/** What follows from the settings, whoever wrote them. */
async function writeRest(desk: Desk, folder: string, config: string): Promise<readonly Written[]> {
  const settings = readSettings(await readFile(config, 'utf8'), { file: config })
  const isKeyMissing = keyFilesOf(settings).some(file => !existsSync(resolve(folder, file)))
  const keys = isKeyMissing ? [await makeKeys(desk, folder, settings)] : []
  await mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 })
  await mkdir(dirname(join(folder, IDP_FILE)), { recursive: true })
  const own = loadOwnSide(config, desk.env)
  const sp = await put(join(folder, 'metadata', 'sp.xml'), metadataOf(own, desk.clock), 'наши метаданные, для IdP')
  const text = firstLetter(own, await readFile(sp.file, 'utf8'), desk.clock)
  return [...keys, sp, await put(join(folder, 'letter-to-idp.txt'), text, 'письмо администраторам IdP')]
}

const keyFilesOf = ({ secrets, serviceProvider }: Settings): readonly string[] => [
  ...[secrets.session, secrets.lookup, secrets.data, secrets.tokens]
    .flat()
    .flatMap(({ file }) => (file === undefined ? [] : [file])),
  ...[...serviceProvider.signing, ...serviceProvider.decryption].flatMap(({ key, cert = key }) => [key, cert]),
]

async function makeKeys(desk: Desk, folder: string, { publicUrl, serviceProvider }: Settings): Promise<Written> {
  const out = join(folder, 'certs')
  const wish = { out, commonName: new URL(publicUrl).hostname, organization: serviceProvider.organization.name }
  const made = await makeMissing(wish, CERTIFICATE_DAYS, desk.clock.now())
  return { file: out, made: true, what: `ключи и сертификаты: ${made.map(({ file }) => basename(file)).join(', ')}` }
}

/** @returns whole paths of the IdPs' metadata that the settings name and nobody has sent yet */
async function metadataMissing(folder: string, config: string): Promise<readonly string[]> {
  const { identityProviders } = readSettings(await readFile(config, 'utf8'), { file: config })
  const files = identityProviders.flatMap(({ metadata }) => (isRemote(metadata) ? [] : [resolve(folder, metadata)]))
  return files.filter(file => !existsSync(file))
}

const toDo = (missing: readonly string[]): string[] => [
  'Теперь:',
  '  1. certs/lookup.key и certs/data.key сохраните на флешку или в сейф: в резервную копию они не входят, и сделать их заново нельзя.',
  '  2. Отправьте администраторам IdP letter-to-idp.txt вместе с metadata/sp.xml.',
  missing.length > 0
    ? `  3. Когда пришлют метаданные, положите их в ${missing.join(', ')} и запустите init ещё раз.`
    : '  3. Поставьте перед мостом веб-сервер с https, запустите мост (docs/ru/ustanovka.md) и повторите doctor.',
  '',
]
