import { systemChance } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import { refusals } from '../base/refusals.js'
import type { Deposit, Entry, HandOff, Passage } from '../journals/connector.js'
import { checkState } from '../journals/journals.js'
import { kinds } from '../journals/kinds.js'
import { checkReturnAddress } from '../journals/return-address.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import type { JournalSettings } from '../settings/settings.js'
import { personal, type Released } from '../words/released.js'
import { toolsFor } from './check-journal/forge.js'
import { read, tokenIn } from './check-journal/jwt.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { entryOf, findActor, journalOf } from './rehearsal.js'
import { printable } from './printable.js'
import { formOctets } from './form-octets.js'

interface Flags {
  readonly journal: string
  readonly person: string
  readonly role?: string
  readonly school?: string
  readonly child?: string
  readonly state?: string
  readonly return?: string
  readonly showPerson?: true
  readonly config: string
  readonly json?: true
}

export const previewHandOff: CommandMaker = (desk, finish) =>
  newCommand(desk, 'preview-hand-off', {
    about:
      'Shows what a journal would get for a person of the roster, byte for byte: address, headers, body, and what its server would ' +
      'fetch. Nothing is written and nothing sent. What is shown opens no journal: without --show-person names are hidden and the ' +
      'keys made up, with it the hand-off is an hour old.',
    examples: [
      '--journal sgo --person p-1001',
      '--journal sgo --person "112-233-445 95" --child c-501 --state abc --return https://sgo.school.example/diary/',
    ],
    exitCodes: '0 shown, 1 the person would be refused, 2 it is not clear who is meant',
  })
    .requiredOption('--journal <id>', 'id of the journal in the settings')
    .requiredOption('--person <who>', 'login in the journal, or a СНИЛС')
    .option('--role <role>', 'which of several accounts')
    .option('--school <code>', 'the same by school')
    .option('--child <code>', 'which of several children')
    .option('--state <text>', 'state that the journal gave along')
    .option('--return <url>', 'address to which the journal wants the person back')
    .option('--show-person', 'show names, numbers and the signature as they are')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await preview(desk, flags))
    })

async function preview(desk: Desk, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  const journal = journalOf(configuration, flags.journal)
  try {
    const shown = await handOffFor(desk, configuration, journal, flags)
    if (flags.json) sayJson(desk, shown)
    else say(desk, ...told(shown))
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code } = error
    if (flags.json) sayJson(desk, { refused: code, meaning: refusals[code].meaning })
    else say(desk, `Nothing is handed over: ${code}. ${refusals[code].meaning}`)
    return 1
  }
}

interface Shown {
  readonly journal: string
  readonly kind: string
  readonly account: { readonly login: string; readonly role: string; readonly school: string; readonly child?: string }
  readonly method: 'GET' | 'POST'
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** What the token says, laid open. */
  readonly token?: { readonly header: object; readonly claims: object }
  /** What the bridge would keep until the journal's server fetches it. */
  readonly deposit?: Deposit['content']
  readonly notes: readonly string[]
}

const AN_HOUR = 3_600_000

async function handOffFor(
  desk: Desk,
  configuration: Configuration,
  journal: JournalSettings,
  { person, role, school, child, state, return: returnTo, showPerson }: Flags,
): Promise<Shown> {
  checkState(state, journal.journal)
  const to = returnTo === undefined ? undefined : checkReturnAddress(returnTo, journal.journal)
  const actor = await findActor(configuration, journal, { who: person, role, school, child })
  const whole = showPerson === true
  const now = () => desk.clock.now() - (whole ? AN_HOUR : 0)
  const entry = entryOf(actor, configuration, journal, { now: now(), chance: systemChance, returnTo: to, state })
  const { kind, block } = journal.connector
  const tools = toolsFor(configuration, journal, whole ? {} : { key: 'other' }, now)
  const passage = kinds
    .get(kind)!
    .open(block, tools)
    .handOff(whole ? entry : masked(entry))
  const { account, child: shownChild } = actor.choice
  return {
    ...{ journal: journal.journal.id, kind },
    account: {
      ...{ login: account.login, role: account.role, school: account.school },
      ...(shownChild && { child: shownChild.id }),
    },
    ...request(passage.handOff),
    ...inside(passage),
    notes: notesOn(whole),
  }
}

/** Names keep their first letter, numbers their last digits; everything else keeps its length. */
function masked(entry: Entry): Entry {
  const given = Object.entries(entry.person.given).map(([name, value]) => [
    name,
    (personal as ReadonlySet<string>).has(name) ? mask(value) : value,
  ])
  return { ...entry, person: { ...entry.person, given: Object.fromEntries(given) as Released } }
}

const mask = (value: string): string =>
  /^[\d\s()+-]+$/.test(value) ? value.replace(/\d(?=.*\d\d)/gs, '*') : value.replace(/(?<=.)[\p{L}\p{N}]/gsu, '*')

function request(handOff: HandOff): Pick<Shown, 'method' | 'address' | 'headers' | 'body'> {
  const { to } = handOff
  if (handOff.how === 'redirect') return { method: 'GET', address: to.href, headers: { Host: to.host } }
  const body = formOctets(handOff.fields, handOff.charset)
  const headers = {
    Host: to.host,
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(body.length),
  }
  return { method: 'POST', address: to.href, headers, body }
}

function inside({ handOff, deposit }: Passage): Pick<Shown, 'token' | 'deposit'> {
  const token = tokenIn(handOff)
  const { header, claims } = token ? read(token[1]) : {}
  return { ...(header && claims && { token: { header, claims } }), ...(deposit && { deposit: deposit.content }) }
}

const notesOn = (whole: boolean): readonly string[] => [
  whole
    ? 'The hand-off is an hour old, so no careful journal takes it.'
    : 'Names are hidden and the keys made up: the signature is none of ours. See --show-person.',
  "Names are those of the school's list, as the IdP may spell them otherwise; what only the IdP knows is missing, and with its number of the person the pairwise name is another one.",
]

function told(shown: Shown): readonly string[] {
  const { login, role, school, child } = shown.account
  const json = (value: object) => JSON.stringify(value, undefined, 2)
  return [
    `Journal ${shown.journal} (${shown.kind}), account ${login}: ${[role, school, child].filter(Boolean).join(', ')}`,
    '',
    `${shown.method} ${shown.address}`,
    ...Object.entries(shown.headers).map(([name, value]) => `${name}: ${value}`),
    ...(shown.body === undefined ? [] : ['', shown.body]),
    ...(shown.token ? ['', 'The token says:', json(shown.token.header), json(shown.token.claims)] : []),
    ...(shown.deposit
      ? ['', "What the bridge would keep for the journal's server, to be fetched once:", json(shown.deposit)]
      : []),
    '',
    ...shown.notes,
  ].map(printable)
}
