import { openStoreOf } from '../compose.js'
import { retain } from '../login/retaining.js'
import { loadConfiguration } from '../settings/configuration.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'

interface Flags {
  readonly config: string
  readonly dryRun?: true
  readonly json?: true
}

export const retention: CommandMaker = (desk, finish) =>
  newCommand(desk, 'retention', {
    about:
      'Deletes what is past the times that the section `retention` of the settings allows, as the running bridge does by itself four times a day. ' +
      'With --dry-run it only counts.',
    examples: ['--dry-run', ''],
    exitCodes: '0 done, or counted; 2 the settings or the database cannot be used',
  })
    .option(...CONFIG)
    .option('--dry-run', 'count what would go, delete nothing')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await keepTimes(desk, flags))
    })

const titles = {
  loginAudit: 'events of ordinary logins',
  securityAudit: 'other events',
  unlinked: 'questions about people without an account',
  consents: 'records of consents',
} as const

/** What the settings do not give a time. */
const others = {
  choices: 'wishes about notices of people who have no account and no session any more',
  devices: 'devices that were not seen for a year, or are no longer trusted',
  messages: 'notices that nobody could send for two days',
  creations: 'accounts that a journal was asked for and never answered about',
  created: 'accounts made at a first login that nobody has had for 30 days or more',
} as const

async function keepTimes(desk: Desk, { config, dryRun, json }: Flags): Promise<ExitCode> {
  const configuration = loadConfiguration(config, desk.env)
  const limits = configuration.settings.retention
  const store = await openStoreOf(configuration)
  const { clock } = desk
  const work = dryRun ? store.retention.plan(clock.now(), limits) : retain({ ...store, clock }, limits)
  const counts = await work.finally(() => store.close())
  if (json) sayJson(desk, { deleted: dryRun !== true, ...counts })
  else {
    const lines = (Object.keys(titles) as (keyof typeof titles)[]).map(
      kind => `${String(counts[kind]).padStart(8)}  ${titles[kind]} older than ${limits[kind] / 86_400_000} days`,
    )
    const more = (Object.keys(others) as (keyof typeof others)[]).map(
      kind => `${String(counts[kind]).padStart(8)}  ${others[kind]}`,
    )
    say(desk, dryRun ? 'Would be deleted:' : 'Deleted:', ...lines, ...more)
  }
  return 0
}
