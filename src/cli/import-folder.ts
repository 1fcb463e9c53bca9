import { openStoreOf } from '../compose.js'
import { inboxesOf, lookIntoFolders } from '../compose-intake.js'
import { systemChance } from '../base/chance.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly json?: true
}

export const importFolder: CommandMaker = (desk, finish) =>
  newCommand(desk, 'import-folder', {
    about:
      'Looks once into every folder of rosterImports and imports the lists that lie there, oldest first, as a running bridge does ' +
      'on its own. A file that changed in the last minute is left alone. Imported files go to done/, others to failed/, each with a report.',
    examples: [''],
    exitCodes: '0 nothing failed, 1 a list was not imported, 2 unusable input',
  })
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await run(desk, flags))
    })

async function run(desk: Desk, { config, json }: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(config, desk.env)
  const inboxes = inboxesOf(configuration)
  if (inboxes.length === 0)
    throw new UnusableInput('В настройках нет ни одной папки. Допишите rosterImports: [{ journal, school, folder }].')
  const store = await openStoreOf(configuration)
  try {
    const { handled, problems } = await lookIntoFolders({ ...store, clock: desk.clock, chance: systemChance }, inboxes)
    if (json) sayJson(desk, { handled, problems })
    else say(desk, ...handled.flatMap(each => [`${oneLine(each.name)} → ${oneLine(each.path)}`, ...each.said.map(line => `  ${line}`)]), ...problems, ...(handled.length + problems.length === 0 ? ['Новых списков нет.'] : [])) // prettier-ignore
    return problems.length > 0 || handled.some(({ outcome }) => outcome === 'failed') ? 1 : 0
  } finally {
    await store.close()
  }
}
