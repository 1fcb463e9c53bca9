import { parseRequestNumber } from '../base/request-number.js'
import { refusals } from '../base/refusals.js'
import type { AuditEvent } from '../audit/audit.js'
import { openStoreOf } from '../compose.js'
import { loadConfiguration } from '../settings/configuration.js'
import { shownChecks, shownRefusal, whoMustAct } from './checks-shown.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly json?: true
}

export const explain: CommandMaker = (desk, finish) =>
  newCommand(desk, 'explain', {
    about:
      'Tells what happened in the login with this request number, check by check, and who must act. The number stands on ' +
      'every page that says no; it may be typed with a Russian keyboard.',
    examples: ['D7FW-2NQ9', 'д7фш2нк9 --config bridge.yaml'],
    exitCodes: '0 explained, 1 nothing is known under this number, 2 this cannot be a number',
  })
    .argument('<number>', 'request number, e.g. D7FW-2NQ9')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (number: string, flags: Flags) => {
      finish(await tell(desk, number, flags))
    })

async function tell(desk: Desk, text: string, { config, json }: Flags): Promise<ExitCode> {
  const number = parseRequestNumber(text)
  if (number === undefined)
    throw new UnusableInput(
      `${oneLine(text)} is no request number. One looks like D7FW-2NQ9: eight letters and digits.`,
    )
  const store = await openStoreOf(loadConfiguration(config, desk.env))
  const events = await store.audit.byNumber(number).finally(() => store.close())
  if (json) sayJson(desk, { number, events: events.map(withMeaning) })
  else if (events.length > 0)
    say(desk, ...events.flatMap((event, i) => shownEvent(event, i === 0 ? undefined : events[i - 1])))
  else complain(desk, `Nothing is known under ${number}. Ask for the number again, letter by letter.`)
  return events.length > 0 ? 0 : 1
}

const withMeaning = ({ at, code, ...event }: AuditEvent) => ({
  at: new Date(at).toISOString(),
  ...event,
  ...(code !== undefined && { code, meaning: refusals[code].meaning, whoMustAct: whoMustAct(code) }),
})

/** Who and where is said again only when it changed on the way. */
function shownEvent(event: AuditEvent, before: AuditEvent | undefined): string[] {
  const who = [
    ['address', event.address, before?.address],
    ['device', event.device, before?.device],
    ['IdP', event.idp, before?.idp],
    ['signed in by', event.authnMethod, before?.authnMethod],
    ['person', event.person, before?.person],
    ['journal', event.journal, before?.journal],
    ['account', event.accountId, before?.accountId],
  ].flatMap(([name, now, then]) => (now === undefined || now === then ? [] : [row(name!, now)]))
  const facts = Object.entries(event.facts ?? {}).map(([name, value]) => row(name, String(value)))
  return [
    `${new Date(event.at).toISOString()}  ${event.what}  ${event.result}`,
    ...who,
    ...facts,
    ...(event.code === undefined ? [] : shownRefusal(event.code).map(line => `  ${line}`)),
    ...(event.checks ? ['  Checks:', ...shownChecks(event.checks, '    ')] : []),
    '',
  ]
}

const row = (name: string, value: string): string => `  ${name.padEnd(13)} ${oneLine(value)}`
