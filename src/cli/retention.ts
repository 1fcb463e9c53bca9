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
    say(desk, dryRun ? 'Would be deleted:' : 'Deleted:', ...lines)
  }
  return 0
}
