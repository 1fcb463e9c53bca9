import { Refusal } from '../../base/refusal.js'
import { wrongAddress } from '../../journals/address.js'
import { returnPattern } from '../../journals/return-address.js'
import { loadConfiguration, type Configuration } from '../../settings/configuration.js'
import type { JournalSettings } from '../../settings/settings.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from '../command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from '../desk.js'
import { NoAnswer } from '../network.js'
import { columns, oneLine } from '../printable.js'
import { findActor, journalOf, madeUpActor, type Actor } from '../rehearsal.js'
import type { Attack } from './attack.js'
import { attacks } from './attacks.js'
import { openForge } from './forge.js'
import { deliver, setScene, type Place, type Scene } from './scene.js'

interface Flags {
  readonly login: string
  readonly testAccount?: true
  readonly role?: string
  readonly school?: string
  readonly child?: string
  readonly start?: string
  readonly page?: string
  readonly url?: string
  readonly logoutUrl?: string
  readonly yes?: true
  readonly config: string
  readonly json?: true
}

export const checkJournal: CommandMaker = (desk, finish) =>
  newCommand(desk, 'check-journal', {
    about:
      "Plays the attacker against a journal's door: spoilt, strange and stolen hand-offs, and messages of logout. Tells which " +
      'doors stand open and how to shut them; every door is explained in docs/integrators/check-journal.md. It opens sessions in the journal ' +
      'under the account that you name, so take one that was made for tests.',
    examples: [
      'sgo --login p-1001 --start https://test.sgo.school.example/login',
      'sgo --login test-parent --test-account --url https://test.sgo.school.example/sso',
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
  const place = await placeOf(desk, configuration, journal, flags)
  const scene = await reached(() => setScene(place))
  const rows: Row[] = []
  for (const attack of attacks) {
    const row = await tryDoor(attack, scene)
    if (row) rows.push(row)
  }
  await stillHonest(scene)
  const counts = (result: Row['result']) => rows.filter(row => row.result === result).length
  if (flags.json) sayJson(desk, { journal: id, allShut: counts('shut') === rows.length, doors: rows })
  else say(desk, ...told(rows), `${counts('shut')} shut, ${counts('open')} open, ${counts('unclear')} unclear.`)
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

/** The journal at other addresses. */
function elsewhere(at: JournalSettings, { url, logoutUrl }: Flags): JournalSettings {
  const { kind, block } = at.connector
  if (url === undefined && logoutUrl === undefined) return at
  const given = { ...(url !== undefined && { url }), ...(logoutUrl !== undefined && { logoutUrl }) }
  for (const [name, address] of Object.entries(given)) {
    const wrong = wrongAddress(address)
    if (wrong !== undefined) throw new UnusableInput(`--${name === 'url' ? 'url' : 'logout-url'}: ${wrong}.`)
  }
  // a copy is tried, so the real journal must not hear of its logouts
  const kept = Object.entries(block as object).filter(([name]) => url === undefined || name !== 'logoutUrl')
  return { ...at, connector: { kind, block: { ...Object.fromEntries(kept), ...given } } }
}

/** Kinds whose hand-offs can be made without the bridge that runs. */
const PLAYABLE: ReadonlySet<string> = new Set(['signed-link', 'form-post', 'hmac-query'])

async function placeOf(
  desk: Desk,
  configuration: Configuration,
  journal: JournalSettings,
  flags: Flags,
): Promise<Place> {
  const { kind } = journal.connector
  if (!PLAYABLE.has(kind))
    throw new UnusableInput(
      `A journal of kind ${kind} asks the running bridge who has come, so there is nothing to forge. Kinds that can be tried: ${[...PLAYABLE].join(', ')}.`,
    )
  const [start, page] = [address('start', flags.start), address('page', flags.page)]
  const actor = await actorOf(configuration, journal, flags)
  const forge = openForge(configuration, journal, actor, () => desk.clock.now())
  const { to } = forge.handOff()
  const leaving = forge.leave('x')?.to
  warn([to, start, page, leaving], flags)
  const { returnTo, requireState } = journal.journal
  const [first] = returnTo.map(returnPattern)
  const home = first ? new URL(first.path, first.origin) : new URL('/', to)
  const origins = [to, start, page, ...(flags.url === undefined ? [home] : [])].flatMap(each => each?.origin ?? [])
  return {
    ...{ forge, start, page, home: flags.url === undefined ? home : new URL(home.pathname, to) },
    ...{ network: desk.network, publicUrl: configuration.settings.publicUrl },
    ...{ needsState: requireState, origins: new Set(origins) },
  }
}

function address(flag: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const wrong = wrongAddress(text)
  if (wrong !== undefined) throw new UnusableInput(`--${flag}: ${wrong}.`)
  return new URL(text)
}

async function actorOf(configuration: Configuration, journal: JournalSettings, flags: Flags): Promise<Actor> {
  const { login, role, school, child } = flags
  if (flags.testAccount) return madeUpActor(login, { role, school, child }, journal)
  try {
    return await findActor(configuration, journal, { who: login, role, school, child })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new UnusableInput(`This person may not enter: ${error.message}`, { cause: error })
  }
}

/** @throws UnusableInput when a machine other than this one would get dishonest requests and nobody said that it may */
function warn(addresses: readonly (URL | undefined)[], { yes }: Flags): void {
  const hosts = addresses.flatMap(each => (each ? [each.hostname] : []))
  const foreign = [...new Set(hosts)].filter(host => !['localhost', '127.0.0.1'].includes(host))
  if (yes || foreign.length === 0) return
  throw new UnusableInput(
    `This opens some fifty sessions at ${foreign.join(', ')} and sends messages that look like an attack. Better try a copy of the journal (--url). If its people know and agree, say --yes.`,
  )
}

const SIGNS = { shut: '✓ shut', open: '✗ OPEN', unclear: '? unclear' } as const

function told(rows: readonly Row[]): readonly string[] {
  const lines = columns(rows.map(({ id, result, came }) => [SIGNS[result], id, came]), '')
  return rows.flatMap(({ result, sent, expected, fix }, i) => [
    lines[i]!,
    ...(result === 'open' ? [`    sent: ${sent}`, `    expected: ${expected}`, `    fix: ${fix ?? ''}`] : []),
  ])
} // prettier-ignore
