/** `doctor`: everything that can be seen from here about whether people will get in, each with a light and the fix. */
import { currentTrust } from '../../compose.js'
import type { Trust } from '../../saml/trust.js'
import { loadConfiguration, type Configuration } from '../../settings/configuration.js'
import { SettingsError, type Problem } from '../../settings/problems.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from '../command.js'
import { say, sayJson, type Desk, type ExitCode } from '../desk.js'
import { readInput } from '../input.js'
import { counted, printable } from '../printable.js'
import { database, language, nodeVersion } from './machine.js'
import { metadata } from './metadata.js'
import { dates, identityProviders, journals } from './partners.js'
import { green, red, skipped, yellow, type Remark } from './patient.js'
import { publicAddress } from './public-address.js'

interface Flags {
  readonly config: string
  readonly json?: true
}

export const doctor: CommandMaker = (desk, finish) =>
  newCommand(desk, 'doctor', {
    about:
      'Looks at everything that sign-in needs: settings, Node.js, name, certificate and proxy of the public address, clocks, ' +
      'metadata, keys, database, and whether the IdPs and the journals answer. Run it on the machine of the bridge.',
    examples: ['', '--config /etc/bridge/bridge.yaml', '--json'],
    exitCodes: '0 nothing is red (there may be yellow), 1 something is red, 2 the settings file cannot be read',
  })
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await examine(desk, flags))
    })

async function examine(desk: Desk, { config, json }: Flags): Promise<ExitCode> {
  await readInput(desk, config)
  const remarks = await remarksAbout(desk, config)
  const count = (light: Remark['light']) => remarks.filter(remark => remark.light === light).length
  if (json) sayJson(desk, { healthy: count('red') === 0, remarks })
  else {
    for (const remark of remarks) say(desk, ...shown(remark))
    const notLookedAt = count('skipped') === 0 ? '' : `, ${count('skipped')} not looked at`
    say(desk, '', `${count('red')} red, ${count('yellow')} yellow, ${count('green')} green${notLookedAt}.`)
  }
  return count('red') > 0 ? 1 : 0
}

async function remarksAbout(desk: Desk, config: string): Promise<readonly Remark[]> {
  const machine = [nodeVersion(process.versions.node), language()]
  const { configuration, problems } = read(desk, config)
  if (!configuration) {
    const rest = skipped('settings', 'name, TLS, proxy, clocks, metadata, keys, database, IdPs and journals: mend the settings first') // prettier-ignore
    return [...problems.map(problem => ofProblem(red, problem)), ...machine, rest]
  }
  const trust = await knownTrust(configuration, desk)
  const patient = { configuration, file: config, network: desk.network, now: desk.clock.now(), ...(trust && { trust }) }
  const looked = await Promise.all(
    [publicAddress, metadata, identityProviders, journals, database].map(examination => examination(patient)),
  )
  return [...ofSettings(configuration), ...machine, ...dates(patient), ...looked.flat()]
}

function read(
  desk: Desk,
  config: string,
): { readonly configuration?: Configuration; readonly problems: readonly Problem[] } {
  try {
    return { configuration: loadConfiguration(config, desk.env), problems: [] }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { problems: error.problems }
  }
}

/** Warnings about metadata are told with the metadata. */
function ofSettings({ settings, warnings }: Configuration): readonly Remark[] {
  const own = warnings.filter(({ path }) => path !== '').map(problem => ofProblem(yellow, problem))
  const { identityProviders: idps, journals: all } = settings
  const usable = `the settings are usable: ${counted(idps.length, 'IdP')}, ${counted(all.length, 'journal')}`
  return [green('settings', usable), ...own]
}

/** Many a sentence ends with what to do, behind its last semicolon. */
function ofProblem(light: typeof red, { file, line, path, message, example }: Problem): Remark {
  const end = message.lastIndexOf('; ')
  const [what, fix] =
    example !== undefined || end < 0 ? [message, example] : [message.slice(0, end), message.slice(end + 2)]
  return light(
    'settings',
    `${file}:${line} ${path === '' ? '' : `${path}: `}${what}`,
    fix ?? 'if that was not meant, change it: docs/configuration.md says what each setting does',
  )
}

const SIGNS = { green: '✓ green  ', yellow: '! yellow ', red: '✗ red    ', skipped: '– skipped' } as const

const shown = ({ light, check, what, fix }: Remark): string[] => [
  `${SIGNS[light]}  ${check.padEnd(9)} ${printable(what)}`,
  ...(fix === undefined ? [] : [`              ${''.padEnd(7)} fix: ${printable(fix)}`]),
]

/** Without a database there are no copies: what is wrong with it the examination of the database says. */
async function knownTrust(configuration: Configuration, { clock }: Desk): Promise<Trust | undefined> {
  try {
    return await currentTrust(configuration, clock)
  } catch (error) {
    if (error instanceof Error && ['StoreError', 'StoreUnavailable'].includes(error.name)) return undefined
    throw error
  }
}
