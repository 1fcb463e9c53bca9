import type { RequestNumber } from '../base/request-number.js'
import { requestKinds, type RequestKind, type SchoolRequest } from '../identity/requests.js'
import { decide, NO_ACCOUNT, readReason, REASON, takeBack, type NotDecided, type TakenBack } from '../queue/decide.js'
import { questionOf } from '../queue/question.js'
import { withSought } from '../queue/sought.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'
import { atQueue, readNumbers, signedOut, type QueueDesk } from './queue-desk.js'

interface Which {
  readonly config: string
  readonly school?: string
  readonly kind?: string
  readonly json?: true
}

interface Flags extends Which {
  readonly grant?: true
  readonly decline?: true
  readonly login?: string
  readonly withoutAccount?: true
  readonly reason?: string
}

const SCHOOL = ['--school <code>', 'when a number stands for several questions: the one to this school'] as const
const KIND = ['--kind <kind>', `when a number stands for several questions: ${requestKinds.join(', ')}`] as const

export const decideRequest: CommandMaker = (desk, finish) =>
  newCommand(desk, 'decide-request', {
    about:
      'Decides questions to a school by their request numbers, each by itself: a yes gives the account to who asks and takes ' +
      'it from who has it, and whoever loses it is signed out. The reason is kept; for 30 days take-back-request undoes it.',
    examples: [
      'D7FW-2NQ9 --grant --reason "показала паспорт, заявление № 12"',
      'D7FW-2NQ9 --grant --login p-1002 --reason "сверено с личным делом"',
      'D7FW-2NQ9 J5SV-88LZ --decline --reason "не родитель этого ребёнка"',
    ],
    exitCodes: '0 all are decided, 1 some are not (it is said why), 2 unusable input',
  })
    .argument('<numbers...>', 'request numbers')
    .option('--grant', 'yes')
    .option('--decline', 'no')
    .option('--login <login>', 'with --grant: which account, when the question names several')
    .option(
      '--without-account',
      'with --grant, about a child: the list is mended or a code printed, and no account is given',
    )
    .option('--reason <text>', 'why; kept with the decision')
    .option(...SCHOOL)
    .option(...KIND)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (numbers: string[], flags: Flags) => {
      const verdict = readVerdict(flags)
      finish(await each(desk, numbers, flags, (at, request) => decideOne(at, request, verdict)))
    })

export const takeBackRequest: CommandMaker = (desk, finish) =>
  newCommand(desk, 'take-back-request', {
    about:
      'Takes decisions of the last 30 days back: the account returns to who had it before, who got it is signed out, and the ' +
      'question is open again.',
    examples: ['D7FW-2NQ9'],
    exitCodes: '0 all are taken back, 1 some are not (it is said why), 2 unusable input',
  })
    .argument('<numbers...>', 'request numbers')
    .option(...SCHOOL)
    .option(...KIND)
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (numbers: string[], flags: Which) => {
      finish(await each(desk, numbers, flags, takeBackOne))
    })

interface Verdict {
  readonly granted: boolean
  readonly reason: string
  readonly login?: string
  readonly accountId?: typeof NO_ACCOUNT
}

/** @throws UnusableInput */
function readVerdict({ grant, decline, login, withoutAccount, reason: text }: Flags): Verdict {
  if ((grant === true) === (decline === true)) throw new UnusableInput('Скажите одно из двух: --grant или --decline.')
  if ((decline || login !== undefined) && withoutAccount)
    throw new UnusableInput('--without-account нужен только вместе с --grant и без --login.')
  if (decline && login !== undefined) throw new UnusableInput('--login нужен только вместе с --grant.')
  const reason = readReason(text)
  if (reason === undefined)
    throw new UnusableInput(`Назовите причину: --reason "…", от ${REASON.least} до ${REASON.most} знаков.`)
  return {
    ...{ granted: grant ?? false, reason },
    ...(login !== undefined && { login }),
    ...(withoutAccount && { accountId: NO_ACCOUNT }),
  }
}

interface Outcome {
  readonly number: RequestNumber
  readonly done: boolean
  readonly result: string
  readonly lines: readonly string[]
}

type Act = (at: QueueDesk, request: SchoolRequest) => Promise<Omit<Outcome, 'number'>>

async function each(desk: Desk, texts: readonly string[], which: Which, act: Act): Promise<ExitCode> {
  const numbers = readNumbers(texts)
  if (which.kind !== undefined && !requestKinds.includes(which.kind as RequestKind))
    throw new UnusableInput(`--kind бывает ${requestKinds.join(', ')}.`)
  const outcomes = await atQueue(desk, which.config, async at => {
    const outcomes: Outcome[] = []
    for (const number of numbers) outcomes.push({ number, ...(await one(at, number, which, act)) })
    return outcomes
  })
  const failed = outcomes.filter(({ done }) => !done)
  if (which.json) sayJson(desk, { requests: outcomes.map(({ number, done, result }) => ({ number, done, result })) })
  else for (const { number, done, lines } of outcomes) tell(desk, done, [`${number}  ${lines[0]}`, ...lines.slice(1)])
  return failed.length > 0 ? 1 : 0
}

const tell = (desk: Desk, done: boolean, lines: readonly string[]): void =>
  lines.forEach(line => (done ? say(desk, line) : complain(desk, line)))

/** A number of one login may stand for a question to each of two schools, or of two kinds. */
async function one(at: QueueDesk, number: RequestNumber, { school, kind }: Which, act: Act) {
  const all = await at.ports.requests.byNumber(number)
  const meant = all.filter(each => (school ?? each.school) === each.school && (kind ?? each.kind) === each.kind)
  if (meant.length === 0) return no('unknown', 'такого вопроса нет: проверьте номер, --school и --kind')
  if (meant.length === 1) return act(at, meant[0]!)
  const names = meant.map(each => `--school ${each.school} --kind ${each.kind}`).join('; ')
  return no('several', `под этим номером несколько вопросов, назовите один: ${names}`)
}

const no = (result: string, why: string): Omit<Outcome, 'number'> => ({ done: false, result, lines: [why] })

async function decideOne({ ports, actor }: QueueDesk, found: SchoolRequest, { login, ...verdict }: Verdict) {
  const request = await withSought(ports, found)
  const { accounts } = await questionOf(ports, request)
  const named = accounts.filter(({ entry }) => entry?.login === login)
  if (login !== undefined && named.length !== 1) return no('other-account', notDecided['other-account'])
  const accountId = named[0] && login !== undefined ? named[0].id : verdict.accountId
  const decision = await decide(ports, request, { ...verdict, ...(accountId !== undefined && { accountId }) }, actor)
  if (decision.result === 'which-account') {
    const logins = accounts.flatMap(({ entry }) => (entry ? oneLine(entry.login) : [])).sort()
    return no(decision.result, `${notDecided['which-account']} ${logins.join(', ')}`)
  }
  if (decision.result !== 'decided') return no(decision.result, notDecided[decision.result])
  const said = !verdict.granted
    ? 'отказано: журнал останется закрытым'
    : verdict.accountId === NO_ACCOUNT
      ? 'отвечено: человек видит, что школа ответила'
      : 'разрешено: в следующий раз журнал откроется'
  return { done: true, result: decision.result, lines: [said, ...signedOut(decision.ended)] }
}

const notDecided: Readonly<Record<NotDecided, string>> = {
  'decided-before': 'уже решено; чтобы решить иначе, сначала take-back-request',
  'no-account': 'учётной записи нет в последнем списке школы, дать её нельзя: загрузите список, где она есть',
  'which-account': 'вопрос о нескольких учётных записях, назовите одну: --login',
  'other-account': 'в этом вопросе нет учётной записи с таким логином',
  unknown: 'такого вопроса больше нет',
}

async function takeBackOne({ ports, actor }: QueueDesk, request: SchoolRequest) {
  const taken = await takeBack(ports, request, actor)
  if (taken.result !== 'taken-back') return no(taken.result, notTakenBack[taken.result])
  return {
    done: true,
    result: taken.result,
    lines: ['решение отменено, вопрос снова открыт', ...signedOut(taken.ended)],
  }
}

const notTakenBack: Readonly<Record<Exclude<TakenBack['result'], 'taken-back'>, string>> = {
  'too-late': 'решению больше 30 дней, отменить его уже нельзя',
  held: 'учётная запись тем временем перешла третьему человеку: решите сначала с ней',
  'asked-again': 'тот же вопрос уже задан снова под другим номером: решите его (requests)',
  unknown: 'решения нет, отменять нечего',
}
