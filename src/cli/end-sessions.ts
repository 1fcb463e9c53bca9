import { parseRequestNumber } from '../base/request-number.js'
import { systemChance } from '../base/chance.js'
import { openJournals, openStoreOf } from '../compose.js'
import { endSessions as end, type EndedSession, type Whose } from '../login/end-sessions.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly journal?: string
  readonly login?: string
  readonly everybody?: true
  readonly yes?: true
  readonly json?: true
}

export const endSessions: CommandMaker = (desk, finish) =>
  newCommand(desk, 'end-sessions', {
    about:
      'Ends sessions at the bridge, open or over: of one login by its request number, of everybody who entered an account, or ' +
      'of all. The bridge that is running tells the journals that were entered within a minute.',
    examples: ['D7FW-2NQ9', '--journal sgo --login p-1001', '--everybody --yes'],
    exitCodes: '0 ended, 1 there was no such session, 2 it is not said whose',
  })
    .argument('[number]', 'request number of the login that opened the session')
    .option(...CONFIG)
    .option('--journal <id>', 'with --login: the journal of the account')
    .option('--login <login>', 'with --journal: the account, as the journal knows it')
    .option('--everybody', 'all sessions; needs --yes')
    .option('--yes', 'really everybody')
    .option(...JSON_FLAG)
    .action(async (number: string | undefined, flags: Flags) => {
      finish(await endThem(desk, number, flags))
    })

async function endThem(desk: Desk, number: string | undefined, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  const whose = whoseSessions(number, flags, configuration)
  const store = await openStoreOf(configuration)
  const nature = { clock: desk.clock, chance: systemChance }
  const ports = { ...store, ...nature, journals: openJournals(configuration, nature) }
  const ended = await end(ports, whose).finally(() => store.close())
  if (flags.json) sayJson(desk, { ended })
  else if (ended.length === 0) complain(desk, 'There is no such session: it has ended long ago, or never was.')
  else say(desk, ...ended.map(told), `Ended: ${ended.length}.`, ...promise(ended))
  return ended.length > 0 ? 0 : 1
}

const ONE_WAY = 'Say whose sessions shall end: a request number, --journal with --login, or --everybody with --yes.'

/** @throws UnusableInput unless exactly one way was said */
function whoseSessions(number: string | undefined, flags: Flags, { settings }: Configuration): Whose {
  const { journal, login, everybody, yes } = flags
  const ways = [number !== undefined, journal !== undefined || login !== undefined, everybody === true]
  if (ways.filter(Boolean).length !== 1) throw new UnusableInput(ONE_WAY)
  if (number !== undefined) {
    const parsed = parseRequestNumber(number)
    if (parsed !== undefined) return { number: parsed }
    throw new UnusableInput(`${oneLine(number)} is no request number. One looks like D7FW-2NQ9.`)
  }
  if (everybody) {
    if (yes) return { everybody }
    throw new UnusableInput('--everybody signs all people out; say --yes when that is meant.')
  }
  if (journal === undefined || login === undefined) throw new UnusableInput(ONE_WAY)
  if (settings.journals.some(each => each.journal.id === journal)) return { journal, login }
  throw new UnusableInput(
    `There is no journal ${oneLine(journal)}; known are ${settings.journals.map(each => each.journal.id).join(', ')}.`,
  )
}

const told = ({ number, wasOpen, journals }: EndedSession): string =>
  `${number}  ${wasOpen ? 'open' : 'over already'}  ${journals.map(({ id }) => id).join(', ') || 'entered no journal'}`

/** What happens next, and what the administrator must do by hand. */
function promise(ended: readonly EndedSession[]): readonly string[] {
  const all = ended.flatMap(({ journals }) => journals).filter(({ over }) => !over)
  const ids = (willBeTold: boolean) => [
    ...new Set(all.filter(each => each.willBeTold === willBeTold).map(({ id }) => id)),
  ]
  const [toTell, untold] = [ids(true), ids(false)]
  return [
    ...(toTell.length > 0
      ? [`The running bridge tells within a minute, and again until it is heard: ${toTell.join(', ')}.`]
      : []),
    ...(untold.length > 0 ? [`Takes no such message, so end the session there by hand: ${untold.join(', ')}.`] : []),
  ]
}
