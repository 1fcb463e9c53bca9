import { importRoster } from '../identity/roster-import.js'
import type { ImportPlan } from '../identity/roster.js'
import { openStoreOf } from '../compose.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { readInput } from './input.js'
import { oneLine } from './printable.js'

type RosterImport = Awaited<ReturnType<typeof importRoster>>

interface Flags {
  readonly journal: string
  readonly school: string
  readonly dryRun?: true
  readonly config: string
  readonly json?: true
}

export const importRosterFile: CommandMaker = (desk, finish) =>
  newCommand(desk, 'import-roster', {
    about:
      "Imports a school's list of people (CSV in UTF-8 or Windows-1251, with ; , or tab). All or nothing: one refused row, " +
      'and the list stays as it was. Nobody is deleted; who is no longer named is marked as missing.',
    examples: ['people.csv --journal sgo --school school-1 --dry-run', 'people.csv --journal sgo --school school-1'],
    exitCodes: '0 imported (or would be, with --dry-run), 1 rows refused and listed, 2 unusable input',
  })
    .argument('<file>', 'CSV file, or - for standard input')
    .requiredOption('--journal <id>', 'journal whose accounts the list names')
    .requiredOption('--school <code>', 'school whose list it is')
    .option('--dry-run', 'show what would change and write nothing')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await run(desk, file, flags))
    })

async function run(desk: Desk, file: string, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  checkPlace(configuration, flags)
  const octets = await readInput(desk, file, 64 * 1024 * 1024)
  const imported = await importInto(desk, configuration, octets, flags)
  if (flags.json) sayJson(desk, asJson(imported))
  else say(desk, ...told(imported))
  return imported.reading.refused.length > 0 ? 1 : 0
}

/** @throws UnusableInput naming what there is instead */
function checkPlace({ settings }: Configuration, { journal, school }: Flags): void {
  const ids = settings.journals.map(each => each.journal.id)
  const found = settings.journals.find(each => each.journal.id === journal)
  if (!found) throw new UnusableInput(`There is no journal ${journal} in the settings. There are: ${ids.join(', ')}.`)
  const { schools } = found.journal
  if (!schools.includes(school))
    throw new UnusableInput(
      `The journal ${journal} is not used by a school ${school}. Its schools are: ${schools.join(', ')}.`,
    )
}

async function importInto(
  desk: Desk,
  configuration: Configuration,
  file: Buffer,
  { journal, school, dryRun = false }: { journal: string; school: string; dryRun?: boolean },
): Promise<RosterImport> {
  const store = await openStoreOf(configuration)
  try {
    const now = desk.clock.now()
    const imported = await importRoster(store.roster, file, { journal, school, dryRun, now })
    const { plan, written } = imported
    if (written && plan)
      await store.audit.record({
        at: now,
        what: 'roster.imported',
        result: 'ok',
        journal,
        facts: { school, ...sizes(plan) },
      })
    return imported
  } finally {
    await store.close()
  }
}

const sizes = ({ added, changed, unchanged, missing }: ImportPlan) => ({
  added: added.length,
  changed: changed.length,
  unchanged,
  missing: missing.length,
})

const asJson = ({ reading, plan, written }: RosterImport) => ({
  written,
  encoding: reading.encoding,
  delimiter: reading.delimiter,
  rows: reading.rows,
  accounts: reading.records.length,
  refused: reading.refused,
  warnings: reading.warnings,
  ...(plan && { plan }),
})

/** In Russian, like the list itself and the names of its columns: whoever mends it reads this. */
function told({ reading, plan, written }: RosterImport): string[] {
  const { refused, warnings, rows, records } = reading
  const head = `Прочитано строк: ${rows} (${reading.encoding}), учётных записей: ${records.length}.`
  const remarks = warnings.map(warning => `Замечание: ${oneLine(warning)}`)
  if (refused.length > 0)
    return [
      head,
      ...remarks,
      ...refused.map(
        ({ line, column, why }) => `строка ${line}${column === undefined ? '' : `, «${column}»`}: ${oneLine(why)}`,
      ),
      `Отклонено строк: ${refused.length}, поэтому не записано ничего. Исправьте файл и загрузите его снова.`,
    ]
  return [
    head,
    ...remarks,
    ...(plan ? planned(plan) : []),
    written ? 'Записано.' : 'Пробный запуск: ничего не записано.',
  ]
}

/** Logins name accounts without naming people. */
function planned(plan: ImportPlan): string[] {
  const list = (title: string, logins: readonly string[]) =>
    `${title.padEnd(WIDTH)}${logins.length}${logins.length === 0 ? '' : `: ${shown(logins)}`}`
  return [
    list('добавлено', plan.added),
    list('изменено', plan.changed),
    `${'без изменений'.padEnd(WIDTH)}${plan.unchanged}`,
    list('нет в списке', plan.missing),
  ]
}

const MOST = 50
const WIDTH = 15

const shown = (logins: readonly string[]): string =>
  logins.slice(0, MOST).map(oneLine).join(', ') + (logins.length > MOST ? ` и ещё ${logins.length - MOST}` : '')
