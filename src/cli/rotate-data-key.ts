import { setTimeout as wait } from 'node:timers/promises'
import { openStoreOf } from '../compose.js'
import { finishRotation, keyStates, rotate, stragglersNow, total, type KeyState } from '../login/rotating.js'
import type { Straggler } from '../login/rotation-ports.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, type Desk, type ExitCode } from './desk.js'
import { keysTold } from './keys-told.js'
import { progressOn } from './progress.js'

interface Flags {
  readonly config: string
  readonly dryRun?: true
  readonly json?: true
}

export const rotateDataKey: CommandMaker = (desk, finish) =>
  newCommand(desk, 'rotate-data-key', {
    about:
      'Moves everything in the database to the first keys of secrets.data and secrets.lookup, while the bridge goes on serving, and says ' +
      'when the older keys may leave the settings. Put a new key in front of the old one and restart the bridge first (docs/ru/smena-klyuchey.md). ' +
      'It may be stopped at any time and started again. With --dry-run it only counts.',
    examples: ['--dry-run', ''],
    exitCodes:
      '0 everything stands under the first keys, or ends by itself; 1 something does not, or a running bridge has other keys; ' +
      '2 the settings or the database cannot be used',
  })
    .option(...CONFIG)
    .option('--dry-run', 'count what stands under which key, write nothing')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await rotateKeys(desk, flags))
    })

async function rotateKeys(desk: Desk, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  const store = await openStoreOf(configuration)
  const run = flags.dryRun ? count : change
  return run(desk, flags, configuration, store).finally(() => store.close())
}

type Store = Awaited<ReturnType<typeof openStoreOf>>

async function count(desk: Desk, { json }: Flags, { settings }: Configuration, { rotation }: Store): Promise<ExitCode> {
  const ports = { rotation, clock: desk.clock }
  const waiting = await total(rotation)
  const keys = await keyStates(ports, settings.retention)
  const behind = await stragglersNow(ports)
  if (json) sayJson(desk, { dryRun: true, waiting, keys: keys.map(forPrograms), behind: behind.length })
  else {
    say(desk, `${waiting} rows would be looked at.`, '', ...keysTold(keys))
    for (const each of behind) complain(desk, sentenceOf(each, desk.clock.now()))
  }
  return 0
}

async function change(
  desk: Desk,
  { json }: Flags,
  { settings }: Configuration,
  { rotation }: Store,
): Promise<ExitCode> {
  const progress = progressOn(desk)
  const ports = { rotation, clock: desk.clock, pause, told: (done: number, of: number) => progress.say(`${done} of ${of} rows`) } // prettier-ignore
  const [behind] = await stragglersNow(ports)
  if (behind) {
    complain(desk, sentenceOf(behind, desk.clock.now()))
    return 1
  }
  const { moved, unreadable } = await rotate(ports).finally(() => progress.end())
  const keys = await keyStates(ports, settings.retention)
  const older = keys.some(({ first }) => !first)
  const free = older ? await finishRotation(ports, keys, moved) : []
  const isDone = unreadable === 0 && keys.every(({ state, until }) => state !== 'rows' || until !== undefined)
  if (json) sayJson(desk, { dryRun: false, moved, unreadable, done: isDone, keys: keys.map(forPrograms) })
  else {
    say(desk, `${moved} rows were moved to the first keys.`, '', ...keysTold(keys))
    if (!older)
      say(
        desk,
        '',
        'Only one key of each list is in the settings, so there was nothing to move. How to change a key: docs/ru/smena-klyuchey.md',
      )
    if (free.length > 0) say(desk, '', 'A backup from before today needs the old keys: keep a copy of them with it for as long as you keep it.') // prettier-ignore
  }
  if (unreadable > 0)
    complain(desk, `${unreadable} rows do not open: they were altered, or sealed with a key that nobody has. They were left as they are.`) // prettier-ignore
  return isDone ? 0 : 1
}

/** As long as the step took, so that others may write in between. */
const pause = (ms: number): Promise<void> => wait(Math.max(2, Math.min(ms, 200)))

const forPrograms = ({ secret, id, state, until, kept }: KeyState) => ({
  secret: `secrets.${secret}`,
  id,
  state,
  ...(until !== undefined && { until: new Date(until).toISOString() }),
  rows: kept.map(({ column, rows, ends }) => ({
    column,
    rows,
    ...(ends !== undefined && { ends: new Date(ends).toISOString() }),
  })),
})

function sentenceOf({ lacks, writesUnder, seenAt }: Straggler, now: number): string {
  const seen = `A bridge that was seen over this database ${Math.round((now - seenAt) / 1000)} seconds ago`
  const what =
    lacks.length > 0
      ? `does not know ${lacks.join(' and ')}, and could not read what is moved there`
      : `still writes under ${writesUnder.join(' and ')}`
  return `${seen} ${what}. Restart it with these settings, then run this again; one that has ended is forgotten after three minutes.`
}
