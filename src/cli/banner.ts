import { currentTrust, openStoreOf } from '../compose.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { milliseconds } from '../settings/values.js'
import { troubleTitles, inMoscow } from '../watch/telling-text.js'
import { troubles, type Trouble } from '../words/watched.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { operatorOf } from './operator.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly idp?: string
  readonly trouble?: string
  readonly for: string
  readonly json?: true
}

export const banner: CommandMaker = (desk, finish) =>
  newCommand(desk, 'banner', {
    about:
      'What the pages say about an IdP in trouble. The watch raises and lowers such a banner by itself; `on` raises one by hand, which stands until its time is ' +
      'over, and `off` takes all of this IdP down. `show` says what stands.',
    examples: ['show', 'on --trouble errors --for 2h', 'off'],
    exitCodes: '0 done, or none stands; 1 one stands, or nothing was to be done; 2 unusable input',
  })
    .argument('<what>', 'show, on or off')
    .option('--idp <entityId>', 'which IdP; the only one, when there are no others')
    .option('--trouble <kind>', `with on: ${troubles.join(', ')}`)
    .option('--for <time>', 'with on: how long, like 30m or 2h', '2h')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (what: string, flags: Flags) => {
      finish(await run(desk, what, flags))
    })

async function run(desk: Desk, what: string, flags: Flags): Promise<ExitCode> {
  if (!['show', 'on', 'off'].includes(what)) throw new UnusableInput(`${oneLine(what)} нельзя; можно show, on, off.`)
  const configuration = loadConfiguration(flags.config, desk.env)
  const store = await openStoreOf(configuration)
  const now = desk.clock.now()
  try {
    const standing = await store.watching.banners(now)
    if (what === 'show') {
      if (flags.json) sayJson(desk, { banners: standing })
      for (const { idp, trouble, until } of flags.json ? [] : standing)
        say(
          desk,
          `${idp}: «сейчас ${troubleTitles[trouble]}»${until === undefined ? ', снимется само' : ` до ${inMoscow(until)}`}`,
        )
      if (standing.length === 0 && !flags.json) say(desk, 'Объявлений нет.')
      return standing.length > 0 ? 1 : 0
    }
    const idp = await idpOf(desk, configuration, flags.idp)
    const by = { by: operatorOf(desk) }
    if (what === 'off') {
      const gone = await store.watching.lower(idp, { at: now, what: 'banner.lowered', result: 'ok', idp, facts: by })
      return done(desk, flags, gone > 0, 'снято; страницы узнают за несколько секунд')
    }
    const trouble = readTrouble(flags.trouble)
    const until = now + lasting(flags.for)
    const event = { at: now, what: 'banner.raised', result: 'ok', idp, facts: { trouble, ...by } } as const
    await store.watching.raise({ idp, trouble, since: now, until }, event)
    return done(desk, flags, true, `висит до ${inMoscow(until)}; страницы узнают за несколько секунд`)
  } finally {
    await store.close()
  }
}

function done(desk: Desk, { json }: Flags, isDone: boolean, what: string): ExitCode {
  if (json) sayJson(desk, { done: isDone })
  else if (isDone) say(desk, what)
  else complain(desk, 'Ничего не изменилось: объявлений и не было.')
  return isDone ? 0 : 1
}

function readTrouble(text: string | undefined): Trouble {
  const trouble = troubles.find(each => each === text)
  if (trouble) return trouble
  throw new UnusableInput(
    `--trouble: что случилось, ${troubles.map(each => `${each} (${troubleTitles[each]})`).join(', ')}.`,
  )
}

function lasting(text: string): number {
  const ms = milliseconds(text)
  if (ms !== undefined && ms >= 60_000 && ms <= 7 * 86_400_000) return ms
  throw new UnusableInput('--for: сколько времени, от 1m до 7d, например 30m или 2h.')
}

async function idpOf(desk: Desk, configuration: Configuration, wanted: string | undefined): Promise<string> {
  const known = (await currentTrust(configuration, desk.clock)).idps.map(({ entityId }) => entityId)
  const [only] = known
  if (wanted === undefined && known.length === 1) return only!
  if (wanted !== undefined && known.includes(wanted)) return wanted
  throw new UnusableInput(`--idp: о каком поставщике речь, ${known.join(', ')}.`)
}
