import { isoTime } from '../base/clock.js'
import type { SchoolRequest } from '../identity/requests.js'
import {
  groundTitles,
  kindTitles,
  MOST,
  questionOf,
  viewed,
  type AskedAccount,
  type Question,
} from '../queue/question.js'
import { withSought } from '../queue/sought.js'
import { roleTitles } from '../words/account.js'
import type { AskedChild } from '../words/asked-child.js'
import { fullName } from '../words/person.js'
import { maskSnils } from '../words/snils.js'
import { UNDO_FOR } from '../words/undo.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'
import { atQueue, type QueueDesk } from './queue-desk.js'

interface Flags {
  readonly config: string
  readonly school?: string
  readonly all?: true
  readonly showPerson?: true
  readonly json?: true
}

export const requests: CommandMaker = (desk, finish) =>
  newCommand(desk, 'requests', {
    about:
      'Lists the questions that schools must decide: who may enter an account that the bridge must not give away by itself. ' +
      'People are named only with --show-person, and that they were is written into the audit.',
    examples: ['', '--school school-1 --show-person', '--all --json'],
    exitCodes: '0 no question is open, 1 some are, 2 unusable input',
  })
    .option('--school <code>', 'only this school')
    .option('--all', 'those decided within the last 30 days, too')
    .option('--show-person', 'names of who asks, of whom the list names and of who enters the account now')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await atQueue(desk, flags.config, at => list(desk, at, flags)))
    })

async function list(desk: Desk, { ports, configuration, actor }: QueueDesk, flags: Flags): Promise<ExitCode> {
  const known = configuration.settings.schools.map(({ code }) => code)
  if (flags.school !== undefined && !known.includes(flags.school))
    throw new UnusableInput(`Школы ${oneLine(flags.school)} нет в настройках; есть ${known.join(', ')}.`)
  const schools = flags.school === undefined ? known : [flags.school]
  const open = await ports.requests.open(schools, MOST)
  const since = ports.clock.now() - UNDO_FOR
  const decided = flags.all ? await ports.requests.decided(schools, since, MOST) : []
  const questions: Question[] = []
  for (const request of [...open, ...decided]) questions.push(await questionOf(ports, await withSought(ports, request)))
  if (flags.showPerson) for (const { request } of questions) await viewed(ports, request, actor)
  const people = flags.showPerson ?? false
  if (flags.json) sayJson(desk, { requests: questions.map(question => asJson(question, people)) })
  else say(desk, ...questions.flatMap(question => [...told(question, people), '']), ...summary(open.length, flags))
  return open.length > 0 ? 1 : 0
}

const summary = (open: number, { all }: Flags): readonly string[] => [
  open === 0
    ? 'Открытых вопросов нет.'
    : `Открытых вопросов: ${open}${open === MOST ? ' (показаны самые старые)' : ''}.`,
  ...(open > 0 ? ['Решить: npx --no-install bridge decide-request НОМЕР --grant|--decline --reason "…"'] : []),
  ...(all ? ['Отменить решение: npx --no-install bridge take-back-request НОМЕР'] : []),
]

/** Also said by `explain`. */
export function told({ request, accounts }: Question, people: boolean): readonly string[] {
  const { number, kind, school, journal, at, person } = request
  const born = person.birthDate === undefined ? '' : `, ${person.birthDate}`
  const snils = person.snils === undefined ? '' : `, СНИЛС ${maskSnils(person.snils)}`
  return [
    `${number}  ${kindTitles[kind]}`,
    `  школа ${school}, журнал ${journal}, с ${isoTime(at).slice(0, 16).replace('T', ' ')} UTC`,
    ...(people ? [`  просит: ${oneLine(fullName(person)) || 'без имени'}${born}${snils}`] : []),
    ...(people ? (request.children ?? []).map(child => `  ребёнок: ${oneLine(childLine(child))}`) : []),
    ...accounts.map(account => `  ${accountTold(account, people)}`),
    ...decisionTold(request),
  ]
}

const childLine = ({ lastName, firstName, birthDate, className }: AskedChild): string =>
  [`${lastName} ${firstName}`, className, birthDate].filter(Boolean).join(', ')

function accountTold({ entry, holders }: AskedAccount, people: boolean): string {
  if (!entry) return 'учётной записи нет в последнем списке школы: дать её нельзя'
  const { login, role, className, person } = entry
  const what = [roleTitles[role], className, people && `в списке ${fullName(person)}`].filter(Boolean).join(', ')
  const links = holders.map(link => {
    const since = `с ${isoTime(link.since).slice(0, 10)} ${groundTitles[link.ground]}`
    return people ? `${fullName(link) || 'без имени'} (${since})` : `другой человек (${since})`
  })
  return oneLine(`${login} (${what}); сейчас входит: ${links.join('; ') || 'никто другой'}`)
}

function decisionTold({ decided }: SchoolRequest): readonly string[] {
  if (!decided) return []
  const what = decided.granted ? 'разрешено' : 'отказано'
  return [`  ${what} ${isoTime(decided.at).slice(0, 10)}, решил ${oneLine(decided.by)}: ${oneLine(decided.reason)}`]
}

const asJson = ({ request, accounts }: Question, people: boolean) => ({
  ...{ number: request.number, kind: request.kind, school: request.school, journal: request.journal },
  since: isoTime(request.at),
  ...(people && {
    person: { ...request.person, ...(request.person.snils && { snils: maskSnils(request.person.snils) }) },
    ...(request.children && { children: request.children }),
  }),
  accounts: accounts.map(({ entry, holders }) => ({
    ...(entry && { login: entry.login, role: entry.role, className: entry.className }),
    inList: entry !== undefined,
    ...(people && entry && { listed: entry.person }),
    holders: holders.map(link => ({
      ...{ ground: link.ground, since: isoTime(link.since) },
      ...(people && { name: fullName(link) }),
    })),
  })),
  ...(request.decided && { decided: { ...request.decided, at: isoTime(request.decided.at), accountId: undefined } }),
})
