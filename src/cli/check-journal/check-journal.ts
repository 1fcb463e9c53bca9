import { loadConfiguration } from '../../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from '../command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from '../desk.js'
import { NoAnswer } from '../network.js'
import { columns, oneLine } from '../printable.js'
import { journalOf } from '../rehearsal.js'
import type { Attack } from './attack.js'
import { attacks } from './attacks.js'
import { mannerOf } from './manners.js'
import { actorOf, elsewhere, placeOf, portOf, type Flags } from './place.js'
import { deliver, setScene, type Scene } from './scene.js'
import { openStandIn } from './stand-in.js'

export const checkJournal: CommandMaker = (desk, finish) =>
  newCommand(desk, 'check-journal', {
    about:
      "Plays the attacker against a journal's door: spoilt, strange and stolen hand-offs, and messages of logout. Tells which " +
      'doors stand open and how to shut them; every door is explained in docs/integrators/check-journal.md. It opens sessions in the journal ' +
      'under the account that you name, so take one that was made for tests.',
    examples: [
      'sgo --login p-1001 --start https://test.sgo.school.example/login',
      'sgo --login test-parent --test-account --url https://test.sgo.school.example/sso',
      'moodle --login p-1001 --listen 8080',
    ],
    exitCodes: '0 all shut, 1 a door stands open, 2 it could not be tried',
  })
    .argument('<journal>', 'id of the journal in the settings')
    .requiredOption('--login <login>', 'the account to enter, as the journal knows it')
    .option('--test-account', 'the account stands in no list of the school')
    .option('--role <role>', 'which account of this login; with --test-account its role (parent)')
    .option('--school <code>', 'the same for its school')
    .option('--child <code>', 'the same for its child')
    .option('--start <url>', "where the journal's own button leads; needed when the settings demand a state")
    .option('--page <url>', 'a page that only people see who are in; else the one where an honest login ends')
    .option('--url <url>', "a copy of the journal in place of the settings' address")
    .option('--logout-url <url>', 'the same for its address of logout')
    .option('--old-login-url <url>', 'the same for its address that checks old logins')
    .option('--create-url <url>', 'a copy of its address that makes accounts: some are made there')
    .option('--listen <port>', 'stand here in place of the bridge, for journals whose server asks it who has come')
    .option('--behind <url>', 'where the journal itself listens, past the proxy that writes its headers')
    .option('--yes', 'the journal is not on this machine, and may be tried')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (id: string, flags: Flags) => {
      finish(await check(desk, id, flags))
    })

interface Row {
  readonly id: string
  readonly result: 'shut' | 'open' | 'unclear'
  readonly sent: string
  readonly expected: string
  readonly came: string
  readonly fix?: string
}

async function check(desk: Desk, id: string, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  const journal = elsewhere(journalOf(configuration, id), flags)
  const actor = await actorOf(configuration, journal, flags)
  const listens = mannerOf(journal.connector.kind).fetched === true && flags.listen !== undefined
  const at = { host: configuration.settings.listen.host, port: portOf(flags.listen) }
  const standIn = listens ? await openStandIn(configuration, journal, at, desk.clock) : undefined
  try {
    const place = placeOf(desk, { configuration, journal, actor, now: () => desk.clock.now(), standIn }, flags)
    const rows = await tryAll(await reached(() => setScene(place)))
    return report(desk, id, rows, { json: flags.json === true, blind: place.blind })
  } finally {
    await standIn?.close()
  }
}

async function tryAll(scene: Scene): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const attack of attacks.filter(({ blind }) => blind === true || !scene.blind)) {
    const row = await tryDoor(attack, scene)
    if (row) rows.push(row)
  }
  if (!scene.blind) await stillHonest(scene)
  return rows
}

function report(
  desk: Desk,
  journal: string,
  rows: readonly Row[],
  { json, blind }: { readonly json: boolean; readonly blind: boolean },
): ExitCode {
  const counts = (result: Row['result']) => rows.filter(row => row.result === result).length
  if (json) sayJson(desk, { journal, honestLogin: !blind, allShut: counts('shut') === rows.length, doors: rows })
  else {
    say(desk, ...told(rows), `${counts('shut')} shut, ${counts('open')} open, ${counts('unclear')} unclear.`)
    if (blind)
      say(
        desk,
        'Nobody came in honestly, so most doors were not tried: let the journal ask this command instead of the bridge (--listen).',
      )
  }
  return counts('open') > 0 ? 1 : counts('unclear') > 0 ? 2 : 0
}

async function tryDoor({ id, sent, expected, fix, run }: Attack, scene: Scene): Promise<Row | undefined> {
  try {
    const found = await run(scene)
    if (!found) return undefined
    const { open, came } = found
    return { id, result: open ? 'open' : 'shut', sent, expected, came: oneLine(came), ...(open && { fix }) }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { id, result: 'unclear', sent, expected, came: `it ${error.message}` }
  }
}

/** A journal that lets nobody in any more shuts every door. @throws UnusableInput */
async function stillHonest(scene: Scene): Promise<void> {
  const { browser, state } = await reached(() => scene.begin())
  await reached(() => deliver(browser, scene.forge.handOff({ state })))
  if (await reached(() => scene.isIn(browser))) return
  throw new UnusableInput(
    'In the end the journal did not let an honest login in either: it may have locked the account or this machine out, so nothing of the above counts. Wait, or lift the limit, and try again.',
  )
}

const reached = async <T>(ask: () => Promise<T>): Promise<T> =>
  ask().catch((error: unknown) => {
    throw error instanceof NoAnswer ? new UnusableInput(`The journal ${error.message}.`, { cause: error }) : error
  })

const SIGNS = { shut: '✓ shut', open: '✗ OPEN', unclear: '? unclear' } as const

function told(rows: readonly Row[]): readonly string[] {
  const lines = columns(rows.map(({ id, result, came }) => [SIGNS[result], id, came]), '')
  return rows.flatMap(({ result, sent, expected, fix }, i) => [
    lines[i]!,
    ...(result === 'open' ? [`    sent: ${sent}`, `    expected: ${expected}`, `    fix: ${fix ?? ''}`] : []),
  ])
} // prettier-ignore
