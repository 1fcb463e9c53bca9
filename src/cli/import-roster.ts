import type { AuditEvent } from '../audit/audit.js'
import { randomId, systemChance } from '../base/chance.js'
import type { ImportPlan, Roster } from '../identity/roster.js'
import { importRoster, type RosterImport } from '../identity/roster-import.js'
import { told } from '../identity/roster-told.js'
import { sizes } from '../intake/intake.js'
import { openStoreOf } from '../compose.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { progressOn } from './progress.js'
import {
  checkPlace,
  JOURNAL,
  MAPPING,
  readList,
  SCHOOL,
  SHEET,
  type ListFlags,
  type ListInput,
} from './roster-input.js'

interface Flags extends ListFlags {
  readonly dryRun?: boolean
  readonly acceptLosses?: boolean
  readonly config: string
  readonly json?: true
}

export const importRosterFile: CommandMaker = (desk, finish) =>
  newCommand(desk, 'import-roster', {
    about:
      "Imports a school's list of people (XLSX, or CSV in UTF-8 or Windows-1251, with ; , or tab). All or nothing: one refused " +
      'row, and the list stays as it was. Nobody is deleted; who is no longer named is marked as missing. An import that would ' +
      'make more than a tenth of the accounts missing (and at least five) stops.',
    examples: [
      'people.csv --journal sgo --school school-1 --dry-run',
      'people.csv --journal sgo --school school-1',
      'people.xlsx --journal sgo --school school-1 --mapping docs/examples/mapping-sgo.yaml',
    ],
    exitCodes:
      '0 imported (or would be, with --dry-run), 1 rows refused and listed, or too many accounts would be lost, 2 unusable input',
  })
    .argument('<file>', 'XLSX or CSV file, or - for standard input')
    .requiredOption(...JOURNAL)
    .requiredOption(...SCHOOL)
    .option(...MAPPING)
    .option(...SHEET)
    .option('--dry-run', 'show what would change and write nothing')
    .option('--accept-losses', 'go on although more than a tenth of the accounts would be missing')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await run(desk, file, flags))
    })

async function run(desk: Desk, file: string, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  checkPlace(configuration, flags)
  const imported = await importInto(desk, configuration, await readList(desk, file, flags), flags)
  if (flags.json) sayJson(desk, asJson(imported))
  else say(desk, ...told(imported))
  return imported.reading.refused.length > 0 || imported.stopped ? 1 : 0
}

async function importInto(
  desk: Desk,
  configuration: Configuration,
  { octets, ...reading }: ListInput,
  { journal, school, dryRun = false, acceptLosses = false }: Flags,
): Promise<RosterImport> {
  const store = await openStoreOf(configuration)
  const progress = progressOn(desk)
  try {
    const now = desk.clock.now()
    const at = { journal, school, dryRun, acceptLosses, now, progress: progress.say }
    return await importRoster(recorded(store), octets, { ...reading, ...at })
  } finally {
    progress.end()
    await store.close()
  }
}

/** The list and its row of the audit are one transaction: whatever is killed on the way leaves both or neither. */
const recorded = ({ roster, intake }: Awaited<ReturnType<typeof openStoreOf>>): Pick<Roster, 'plan' | 'replace'> => ({
  plan: (...asked) => roster.plan(...asked),
  async replace(journal, school, records, replacing) {
    const event = (plan: ImportPlan): AuditEvent => ({
      ...{ at: replacing.now, what: 'roster.imported', result: 'ok', journal },
      facts: { school, ...sizes(plan) },
    })
    const token = randomId(systemChance)
    const plan = await intake.take({ ...replacing, token, journal, school, records, event })
    if (!plan) throw new Error('A token that was just drawn is known.')
    return plan
  },
})

const asJson = ({ reading, plan, written, stopped }: RosterImport) => ({
  written,
  stopped: stopped === true,
  encoding: reading.encoding,
  ...(reading.encoding === 'xlsx' ? { sheet: reading.sheet } : { delimiter: reading.delimiter }),
  rows: reading.rows,
  accounts: reading.records.length,
  refused: reading.refused,
  warnings: reading.warnings,
  ...(plan && { plan }),
})
