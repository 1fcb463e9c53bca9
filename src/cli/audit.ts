/** `audit verify` and `audit export`: that nobody changed the audit, and what stands in it. */
import { openStoreOf } from '../compose.js'
import { loadConfiguration } from '../settings/configuration.js'
import { exportAudit } from './audit-export.js'
import { verifyAudit } from './audit-verify.js'
import type { AuditFlags, AuditWork } from './audit-work.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { UnusableInput, type ExitCode } from './desk.js'
import { oneLine } from './printable.js'

const actions: Readonly<Record<string, (work: AuditWork) => Promise<ExitCode>>> = {
  verify: verifyAudit,
  export: exportAudit,
}

export const audit: CommandMaker = (desk, finish) =>
  newCommand(desk, 'audit', {
    about:
      'verify: walks along the chain of the audit and names every row that was changed, taken out, put in or moved, and a cut end; with --anchors ' +
      'against what the log kept elsewhere says. export: events as lines of JSON (or --csv), of a time, a person or a number; that it was done is an event itself.',
    examples: [
      'verify',
      'verify --from 2026-09-01 --anchors /var/log/bridge.log',
      'export --from 2026-09-01 --to 2026-09-30 > september.jsonl',
      'export --number D7FW-2NQ9',
      'export --person - < snils.txt',
    ],
    exitCodes:
      '0 the audit is whole, or events were exported; 1 it is not, or there is no event; 2 this cannot be done',
  })
    .argument('<action>', Object.keys(actions).join(', '))
    .option('--from <day>', 'from this day or time on (UTC)')
    .option('--to <day>', 'up to the end of this day, or this time (UTC)')
    .option('--anchors <file>', 'verify: a log, or any text, in which anchors of the audit stand')
    .option('--number <number>', 'export: everything under this request number')
    .option(
      '--person <pseudonym>',
      'export: of one person, by the name in the audit; "-" reads it, or a СНИЛС, from stdin',
    )
    .option('--csv', 'export: as a table')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (action: string, flags: AuditFlags) => {
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined
      if (!act) throw new UnusableInput(`${oneLine(action)} is no action. Known: ${Object.keys(actions).join(', ')}.`)
      const configuration = loadConfiguration(flags.config, desk.env)
      const store = await openStoreOf(configuration)
      try {
        finish(await act({ desk, configuration, store, flags }))
      } finally {
        await store.close()
      }
    })
