import { openStoreOf } from '../compose.js'
import { named } from '../identity/codes-wanted.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CLASS, codesFor, LOGIN, ROLE, type CodesFlags } from './codes-input.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { checkPlace, JOURNAL, SCHOOL } from './roster-input.js'

interface Flags extends CodesFlags {
  readonly all?: true
}

export const revokeCodes: CommandMaker = (desk, finish) =>
  newCommand(desk, 'revoke-codes', {
    about:
      'Takes codes back that were made and not used yet: of one account, of a class, of a role, or all of the school in this ' +
      'journal. Whoever has bound an account already keeps it.',
    examples: [
      '--journal sgo --school school-1 --login p-1001',
      '--journal sgo --school school-1 --class 5А',
      '--journal sgo --school school-1 --all',
    ],
    exitCodes: '0 taken back, 1 there was none, 2 unusable input',
  })
    .requiredOption(...JOURNAL)
    .requiredOption(...SCHOOL)
    .option(...CLASS)
    .option(...ROLE)
    .option(...LOGIN)
    .option('--all', 'all codes of the school in this journal')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await run(desk, flags))
    })

async function run(desk: Desk, flags: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(flags.config, desk.env)
  checkPlace(configuration, flags)
  const of = codesFor(flags)
  if (Object.keys(of).length > 0 === (flags.all === true))
    throw new UnusableInput('Скажите, чьи коды отозвать: --login, --class, --role, или все сразу: --all.')
  const { journal, school } = flags
  const store = await openStoreOf(configuration)
  try {
    const listed = await store.roster.entries({ journal, school })
    const entries = flags.all ? listed : named(listed, of)
    const now = desk.clock.now()
    const revoked = await store.codes.revoke(
      entries.map(({ accountId }) => accountId),
      now,
      codes => ({ at: now, what: 'code.revoked', result: 'ok', journal, facts: { school, codes } }),
    )
    if (flags.json) sayJson(desk, { revoked })
    else say(desk, revoked > 0 ? `Отозвано кодов: ${revoked}.` : 'Отзывать нечего: действующих кодов у выбранных нет.')
    return revoked > 0 ? 0 : 1
  } finally {
    await store.close()
  }
}
