/** Prints a signed test answer, honest or spoilt: `node dist/src/mock-idp/make-assertion.js --help`. */
import { Command } from 'commander'
import { systemChance } from '../base/chance.js'
import { systemClock } from '../base/clock.js'
import type { Capacity } from './attributes.js'
import { faults, isTrick } from './faults.js'
import { path } from './metadata.js'
import { oddities } from './oddities.js'
import { defaultPeople, personOfKey, readPeople, type People, type TestPerson } from './people.js'
import { UnusableInput, text } from './read-file.js'
import { makeResponse, type Made } from './respond.js'
import { readServiceProvider, type ServiceProvider } from './service-provider.js'

interface Flags {
  readonly person?: string
  readonly organisation?: string
  readonly fault?: string
  readonly inResponseTo?: string
  readonly key?: string
  readonly cert?: string
  readonly spMetadata?: string
  readonly acs?: string
  readonly entityId: string
  readonly people?: string
  readonly at?: string
  readonly sign: string
  readonly plain?: true
  readonly legacy?: true
  readonly xml?: true
  readonly json?: true
  readonly list?: true
}

const command = new Command('make-assertion')
  .description('Makes a SAML Response for one of the test people and prints it as base64. Exit code 2: unusable input.')
  .option('--person <key>', 'who signs in, e.g. mother; --list names them')
  .option('--organisation <ogrn>', 'as an employee of this organisation instead of as a private person')
  .option('--fault <name>', 'spoil the answer in this way; --list names them')
  .option('--in-response-to <id>', 'ID of the request that is answered; unsolicited without it')
  .option('--key <file>', 'private key of the IdP (PEM)')
  .option('--cert <file>', 'its certificate (PEM)')
  .option('--sp-metadata <file>', 'metadata of the service provider')
  .option('--acs <url>', 'where the answer goes; the default one of the metadata otherwise')
  .option('--entity-id <id>', 'entityID of the IdP', `http://localhost:8081${path.metadata}`)
  .option('--people <file>', 'test people (YAML); the built-in families otherwise')
  .option('--at <time>', 'time of issue, e.g. 2026-09-01T08:00:00Z; now otherwise')
  .option('--sign <what>', 'both, assertion, response or none', 'both')
  .option('--plain', 'do not encrypt the assertion')
  .option('--legacy', 'rsa-sha1, sha1, aes128-cbc, as in 2014')
  .option('--xml', 'print XML instead of base64')
  .option('--json', 'print JSON')
  .option('--list', 'print the test people, the faults, and what is odd and honest')
  .configureOutput({ writeErr: words => process.stderr.write(words) })
  .exitOverride()

const need = (value: string | undefined, flag: string): string => {
  if (value === undefined) throw new UnusableInput(`${flag} is missing. See --help.`)
  return value
}

function list(people: People, json: boolean): string {
  if (json) {
    return JSON.stringify({
      schemaVersion: 1,
      people: people.all.map(({ key, about }) => ({ key, about })),
      faults: faults.map(({ name, title, refused }) => ({ name, title, refused })),
      oddities: oddities.map(({ name, title }) => ({ name, title })),
    })
  }
  const width = 34
  const lines = [
    'People:',
    ...people.all.map(({ key, about }) => `  ${key.padEnd(width)}${about}`),
    'Faults:',
    ...faults.map(({ name, title, refused }) => `  ${name.padEnd(width)}${refused.padEnd(28)}${title}`),
    'Odd and honest, to be accepted (--fault takes them, too):',
    ...oddities.map(({ name, title }) => `  ${name.padEnd(width)}${title}`),
  ]
  return lines.join('\n')
}

function provider(file: string): ServiceProvider {
  try {
    return readServiceProvider(text(file))
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UnusableInput) throw error
    throw new UnusableInput(`${file}: ${error.message}.`)
  }
}

function capacity(person: TestPerson, ogrn: string | undefined): Capacity {
  if (ogrn === undefined) return { role: 'P' }
  const organisation = person.organisations.find(one => one.ogrn === ogrn)
  if (!organisation) throw new UnusableInput(`${person.key} belongs to no organisation with the OGRN ${ogrn}.`)
  return { role: 'E', organisation }
}

function issueTime(given: string | undefined): number {
  const time = given === undefined ? systemClock.now() : Date.parse(given)
  if (Number.isNaN(time)) throw new UnusableInput('--at is no time; write it like 2026-09-01T08:00:00Z.')
  return time
}

function signs(given: string): 'both' | 'assertion' | 'response' | 'none' {
  const known = (['both', 'assertion', 'response', 'none'] as const).find(one => one === given)
  if (!known) throw new UnusableInput('--sign is both, assertion, response or none.')
  return known
}

function make(flags: Flags, people: People): Made {
  const key = need(flags.person, '--person')
  const person = personOfKey(people, key)
  if (!person) throw new UnusableInput(`Nobody of the test people is called ${key}; --list names them.`)
  if (flags.fault !== undefined && !isTrick(flags.fault)) {
    throw new UnusableInput(`No fault is called ${flags.fault}; --list names them.`)
  }
  const serviceProvider = provider(need(flags.spMetadata, '--sp-metadata'))
  return makeResponse({
    entityId: flags.entityId,
    key: { privateKeyPem: text(need(flags.key, '--key')), certificatePem: text(need(flags.cert, '--cert')) },
    serviceProvider,
    acsUrl: flags.acs ?? serviceProvider.acsUrls[0]!,
    inResponseTo: flags.inResponseTo,
    person,
    capacity: capacity(person, flags.organisation),
    now: issueTime(flags.at),
    chance: systemChance,
    legacy: flags.legacy ?? false,
    shape: { sign: signs(flags.sign), encrypt: !flags.plain },
    ...(flags.fault !== undefined && { fault: flags.fault }),
  })
}

function output(flags: Flags): string {
  const people = flags.people === undefined ? defaultPeople() : readPeople(text(flags.people))
  if (flags.list) return list(people, flags.json ?? false)
  const { xml, base64 } = make(flags, people)
  if (flags.json) {
    const refused = faults.find(fault => fault.name === flags.fault)?.refused
    return JSON.stringify({
      schemaVersion: 1,
      person: flags.person,
      fault: flags.fault,
      refused,
      response: base64,
      xml,
    })
  }
  return flags.xml ? xml : base64
}

try {
  command.parse()
  process.stdout.write(`${output(command.opts<Flags>())}\n`)
} catch (error) {
  process.exitCode = failed(error)
}

/** commander has printed its own complaint already; --help ends through here, too, with 0. */
function failed(error: unknown): number {
  if (!(error instanceof Error)) throw error
  const usage = 'exitCode' in error
  if (!usage) process.stderr.write(`${error.message}\n`)
  return usage && error.exitCode === 0 ? 0 : 2
}
