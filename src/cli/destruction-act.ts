import { parseRequestNumber } from '../base/request-number.js'
import type { AuditEvent } from '../audit/audit.js'
import { openStoreOf } from '../compose.js'
import type { Destruction } from '../login/consent-ports.js'
import { loadConfiguration } from '../settings/configuration.js'
import { actOf, printAct, type Act } from './act-text.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly personNumber?: string
  readonly all?: true
  readonly json?: true
}

export const destructionAct: CommandMaker = (desk, finish) =>
  newCommand(desk, 'destruction-act', {
    about:
      'Prints the act that personal data were destroyed, with the extract of the event log (order of Роскомнадзор of 28.10.2022 № 179), to be ' +
      'completed and signed: of one withdrawal, by its number, or of all.',
    examples: ['--person-number D7FW-2NQ9', '--all --json'],
    exitCodes: '0 printed, 1 nothing was destroyed (yet), 2 unusable input',
  })
    .option(...CONFIG)
    .option('--person-number <number>', 'number of the withdrawal, as the person or the operator got it')
    .option('--all', 'every destruction that was carried out')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await act(desk, flags))
    })

async function act(desk: Desk, flags: Flags): Promise<ExitCode> {
  const { personNumber, all } = flags
  if ((personNumber !== undefined) === (all === true))
    throw new UnusableInput('Say which: --person-number with the number of the withdrawal, or --all.')
  const number = personNumber === undefined ? undefined : parseRequestNumber(personNumber)
  if (personNumber !== undefined && number === undefined)
    throw new UnusableInput(`${oneLine(personNumber)} is no number. One looks like D7FW-2NQ9.`)
  const configuration = loadConfiguration(flags.config, desk.env)
  const store = await openStoreOf(configuration)
  try {
    const found = number === undefined ? await store.destructions.all() : await store.destructions.byNumber(number)
    const { settings } = configuration
    const acts: Act[] = []
    for (const destruction of found.filter(({ done }) => done !== undefined)) {
      const log = await store.audit.byNumber(destruction.number)
      acts.push(actOf(destruction, about(log, destruction), settings))
    }
    if (flags.json) sayJson(desk, { acts, waiting: found.filter(isWaiting).map(waiting) })
    else say(desk, ...acts.map(printAct), ...found.filter(isWaiting).map(told))
    if (found.length === 0) complain(desk, 'No withdrawal of this number is known.')
    return acts.length > 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

const about = (log: readonly AuditEvent[], { accountId }: Destruction): readonly AuditEvent[] =>
  log.filter(
    event => event.what.startsWith('consent.') || (event.what === 'data.destroyed' && event.accountId === accountId),
  )

const isWaiting = ({ done }: Destruction): boolean => done === undefined

const waiting = ({ number, dueAt, calledOffAt }: Destruction) => ({
  number,
  ...(calledOffAt === undefined
    ? { dueAt: new Date(dueAt).toISOString() }
    : { calledOffAt: new Date(calledOffAt).toISOString() }),
})

const told = ({ number, dueAt, calledOffAt }: Destruction): string =>
  calledOffAt === undefined
    ? `${number}: ещё не уничтожено, срок ${new Date(dueAt).toISOString().slice(0, 10)}.`
    : `${number}: уничтожение отменено ${new Date(calledOffAt).toISOString().slice(0, 10)}: согласие дано снова.`
