import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { expiriesOf } from '../settings/expiries.js'
import { printProblem, SettingsError, type Problem } from '../settings/problems.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { readInput } from './input.js'
import { counted, oneLine, shownTime } from './printable.js'

export const checkConfig: CommandMaker = (desk, finish) =>
  newCommand(desk, 'check-config', {
    about:
      'Reads the settings and everything that they name: keys, certificates, metadata of the IdPs, secrets of the journals. ' +
      'Tells all problems at once, each with its line and what to do. Opens no database and no network.',
    examples: ['', '--config /etc/bridge/bridge.yaml'],
    exitCodes: '0 fine (there may be warnings), 1 problems, 2 the file cannot be read',
  })
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: { readonly config: string; readonly json?: true }) => {
      finish(await check(desk, flags))
    })

async function check(
  desk: Desk,
  { config, json }: { readonly config: string; readonly json?: true },
): Promise<ExitCode> {
  await readInput(desk, config)
  const { problems, warnings, configuration } = judge(config, desk.env)
  if (json) sayJson(desk, { usable: problems.length === 0, problems, warnings })
  else {
    for (const problem of problems) say(desk, printProblem(problem), '')
    for (const warning of warnings) say(desk, `warning: ${printProblem(warning)}`, '')
    say(
      desk,
      ...(configuration
        ? [...ourKeys(configuration), '', summary(configuration)]
        : [`${config}: ${counted(problems.length, 'problem')}.`]),
    )
  }
  return problems.length > 0 ? 1 : 0
}

interface Judgement {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  readonly configuration?: Configuration
}

function judge(config: string, env: Desk['env']): Judgement {
  try {
    const configuration = loadConfiguration(config, env)
    return { problems: [], warnings: configuration.warnings, configuration }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { problems: error.problems, warnings: [] }
  }
}

const summary = ({ settings, warnings }: Configuration): string =>
  `The settings are usable: ${counted(settings.identityProviders.length, 'IdP')}, ` +
  `${counted(settings.schools.length, 'school')}, ${counted(settings.journals.length, 'journal')}; ` +
  `${counted(warnings.length, 'warning')}.`

/** What was read, so that a file that was mixed up is seen at once. */
const ourKeys = ({ secrets }: Configuration): readonly string[] => [
  'Our keys:',
  ...expiriesOf({ secrets, idps: [] }).flatMap(
    ({ kind, state = '', subject = '', sha256 = '', notBefore = 0, notAfter }) => [
      `  ${kind === 'sp-signing' ? 'signing' : 'encryption'}, ${state}: ${oneLine(subject) || '(no name)'}, ${shownTime(notBefore).slice(0, 10)} to ${shownTime(notAfter).slice(0, 10)}`,
      `      SHA-256 ${sha256}`,
    ],
  ),
]
