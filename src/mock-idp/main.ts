/** Runs the mock IdP alone: `node dist/src/mock-idp/main.js --help`. */
import { Command, InvalidArgumentError } from 'commander'
import { systemChance } from '../base/chance.js'
import { systemClock } from '../base/clock.js'
import { startMockIdp, type StartOptions } from './app.js'
import { readPeople } from './people.js'
import { text } from './read-file.js'

const port = (value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new InvalidArgumentError('0 to 65535')
  return number
}

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value]

interface Flags {
  readonly host: string
  readonly port: number
  readonly baseUrl?: string
  readonly key: string
  readonly cert: string
  readonly spMetadata: readonly string[]
  readonly people?: string
  readonly journalLogin?: string
  readonly legacy?: true
}

const command = new Command('mock-idp')
  .description(
    'A mock government identity provider that speaks SAML as ESIA spoke it. For demonstration and tests only.',
  )
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on; 0 takes any free one', port, 8081)
  .option('--base-url <url>', 'its address as browsers see it, when that is another one')
  .requiredOption('--key <file>', 'private key that signs (PEM)')
  .requiredOption('--cert <file>', 'its certificate (PEM)')
  .option('--sp-metadata <file|url>', 'metadata of a service provider; may be given several times', several, [])
  .option('--people <file>', 'test people (YAML); the built-in families otherwise')
  .option('--journal-login <url>', "where the catalogue's first tile leads: the bridge's /login?journal=…")
  .option('--legacy', 'speak as in 2014: rsa-sha1, sha1, aes128-cbc')

function startOptions(flags: Flags): StartOptions {
  const metadata = (source: string): string | URL => (/^https?:\/\//.test(source) ? new URL(source) : text(source))
  return {
    host: flags.host,
    port: flags.port,
    ...(flags.baseUrl !== undefined && { baseUrl: flags.baseUrl.replace(/\/$/, '') }),
    keys: [{ privateKeyPem: text(flags.key), certificatePem: text(flags.cert) }],
    serviceProviders: flags.spMetadata.map(metadata),
    ...(flags.people !== undefined && { people: readPeople(text(flags.people)) }),
    ...(flags.journalLogin !== undefined && { journalLogin: flags.journalLogin }),
    legacy: flags.legacy ?? false,
    clock: systemClock,
    chance: systemChance,
  }
}

try {
  command.parse()
  const { url, entityId } = await startMockIdp(startOptions(command.opts<Flags>()))
  process.stdout.write(`Mock IdP: ${url}/\nentityID and metadata: ${entityId}\n`)
} catch (error) {
  if (!(error instanceof Error)) throw error
  const taken = 'code' in error && error.code === 'EADDRINUSE'
  process.stderr.write(taken ? 'The port is taken by another program; choose one with --port.\n' : `${error.message}\n`)
  process.exitCode = 2
}
