import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { restoreBackup, type Restored } from '../compose-restore.js'
import { JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { operatorOf } from './operator.js'
import { passphraseIn } from './passphrase.js'
import { shownTime } from './printable.js'

interface Flags {
  readonly into: string
  readonly passphraseFile?: string
  readonly keys?: string
  readonly overwrite?: true
  readonly check?: true
  readonly json?: true
}

export const restore: CommandMaker = (desk, finish) =>
  newCommand(desk, 'restore', {
    about:
      'Puts a backup in its place. Before anything is touched it is read to its end: that it is unaltered, that the database in it is whole and not ' +
      'newer than this program, and that the keys of the database, which are not in it, are the right ones. Whoever was signed in must sign in again.',
    examples: [
      'bridge-2026-11-29.backup --passphrase-file backup.pass --keys /media/usb --into /var/lib/bridge',
      'bridge-2026-11-29.backup --passphrase-file backup.pass --keys /media/usb --check',
    ],
    exitCodes: '0 restored (or would be), 2 refused, and nothing was changed',
  })
    .argument('<file>', 'the backup')
    .option('--passphrase-file <file>', 'file with its passphrase')
    .option('--into <folder>', 'where bridge.yaml goes, and what it names', '.')
    .option('--keys <folder>', 'where the keys of the database lie, when not yet where bridge.yaml names them')
    .option('--overwrite', 'replace what stands there; it stays beside it as *.replaced-TIME')
    .option('--check', 'look, and change nothing')
    .option(...JSON_FLAG)
    .action(async (file: string, flags: Flags) => {
      finish(await put(desk, file, flags))
    })

async function put(desk: Desk, file: string, flags: Flags): Promise<ExitCode> {
  if (!existsSync(file)) throw new UnusableInput(`${file} does not exist. Check the path.`)
  const restored = await restoreBackup({
    file,
    passphrase: await passphraseIn(flags.passphraseFile),
    folder: resolve(flags.into),
    ...(flags.keys !== undefined && { keys: resolve(flags.keys) }),
    env: desk.env,
    now: desk.clock.now(),
    by: operatorOf(desk),
    overwrite: flags.overwrite === true,
    checkOnly: flags.check === true,
  })
  const checked = flags.check === true
  if (flags.json) sayJson(desk, { ...restored, restored: !checked })
  else say(desk, ...told(restored, file, checked))
  return 0
}

function told({ contents, database, elsewhere, leftBehind }: Restored, file: string, checked: boolean): string[] {
  const at = shownTime(Date.parse(contents.madeAt))
  const state = `made on ${at} by version ${contents.bridge}, schema version ${contents.schema}`
  if (checked) return [`${file} is whole, ${state}; passphrase and keys fit. Nothing was changed.`]
  return [
    `${database}  restored as it was on ${at} (${state})`,
    ...contents.files.map(({ path }) => `  ${path}`),
    ...elsewhere.map(({ was, is }) => `  ${was} lay outside of the folder; it is now ${is}: move it back`),
    ...leftBehind.map(path => `  deleted, left by a backup or restore that was cut off: ${path}`),
    ...contents.variables.map(name => `  variable ${name} is not in a backup: set it again`),
    '',
    `What happened after ${at} is not in it. Do again: lists that were imported, decisions of schools, codes that were taken back or used,`,
    'and before all consents that were withdrawn: look through the acts of destruction since that day (withdraw-consent).',
    'Then: npx --no-install bridge doctor, and start the bridge.',
  ]
}
