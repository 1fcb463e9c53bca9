import type { Facts } from '../base/refusal.js'
import { parseRequestNumber, type RequestNumber } from '../base/request-number.js'
import { refusals } from '../base/refusals.js'
import { remedies } from '../base/remedies.js'
import type { AuditEvent } from '../audit/audit.js'
import { currentTrust, openStoreOf } from '../compose.js'
import { questionOf, type Question } from '../queue/question.js'
import { loadConfiguration } from '../settings/configuration.js'
import { shownChecks, whoMustAct } from './checks-shown.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { explainWords, type ExplainWords } from './explain-words.js'
import { LANGUAGE, languageOf, type Language } from './language.js'
import { letterToIdp } from './letter.js'
import { oneLine } from './printable.js'
import { told as shownQuestion } from './requests.js'
import { noteViewed } from './viewed.js'

interface Flags {
  readonly config: string
  readonly json?: true
  readonly letter?: true
  readonly language?: string
}

export const explain: CommandMaker = (desk, finish) =>
  newCommand(desk, 'explain', {
    about:
      'Tells what happened in the login with this request number, check by check, and who must act. The number stands on ' +
      'every page that says no; it may be typed with a Russian keyboard. When the IdP must act, a letter to its people is ' +
      'printed that can be sent as it stands.',
    examples: [
      'D7FW-2NQ9',
      'д7фш2нк9 --config bridge.yaml',
      'D7FW-2NQ9 --letter > letter.txt',
      'D7FW-2NQ9 --language ru',
    ],
    exitCodes: '0 explained, 1 nothing is known under this number, 2 this cannot be a number',
  })
    .argument('<number>', 'request number, e.g. D7FW-2NQ9')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .option('--letter', 'print only the letter to the people of the IdP')
    .option(...LANGUAGE)
    .action(async (number: string, flags: Flags) => {
      finish(await tell(desk, number, flags))
    })

async function tell(desk: Desk, text: string, flags: Flags): Promise<ExitCode> {
  const { config, json, letter: onlyLetter } = flags
  const language = languageOf(desk, flags.language)
  const words = explainWords[language]
  const number = parseRequestNumber(text)
  if (number === undefined) throw new UnusableInput(words.notNumber(oneLine(text)))
  const configuration = loadConfiguration(config, desk.env)
  const store = await openStoreOf(configuration)
  const { events, questions } = await known(desk, store, number).finally(() => store.close())
  const letter = letterToIdp({ configuration, trust: await currentTrust(configuration, desk.clock) }, number, events)
  const asked = questions.map(({ request: { number, kind, school, decided } }) => ({
    number,
    kind,
    school,
    open: !decided,
  }))
  if (json) sayJson(desk, { number, events: events.map(withMeaning), asked, ...(letter !== undefined && { letter }) })
  else if (events.length === 0) complain(desk, words.unknown(number))
  else if (onlyLetter) return sayLetter(desk, letter, words)
  else
    say(
      desk,
      ...told(events, language),
      ...putToSchools(questions),
      ...(letter === undefined ? [] : [words.letter, '', letter]),
    )
  return events.length > 0 ? 0 : 1
}

type Memory = Pick<Awaited<ReturnType<typeof openStoreOf>>, 'audit' | 'requests' | 'roster'>

interface Known {
  readonly events: readonly AuditEvent[]
  readonly questions: readonly Question[]
}

async function known(desk: Desk, { audit, requests, roster }: Memory, number: RequestNumber): Promise<Known> {
  const [all, asked] = await Promise.all([audit.byNumber(number), requests.byNumber(number)])
  const events = all.filter(({ what }) => what !== 'record.viewed')
  if (all.length > 0) await noteViewed(desk, audit, 'explain', { number })
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

function sayLetter(desk: Desk, letter: string | undefined, { noLetter }: ExplainWords): ExitCode {
  if (letter === undefined) complain(desk, noLetter)
  else say(desk, letter)
  return letter === undefined ? 1 : 0
}

const told = (events: readonly AuditEvent[], language: Language): string[] =>
  events.flatMap((event, i) => shownEvent(event, i === 0 ? undefined : events[i - 1], language))

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

const WHO = ['address', 'device', 'idp', 'authnMethod', 'person', 'journal', 'accountId'] as const

/** Who and where is said again only when it changed on the way. */
function shownEvent(event: AuditEvent, before: AuditEvent | undefined, language: Language): string[] {
  const words = explainWords[language]
  const row = (name: string, value: string): string => `  ${name.padEnd(words.width)} ${oneLine(value)}`
  const who = WHO.flatMap(name => {
    const now = event[name]
    return now === undefined || now === before?.[name] ? [] : [row(words.labels[name], now)]
  })
  const facts = Object.entries(event.facts ?? {}).filter(
    ([name, value]) => !CLOCKS.includes(name) && !isSaid(event, value),
  )
  const clock = clocks(event.facts ?? {}, words)
  return [
    `${new Date(event.at).toISOString()}  ${words.head(event)}${before ? later(event.at - before.at, words) : ''}`,
    ...who,
    ...facts.map(([name, value]) => row(words.fact(name), words.value(String(value)))),
    ...(clock === undefined ? [] : [row(words.labels.clock, clock)]),
    ...(event.code === undefined ? [] : words.refusal(event.code).map(line => `  ${line}`)),
    ...(event.checks ? [`  ${words.checks}`, ...shownChecks(event.checks, '    ', language)] : []),
    '',
  ]
}

/** Stands in another row, or beside the check that failed. */
function isSaid({ journal, checks = [] }: AuditEvent, value: string | number | boolean): boolean {
  const failed = checks.filter(({ result }) => result === 'fail')
  const said = failed.flatMap(({ check, expected = '', found = '' }) => [check, expected, found])
  return value === journal || said.some(text => text === value || text.split(/[ ,]+/).includes(String(value)))
}

const later = (ms: number, words: ExplainWords): string => `  ${words.later((ms / 1000).toFixed(1))}`

const CLOCKS: readonly string[] = ['drift', 'usualDrift']

/** Seconds by which the IdP's clock was ahead, as the login wrote them down. */
function clocks({ drift, usualDrift }: Facts, words: ExplainWords): string | undefined {
  if (typeof drift !== 'number') return undefined
  const usual = typeof usualDrift === 'number' ? ` ${words.usually(words.drift(usualDrift))}` : ''
  return `${words.drift(drift)}${usual}`
}
