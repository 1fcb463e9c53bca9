/**
 * Command line: one file a command, all listed here.
 * Does not touch: pages, cookies; it judges nothing itself and asks the rooms.
 * Called by: the launchers in scripts/.
 */
import { Command, CommanderError } from 'commander'
import { isSentence } from '../base/sentences.js'
import { anomalies } from './anomalies.js'
import { audit } from './audit.js'
import { backup } from './backup.js'
import { banner } from './banner.js'
import { checkConfig } from './check-config.js'
import { checkJournal } from './check-journal/check-journal.js'
import { checkMetadataFile } from './check-metadata.js'
import { spokenAt, type CommandMaker } from './command.js'
import { complain, systemDesk, type Desk, type ExitCode } from './desk.js'
import { decideRequest, takeBackRequest } from './decide-request.js'
import { destructionAct } from './destruction-act.js'
import { doctor } from './doctor/doctor.js'
import { endSessions } from './end-sessions.js'
import { explain } from './explain.js'
import { idpMetadata } from './idp-metadata.js'
import { importFolder } from './import-folder.js'
import { importRosterFile } from './import-roster.js'
import { init } from './init/init.js'
import { inspectMessage } from './inspect-message.js'
import { listCerts } from './list-certs.js'
import { makeAssertion } from './make-assertion.js'
import { makeCerts } from './make-certs.js'
import { makeCodes } from './make-codes.js'
import { rehearseRoster } from './rehearse-roster.js'
import { revokeCodes } from './revoke-codes.js'
import { rosterReport } from './roster-report.js'
import { requests } from './requests.js'
import { rotateCerts } from './rotate-certs.js'
import { moveDatabaseCommand } from './move-database.js'
import { previewHandOff } from './preview-hand-off.js'
import { printSpMetadata } from './sp-metadata.js'
import { restore } from './restore.js'
import { rotateDataKey } from './rotate-data-key.js'
import { retention } from './retention.js'
import { testMessage } from './test-message.js'
import { validateAssertion } from './validate-assertion.js'
import { withdrawConsent } from './withdraw-consent.js'

const commands: readonly CommandMaker[] = [
  validateAssertion,
  inspectMessage,
  makeAssertion,
  printSpMetadata,
  checkMetadataFile,
  idpMetadata,
  makeCerts,
  listCerts,
  rotateCerts,
  rotateDataKey,
  importRosterFile,
  importFolder,
  rehearseRoster,
  rosterReport,
  makeCodes,
  revokeCodes,
  init,
  checkConfig,
  doctor,
  testMessage,
  explain,
  audit,
  endSessions,
  withdrawConsent,
  destructionAct,
  requests,
  decideRequest,
  takeBackRequest,
  anomalies,
  banner,
  retention,
  backup,
  restore,
  moveDatabaseCommand,
  checkJournal,
  previewHandOff,
]

/** Runs one command line and never ends the process: what was printed may still be on its way. */
export async function runCommand(args: readonly string[], desk: Desk = systemDesk): Promise<ExitCode> {
  let code: ExitCode = 0
  const finish = (found: ExitCode): void => void (code = found)
  try {
    await program(desk, finish).parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof Error)) throw error
    complain(
      desk,
      isSentence(error) ? error.message : `This is a bug in the bridge, not in your input.\n${error.stack ?? ''}`,
    )
    return 2
  }
}

function program(desk: Desk, finish: (code: ExitCode) => void): Command {
  const all = new Command('bridge')
    .description('The bridge between the government IdP and school e-journals, from the command line.')
    .helpOption('-h, --help', 'show this help; "bridge COMMAND --help" tells more')
    .helpCommand(false)
    .configureOutput(spokenAt(desk, 'bridge'))
    .exitOverride()
  for (const make of commands) all.addCommand(make(desk, finish))
  return all
}
