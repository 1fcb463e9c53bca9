import { systemChance } from '../base/chance.js'
import { newRequestNumber, parseRequestNumber } from '../base/request-number.js'
import { openJournals, openStoreOf } from '../compose.js'
import type { Consent } from '../consent/consent.js'
import { withdrawConsents, type Withdrawn } from '../login/withdrawing.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'

interface Flags {
  readonly config: string
  readonly journal?: string
  readonly login?: string
  readonly yes?: true
  readonly json?: true
}

export const withdrawConsent: CommandMaker = (desk, finish) =>
  newCommand(desk, 'withdraw-consent', {
    about:
      'Withdraws consents for somebody who wrote or came to the school: by the request number of the login in which one was given, or by the ' +
      'account. Entry is closed at once, sessions end, the journals are told, and the destruction of what was kept is ordered. ' +
      'Without --yes it only shows whose consents are meant.',
    examples: ['D7FW-2NQ9', '--journal sgo --login p-1001 --yes'],
    exitCodes: '0 withdrawn (or shown), 1 nothing stands to be withdrawn, 2 it is not said whose',
  })
    .argument('[number]', 'request number of the login in which the consent was given')
    .option(...CONFIG)
    .option('--journal <id>', 'with --login: the journal of the account')
    .option('--login <login>', 'with --journal: the account, as the journal knows it')
    .option('--yes', 'withdraw, not only show')
    .option(...JSON_FLAG)
    .action(async (number: string | undefined, flags: Flags) => {
      finish(await withdraw(desk, number, flags))
    })

async function withdraw(desk: Desk, number: string | undefined, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  const store = await openStoreOf(configuration)
  try {
    const found = await meant(store, configuration, number, flags)
    const standing = found.filter(({ ended }) => ended === undefined)
    if (standing.length === 0) {
      complain(desk, 'There is no such consent that still stands.')
      return 1
    }
    const nature = { clock: desk.clock, chance: systemChance }
    const ports = {
      ...store,
      ...nature,
      journals: openJournals(configuration, nature),
      ...(configuration.consent && { consentTerms: configuration.consent }),
    }
    const under = newRequestNumber(systemChance)
    const done = flags.yes ? await withdrawConsents(ports, standing, 'operator', under) : undefined
    if (flags.json) sayJson(desk, asJson(standing, under, done))
    else
      say(
        desk,
        ...standing.map(shown),
        ...(done ? told(done, under) : ['Nothing was withdrawn: say --yes when these are meant.']),
      )
    return 0
  } finally {
    await store.close()
  }
}

const WHOSE = 'Say whose consent: the request number of its login, or --journal with --login.'

type Reading = Pick<Awaited<ReturnType<typeof openStoreOf>>, 'consents' | 'roster'>

/** @throws UnusableInput unless exactly one way was said */
async function meant(
  store: Reading,
  { settings }: Configuration,
  number: string | undefined,
  { journal, login }: Flags,
): Promise<readonly Consent[]> {
  if ((number !== undefined) === (journal !== undefined || login !== undefined)) throw new UnusableInput(WHOSE)
  if (number !== undefined) {
    const parsed = parseRequestNumber(number)
    if (parsed === undefined)
      throw new UnusableInput(`${oneLine(number)} is no request number. One looks like D7FW-2NQ9.`)
    return store.consents.byNumber(parsed)
  }
  if (journal === undefined || login === undefined) throw new UnusableInput(WHOSE)
  const known = settings.journals.find(each => each.journal.id === journal)
  if (!known) throw new UnusableInput(`There is no journal ${oneLine(journal)}.`)
  const accounts = await store.roster.byLogin(journal, known.journal.schools, login)
  const all = await Promise.all(accounts.map(({ accountId }) => store.consents.ofAccount(accountId)))
  const people = new Set(all.flat().map(({ person }) => person))
  if (people.size > 1)
    throw new UnusableInput(
      'Several people agreed for this account. Withdraw by the request number of the login of each.',
    )
  return all.flat()
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

const shown = ({ journal, school, role, version, at, number, details }: Consent): string =>
  `${number}  ${day(at)}  text ${version}  ${school} ${journal} ${role} ${details ? oneLine(details.login) : '(destroyed)'}`

const told = ({ consents, sessions, destroyAt }: Withdrawn, number: string): readonly string[] => [
  `Withdrawn: ${consents.length}. Sessions ended: ${sessions}; the running bridge tells the journals within a minute.`,
  `What was kept is destroyed on ${day(destroyAt)}, unless the consent is given again before.`,
  `Number of the withdrawal: ${number}. Afterwards: npx --no-install bridge destruction-act --person-number ${number}`,
]

const asJson = (standing: readonly Consent[], number: string, done: Withdrawn | undefined) => ({
  withdrawn: done !== undefined,
  ...(done && { number, sessions: done.sessions, destroyAt: new Date(done.destroyAt).toISOString() }),
  consents: standing.map(({ number: given, at, version, hash, school, journal, role, person }) => ({
    ...{ number: given, at: new Date(at).toISOString(), version, hash, school, journal, role, person },
  })),
})
