import { moveDatabase, type Move } from '../compose-move.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { operatorOf } from './operator.js'
import { shownTime } from './printable.js'
import { progressOn } from './progress.js'

interface Flags {
  readonly config: string
  readonly check?: true
  readonly json?: true
}

export const moveDatabaseCommand: CommandMaker = (desk, finish) =>
  newCommand(desk, 'move-database', {
    about:
      'Moves everything that the bridge remembers from a SQLite file into the empty PostgreSQL database that storage.database names by now: accounts, ' +
      'links, consents, codes, the audit with its chain. Stop the bridge before. Every row arrives or none, and only then the file is put aside. Whoever ' +
      'was signed in must sign in again.',
    examples: ['data/bridge.db --check', 'data/bridge.db'],
    exitCodes: '0 moved (or could be), 2 refused, and nothing was moved',
  })
    .argument('<file>', 'the SQLite file that the bridge has used so far')
    .option(...CONFIG)
    .option('--check', 'look whether it can be moved; of PostgreSQL only the tables are made')
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await move(desk, file, flags))
    })

async function move(desk: Desk, from: string, { config, check, json }: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(config, desk.env)
  const now = desk.clock.now()
  const progress = progressOn(desk)
  const order = { from, configuration, now, by: operatorOf(desk), checkOnly: check === true }
  const done = await moveDatabase({
    ...order,
    tell: (table, rows) => {
      progress.say(`${table}: ${rows}`)
    },
  }).finally(progress.end)
  const kept = configuration.settings.consent?.backupsKept
  const until = kept === undefined ? undefined : now + kept
  if (json) sayJson(desk, { ...done, moved: check !== true, ...(until && { until: new Date(until).toISOString() }) })
  else say(desk, ...told(from, done, until))
  return 0
}

function told(from: string, { to, rows, leftBehind }: Move, until: number | undefined): string[] {
  const target = `the database ${to.database} at ${to.host}`
  if (!rows) return [`${from} is whole, its keys fit, and ${target} is empty. Nothing was moved.`]
  const counts = Object.entries(rows).filter(([, count]) => count > 0)
  return [
    `${from}  moved to ${target}:`,
    ...counts.map(([table, count]) => `${String(count).padStart(10)}  ${table}`),
    '',
    'Whoever was signed in signs in again, and remembered devices are confirmed once more.',
    'What is left behind still holds people, also those who have their data destroyed from now on. Keep it apart from the keys, and delete it',
    until === undefined
      ? 'as soon as the bridge runs as it should:'
      : `as soon as the bridge runs as it should, by ${shownTime(until)} at the latest: acts of destruction promise that (consent.backupsKept).`,
    ...leftBehind.map(file => `  ${file}`),
    'Then: npx --no-install bridge audit verify, npx --no-install bridge doctor, and start the bridge.',
  ]
}
