import type { Facts } from '../base/refusal.js'
import { parseRequestNumber, type RequestNumber } from '../base/request-number.js'
import { refusals } from '../base/refusals.js'
import { remedies } from '../base/remedies.js'
import type { AuditEvent } from '../audit/audit.js'
import { currentTrust, openStoreOf } from '../compose.js'
import { questionOf, type Question } from '../queue/question.js'
import { loadConfiguration } from '../settings/configuration.js'
import { shownChecks, shownRefusal, whoMustAct } from './checks-shown.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { letterToIdp } from './letter.js'
import { oneLine } from './printable.js'
import { told as shownQuestion } from './requests.js'

interface Flags {
  readonly config: string
  readonly json?: true
  readonly letter?: true
}

export const explain: CommandMaker = (desk, finish) =>
  newCommand(desk, 'explain', {
    about:
      'Tells what happened in the login with this request number, check by check, and who must act. The number stands on ' +
      'every page that says no; it may be typed with a Russian keyboard. When the IdP must act, a letter to its people is ' +
      'printed that can be sent as it stands.',
    examples: ['D7FW-2NQ9', 'д7фш2нк9 --config bridge.yaml', 'D7FW-2NQ9 --letter > letter.txt'],
    exitCodes: '0 explained, 1 nothing is known under this number, 2 this cannot be a number',
  })
    .argument('<number>', 'request number, e.g. D7FW-2NQ9')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .option('--letter', 'print only the letter to the people of the IdP')
    .action(async (number: string, flags: Flags) => {
      finish(await tell(desk, number, flags))
    })

async function tell(desk: Desk, text: string, { config, json, letter: onlyLetter }: Flags): Promise<ExitCode> {
  const number = parseRequestNumber(text)
  if (number === undefined)
    throw new UnusableInput(
      `${oneLine(text)} is no request number. One looks like D7FW-2NQ9: eight letters and digits.`,
    )
  const configuration = loadConfiguration(config, desk.env)
  const store = await openStoreOf(configuration)
  const { events, questions } = await known(store, number).finally(() => store.close())
  const letter = letterToIdp({ configuration, trust: await currentTrust(configuration, desk.clock) }, number, events)
  const asked = questions.map(({ request: { number, kind, school, decided } }) => ({
    number,
    kind,
    school,
    open: !decided,
  }))
  if (json) sayJson(desk, { number, events: events.map(withMeaning), asked, ...(letter !== undefined && { letter }) })
  else if (events.length === 0)
    complain(
      desk,
      `Nothing is known under ${number}. Ask for the number again, letter by letter. ` +
        'Pages that say "there is no such page" are written down 30 times a minute at most: the number of a further one stands in the log only.',
    )
  else if (onlyLetter) return sayLetter(desk, letter)
  else say(desk, ...told(events), ...putToSchools(questions), ...(letter === undefined ? [] : [LETTER, '', letter]))
  return events.length > 0 ? 0 : 1
}

type Memory = Pick<Awaited<ReturnType<typeof openStoreOf>>, 'audit' | 'requests' | 'roster'>

interface Known {
  readonly events: readonly AuditEvent[]
  readonly questions: readonly Question[]
}

async function known({ audit, requests, roster }: Memory, number: RequestNumber): Promise<Known> {
  const [events, asked] = await Promise.all([audit.byNumber(number), requests.byNumber(number)])
  return { events, questions: await Promise.all(asked.map(request => questionOf({ requests, roster }, request))) }
}

/** The login waits for a school, or has waited; without names. */
const putToSchools = (questions: readonly Question[]): readonly string[] =>
  questions.flatMap(question => [
    question.request.decided ? 'Вопрос школе решён:' : 'Ждёт решения школы:',
    ...shownQuestion(question, false).map(line => `  ${line}`),
    question.request.decided
      ? `  Отменить: npx --no-install bridge take-back-request ${question.request.number}`
      : `  Решить: npx --no-install bridge decide-request ${question.request.number} --grant|--decline --reason "…"`,
    '',
  ])

const LETTER = 'The IdP must act. This letter to its people can be sent as it stands (--letter prints it alone):'

function sayLetter(desk: Desk, letter: string | undefined): ExitCode {
  if (letter === undefined) complain(desk, 'Nothing of this is for the IdP to mend, so there is no letter to write.')
  else say(desk, letter)
  return letter === undefined ? 1 : 0
}

const told = (events: readonly AuditEvent[]): string[] =>
  events.flatMap((event, i) => shownEvent(event, i === 0 ? undefined : events[i - 1]))

const withMeaning = ({ at, code, ...event }: AuditEvent) => ({
  at: new Date(at).toISOString(),
  ...event,
  ...(code !== undefined && {
    code,
    meaning: refusals[code].meaning,
    whoMustAct: whoMustAct(code),
    whatToDo: remedies[code],
  }),
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
  const facts = Object.entries(event.facts ?? {}).filter(
    ([name, value]) => !CLOCKS.includes(name) && !isSaid(event, value),
  )
  return [
    `${new Date(event.at).toISOString()}  ${event.what}  ${event.result}${before ? later(event.at - before.at) : ''}`,
    ...who,
    ...facts.map(([name, value]) => row(name, String(value))),
    ...clocks(event.facts ?? {}),
    ...(event.code === undefined ? [] : shownRefusal(event.code).map(line => `  ${line}`)),
    ...(event.checks ? ['  Checks:', ...shownChecks(event.checks, '    ')] : []),
    '',
  ]
}

/** Stands in another row, or beside the check that failed. */
function isSaid({ journal, checks = [] }: AuditEvent, value: string | number | boolean): boolean {
  const failed = checks.filter(({ result }) => result === 'fail')
  const said = failed.flatMap(({ check, expected = '', found = '' }) => [check, expected, found])
  return value === journal || said.some(text => text === value || text.split(/[ ,]+/).includes(String(value)))
}

const later = (ms: number): string => `  (${(ms / 1000).toFixed(1)} s later)`

const CLOCKS: readonly string[] = ['drift', 'usualDrift']

/** Seconds by which the IdP's clock was ahead, as the login wrote them down. */
function clocks({ drift, usualDrift }: Facts): string[] {
  if (typeof drift !== 'number') return []
  const words = (seconds: number) =>
    seconds === 0 ? 'together with ours' : `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours`
  const usual = typeof usualDrift === 'number' ? ` (usually ${words(usualDrift)})` : ''
  return [row("IdP's clock", `${words(drift)}${usual}`)]
}

const row = (name: string, value: string): string => `  ${name.padEnd(13)} ${oneLine(value)}`
