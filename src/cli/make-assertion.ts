/**
 * The mock IdP makes the answer in a process of its own: it shares no code with us, so that a liar does not use the judge's
 * eyes. We only tell it who we are and where its keys lie.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectFile } from '../base/project-file.js'
import { currentTrust } from '../compose.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { UnusableInput, type Desk, type ExitCode } from './desk.js'
import { metadataOf } from './sp-metadata.js'

interface Flags {
  readonly config?: string
  readonly key?: string
  readonly cert?: string
  readonly spMetadata?: string
  readonly entityId?: string
  readonly list?: true
  readonly json?: true
  readonly [passed: string]: string | true | undefined
}

export const makeAssertion: CommandMaker = (desk, finish) =>
  newCommand(desk, 'make-assertion', {
    about:
      'Makes a signed test answer of the mock IdP for one of its people, honest or spoilt in a named way, and prints it as ' +
      "base64. Uses the demo's keys, so start the demo once before. Nobody but the demo trusts these keys.",
    examples: [
      '--list',
      '--person mother --in-response-to _1f0c',
      '--person mother --fault wrong-audience | npx --no-install bridge validate-assertion - --config data/demo/bridge.yaml',
    ],
    exitCodes: '0 made, 2 unusable input',
  })
    .option('--person <name>', 'who signs in; --list names them')
    .option('--organisation <ogrn>', 'as an employee of this organisation')
    .option('--fault <name>', 'spoil the answer in this way; --list names them')
    .option('--in-response-to <id>', 'ID of the request that is answered; unsolicited without it')
    .option('--list', 'print the test people and the faults')
    .option('--config <file>', 'settings of the bridge that gets the answer', projectFile('data/demo/bridge.yaml'))
    .option('--key <file>', 'private key of the mock IdP; certs/idp-signing.key beside the settings otherwise')
    .option('--cert <file>', 'its certificate; certs/idp-signing.crt beside the settings otherwise')
    .option('--sp-metadata <file>', 'metadata of any service provider, instead of our own')
    .option('--entity-id <id>', 'entityID of the mock IdP; the first of the settings otherwise')
    .option('--acs <url>', 'where the answer goes')
    .option('--at <time>', 'time of issue, e.g. 2026-09-01T08:00:00Z')
    .option('--sign <what>', 'both, assertion, response or none')
    .option('--plain', 'do not encrypt the assertion')
    .option('--legacy', 'rsa-sha1, sha1, aes128-cbc, as in 2014')
    .option('--xml', 'print XML instead of base64')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await make(desk, flags))
    })

async function make(desk: Desk, flags: Flags): Promise<ExitCode> {
  const { config, ...passed } = flags
  if (flags.list) return run(desk, argumentsOf({ list: true, ...(flags.json && { json: true }) }))
  const folder = await mkdtemp(join(tmpdir(), 'bridge-'))
  try {
    const parties = await partiesOf(desk, config!, passed, join(folder, 'sp.xml'))
    return await run(desk, argumentsOf({ ...parties, ...passed }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the person did not say: the keys beside the settings, our own metadata, the IdP that the settings trust. */
async function partiesOf(desk: Desk, config: string, { key, cert, spMetadata, entityId }: Flags, ours: string) {
  const certs = join(dirname(config), 'certs')
  const parties = { key: key ?? join(certs, 'idp-signing.key'), cert: cert ?? join(certs, 'idp-signing.crt') }
  if (spMetadata !== undefined && entityId !== undefined) return parties
  if (!existsSync(config))
    throw new UnusableInput(
      `${config} does not exist: the demo was never started here. Run npm run demo once, or name your settings with --config.`,
    )
  const configuration = loadConfiguration(config, desk.env)
  if (spMetadata === undefined) await writeFile(ours, metadataOf(configuration, desk.clock))
  return { ...parties, spMetadata: spMetadata ?? ours, entityId: entityId ?? (await firstIdp(configuration, desk)) }
}

async function firstIdp(configuration: Configuration, desk: Desk): Promise<string> {
  const [idp] = (await currentTrust(configuration, desk.clock)).idps
  if (idp) return idp.entityId
  throw new UnusableInput('No metadata was fetched yet. Run: npx --no-install bridge idp-metadata refresh')
}

/** `inResponseTo: '_1'` as `--in-response-to=_1`: a value that begins with a hyphen stays a value. */
const argumentsOf = (flags: Flags): string[] =>
  Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, sign => `-${sign.toLowerCase()}`)}`
    return value === undefined ? [] : value === true ? [flag] : [`${flag}=${value}`]
  })

function run(desk: Desk, args: readonly string[]): Promise<ExitCode> {
  const program = projectFile('dist/src/mock-idp/make-assertion.js')
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.on('data', (octets: Buffer) => desk.stdout.write(octets))
  child.stderr.on('data', (octets: Buffer) => desk.stderr.write(octets))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      resolve(code === 0 ? 0 : 2)
    })
  })
}
