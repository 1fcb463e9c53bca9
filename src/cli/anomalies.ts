import { isoTime } from '../base/clock.js'
import { parseRequestNumber } from '../base/request-number.js'
import { openStoreOf } from '../compose.js'
import { REASON, readReason } from '../queue/decide.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { milliseconds } from '../settings/values.js'
import { anomalyAsJson } from '../watch/alerts.js'
import { acknowledge, lockByHand, unlock, type Decider } from '../watch/decide.js'
import { networkOf } from '../login/failed-calls.js'
import type { Anomaly } from '../watch/ports.js'
import { lockOn } from '../watch/tell.js'
import { asTold, linesAbout, subjectTold, inMoscow } from '../watch/telling-text.js'
import type { Lock } from '../words/watched.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { operatorOf } from './operator.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly reason?: string
  readonly all?: true
  readonly for: string
  readonly json?: true
}

const DEEDS = ['list', 'acknowledge', 'unlock', 'lock'] as const
type Deed = (typeof DEEDS)[number]

export const anomalies: CommandMaker = (desk, finish) =>
  newCommand(desk, 'anomalies', {
    about:
      'What the watch has found unusual, and the locks that stand because of it. `list` shows them, `acknowledge` says that it is known and need not be ' +
      'told again, `unlock` lets a person or network in again and begins the count anew, `lock` closes the journals to one of them for a while. ' +
      'Open sessions are not ended: that is end-sessions.',
    examples: [
      'list',
      'acknowledge 4f9dKq0xPz --reason "звонили, это он"',
      'unlock 4f9dKq0xPz --reason "родитель пришёл с паспортом"',
      'unlock 203.0.113.7 --reason "это новый адрес школы"',
      'lock D7FW-2NQ9 --for 24h --reason "аккаунт украден, заявление № 3"',
      'lock 203.0.113.7 --for 1h --reason "перебор кодов"',
    ],
    exitCodes: '0 done, or nothing is open; 1 something is open, or nothing was to be done; 2 unusable input',
  })
    .argument('<what>', DEEDS.join(', '))
    .argument('[whom]', 'id of an anomaly, an address, or the request number of a login')
    .option('--reason <text>', 'why; kept with the decision')
    .option('--for <time>', 'with lock: how long, like 30m, 24h or 7d', '24h')
    .option('--all', 'with list: those that are closed, too')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (what: string, whom: string | undefined, flags: Flags) => {
      finish(await run(desk, what, whom, flags))
    })

interface At {
  readonly desk: Desk
  readonly configuration: Configuration
  readonly store: Awaited<ReturnType<typeof openStoreOf>>
  readonly flags: Flags
}

async function run(desk: Desk, what: string, whom: string | undefined, flags: Flags): Promise<ExitCode> {
  const deed = DEEDS.find(each => each === what)
  if (!deed) throw new UnusableInput(`${oneLine(what)} нельзя; можно ${DEEDS.join(', ')}.`)
  const configuration = loadConfiguration(flags.config, desk.env)
  const store = await openStoreOf(configuration)
  const at = { desk, configuration, store, flags }
  return (deed === 'list' ? list(at) : decide(at, deed, whom)).finally(() => store.close())
}

const MOST = 500

async function list({ desk, store: { watching }, flags }: At): Promise<ExitCode> {
  const now = desk.clock.now()
  const locks = await watching.locks(now)
  const found = await watching.list(flags.all ? ['open', 'acknowledged', 'closed'] : ['open', 'acknowledged'], MOST)
  const open = found.filter(({ state }) => state === 'open').length
  if (flags.json) {
    sayJson(desk, {
      anomalies: found.map(each => ({ ...each, ...anomalyAsJson(asTold(each, lockOn(each.subject, locks)?.until)) })),
      locks: locks.map(({ since, until, ...lock }) => ({ ...lock, since: isoTime(since), until: isoTime(until) })),
    })
  } else {
    for (const each of found) say(desk, ...told(each, locks), '')
    const others = locks.filter(({ subject }) => !found.some(each => lockOn(each.subject, [{ subject } as Lock])))
    for (const { subject, until } of others) say(desk, `${subjectTold(subject)}: вход закрыт до ${inMoscow(until)}`)
    say(desk, open === 0 ? 'Открытых нет.' : `Открытых: ${open}.`)
  }
  return open > 0 ? 1 : 0
}

const STATES = { open: 'открыто', acknowledged: 'известно', closed: 'закрыто' } as const

const told = (anomaly: Anomaly, locks: readonly Lock[]): readonly string[] => [
  ...linesAbout(asTold(anomaly, lockOn(anomaly.subject, locks)?.until)).map(oneLine),
  `  ${STATES[anomaly.state]}${anomaly.by === undefined ? '' : `, решил ${oneLine(anomaly.by)}: ${oneLine(anomaly.reason ?? '')}`}`,
]

async function decide(at: At, deed: Exclude<Deed, 'list'>, whom: string | undefined): Promise<ExitCode> {
  const { desk, store, flags } = at
  const reason = readReason(flags.reason)
  if (reason === undefined)
    throw new UnusableInput(`Назовите причину: --reason "…", от ${REASON.least} до ${REASON.most} знаков.`)
  if (whom === undefined) throw new UnusableInput('Скажите, о чём или о ком речь: ID, адрес или номер обращения.')
  const ports = { clock: desk.clock, watching: store.watching }
  const by: Decider = { by: operatorOf(desk), event: {} }
  const anomaly = await store.watching.find(whom)
  if (deed === 'acknowledge') {
    if (!anomaly) throw new UnusableInput(`${oneLine(whom)}: такого нет. Все ID показывает anomalies list.`)
    return done(at, await acknowledge(ports, anomaly, by, reason), 'отмечено, больше не напомним')
  }
  const subject = anomaly ? lockable(anomaly) : await subjectOf(at, whom)
  if (deed === 'unlock')
    return done(
      at,
      await unlock(ports, subject, by, reason),
      'вход открыт, счёт начат заново; мост узнает за несколько секунд',
    )
  const until = desk.clock.now() + lasting(flags.for)
  return done(at, await lockByHand(ports, subject, until, by, reason), `вход закрыт до ${inMoscow(until)}`)
}

function done({ desk, flags }: At, isDone: boolean, what: string): ExitCode {
  if (flags.json) sayJson(desk, { done: isDone })
  else if (isDone) say(desk, what)
  else complain(desk, 'Ничего не изменилось: так уже есть, или кто-то решил раньше.')
  return isDone ? 0 : 1
}

function lasting(text: string): number {
  const ms = milliseconds(text)
  if (ms !== undefined && ms >= 60_000 && ms <= 30 * 86_400_000) return ms
  throw new UnusableInput('--for: сколько времени, от 1m до 30d, например 30m, 24h или 7d.')
}

function lockable({ subject }: Anomaly): Lock['subject'] {
  const { kind, name } = subject
  if (kind !== 'code') return { kind, name }
  throw new UnusableInput('Это об отказе, а не о человеке или адресе: закрывать и открывать нечего.')
}

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/i

/** @throws UnusableInput */
async function subjectOf({ store }: At, whom: string): Promise<Lock['subject']> {
  if (ADDRESS.test(whom)) return { kind: 'network', name: networkOf(whom) }
  const number = parseRequestNumber(whom)
  const events = number === undefined ? [] : await store.audit.byNumber(number)
  const person = events.find(each => each.person !== undefined)?.person
  if (person !== undefined) return { kind: 'person', name: person }
  throw new UnusableInput(`${oneLine(whom)}: ни ID, ни адрес, ни номер обращения, под которым кто-то вошёл.`)
}
