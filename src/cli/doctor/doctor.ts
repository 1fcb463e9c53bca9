/** `doctor`: everything that can be seen from here about whether people will get in, each with a light and the fix. */
import { currentTrust } from '../../compose.js'
import type { Trust } from '../../saml/trust.js'
import { loadConfiguration, type Configuration } from '../../settings/configuration.js'
import { SettingsError, type Problem } from '../../settings/problems.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from '../command.js'
import { say, sayJson, type Desk, type ExitCode } from '../desk.js'
import { readInput } from '../input.js'
import { LANGUAGE, languageOf } from '../language.js'
import { counted } from '../printable.js'
import { database, language, nodeVersion } from './machine.js'
import { messages } from './messages.js'
import { metadata } from './metadata.js'
import { dates, identityProviders, journals } from './partners.js'
import { countedInRussian, green, quoted, red, skipped, yellow, type Remark, type Said } from './patient.js'
import { publicAddress } from './public-address.js'
import { forPrograms, shown, summed } from './shown.js'

interface Flags {
  readonly config: string
  readonly json?: true
  readonly language?: string
}

export const doctor: CommandMaker = (desk, finish) =>
  newCommand(desk, 'doctor', {
    about:
      'Looks at everything that sign-in needs: settings, Node.js, name, certificate and proxy of the public address, clocks, ' +
      'metadata, keys, database, and whether the IdPs, the journals, the mail server and the SMS gateway answer. Run it on the machine of the bridge.',
    examples: ['', '--config /etc/bridge/bridge.yaml', '--language ru', '--json'],
    exitCodes: '0 nothing is red (there may be yellow), 1 something is red, 2 the settings file cannot be read',
  })
    .option(...CONFIG)
    .option(...LANGUAGE)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await examine(desk, flags))
    })

/** Prints every remark; JSON is English whatever the language. @throws UnusableInput */
export async function examine(desk: Desk, { config, json, language: flag }: Flags): Promise<ExitCode> {
  const spoken = languageOf(desk, flag)
  await readInput(desk, config)
  const remarks = await remarksAbout(desk, config)
  const healthy = remarks.every(({ light }) => light !== 'red')
  if (json) sayJson(desk, { healthy, remarks: forPrograms(remarks) })
  else say(desk, ...remarks.flatMap(remark => shown(remark, spoken)), '', summed(remarks, spoken))
  return healthy ? 0 : 1
}

/** Everything that was looked at. */
export async function remarksAbout(desk: Desk, config: string): Promise<readonly Remark[]> {
  const machine = [nodeVersion(process.versions.node), language()]
  const { configuration, problems } = read(desk, config)
  if (!configuration) {
    return [...problems.map(problem => ofProblem(red, problem)), ...machine, SETTINGS_FIRST]
  }
  const trust = await knownTrust(configuration, desk)
  const patient = { configuration, file: config, network: desk.network, now: desk.clock.now(), ...(trust && { trust }) }
  const looked = await Promise.all(
    [publicAddress, metadata, identityProviders, journals, messages, database].map(examination => examination(patient)),
  )
  return [...ofSettings(configuration), ...machine, ...dates(patient), ...looked.flat()]
}

const SETTINGS_FIRST = skipped('settings', {
  en: 'name, TLS, proxy, clocks, metadata, keys, database, IdPs and journals: mend the settings first',
  ru: 'имя, TLS, прокси, часы, метаданные, ключи, базу, IdP и журналы: сначала исправьте настройки',
})

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
  const usable = {
    en: `the settings are usable: ${counted(idps.length, 'IdP')}, ${counted(all.length, 'journal')}`,
    ru: `настройки годятся: ${idps.length} IdP, ${countedInRussian(all.length, 'журнал', 'журнала', 'журналов')}`,
  }
  return [green('settings', usable), ...own]
}

/** Settings are judged in English only. Many a sentence ends with what to do, behind its last semicolon. */
function ofProblem(light: typeof red, { file, line, path, message, example }: Problem): Remark {
  const end = message.lastIndexOf('; ')
  const [what, fix] = example !== undefined || end < 0 ? [message] : [message.slice(0, end), message.slice(end + 2)]
  const whose = path === '' ? '' : `, настройка ${path}`
  const verdict = light === red ? 'проверка настроек этого не принимает' : 'проверка настроек предупреждает'
  return light(
    'settings',
    {
      en: `${file}:${line} ${path === '' ? '' : `${path}: `}${what}`,
      ru: `${file}:${line}${whose}: ${verdict}, ${quoted(what)}`,
    },
    example === undefined ? advised(fix) : { en: example, ru: `исправьте эту строку, например так: ${example}` },
  )
}

const advised = (fix: string | undefined): Said =>
  fix === undefined
    ? {
        en: 'if that was not meant, change it: docs/configuration.md says what each setting does',
        ru: 'если так не задумано, измените: что делает каждая настройка, сказано в docs/configuration.md',
      }
    : { en: fix, ru: `поправьте это место; совет проверки ${quoted(fix)}` }

/** Without a database there are no copies: what is wrong with it the examination of the database says. */
async function knownTrust(configuration: Configuration, { clock }: Desk): Promise<Trust | undefined> {
  try {
    return await currentTrust(configuration, clock)
  } catch (error) {
    if (error instanceof Error && ['StoreError', 'StoreUnavailable'].includes(error.name)) return undefined
    throw error
  }
}
