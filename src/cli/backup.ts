import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Contents } from '../backup/archive.js'
import { dropUnfinished, makeBackup, noteBackup, settingsOf } from '../compose-backup.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, type Desk, type ExitCode } from './desk.js'
import { operatorOf } from './operator.js'
import { passphraseIn } from './passphrase.js'
import { shownTime } from './printable.js'

interface Flags {
  readonly config: string
  readonly passphraseFile?: string
  readonly json?: true
}

export const backup: CommandMaker = (desk, finish) =>
  newCommand(desk, 'backup', {
    about:
      'Writes one encrypted file with the database, the settings and the files that they name, while the bridge runs. The keys of the database ' +
      '(secrets.lookup and secrets.data) are left out: whoever finds the backup must not find people in it. Keep them, and the passphrase, apart.',
    examples: [
      'bridge-2026-11-29.backup --passphrase-file /root/backup.pass',
      '/mnt/backups --passphrase-file /root/backup.pass',
    ],
    exitCodes: '0 written and read again, 2 it could not be made',
  })
    .argument('<to>', 'a new file; or a folder, in which backups older than consent.backupsKept are deleted afterwards')
    .option('--passphrase-file <file>', 'file with the passphrase, at least 16 characters')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (to: string, flags: Flags) => {
      finish(await write(desk, to, flags))
    })

const NAME = /^bridge-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.backup$/

async function write(desk: Desk, to: string, { config, passphraseFile, json }: Flags): Promise<ExitCode> {
  const passphrase = await passphraseIn(passphraseFile)
  const now = desk.clock.now()
  const isFolder = (await stat(to).catch(() => undefined))?.isDirectory() === true
  const file = isFolder ? join(to, nameAt(now)) : to
  const { settings } = settingsOf(config)
  const kept = settings.consent?.backupsKept
  const contents = await makeBackup({ config, to: file, passphrase, now })
  const leftBehind = dropUnfinished(config, dirname(file), isFolder ? NAME : basename(file))
  const notInAudit = await noteBackup({ config, env: desk.env, by: operatorOf(desk), now })
  const deleted = isFolder && kept !== undefined ? await deleteOlder(to, now - kept) : []
  const until = kept === undefined ? undefined : new Date(now + kept).toISOString()
  const octets = (await stat(file)).size
  if (json)
    sayJson(desk, {
      ...{ file, octets, ...contents, ...(until !== undefined && { until }), deleted, leftBehind },
      ...(notInAudit !== undefined && { notInAudit }),
    })
  else
    say(
      desk,
      ...told({ file, octets, contents, deleted, leftBehind, kept, now }),
      ...(notInAudit === undefined ? [] : [`  The audit does not know of it: ${notInAudit}`]),
    )
  return 0
}

const nameAt = (now: number): string =>
  `bridge-${new Date(now).toISOString().slice(0, 19).replaceAll(/:/g, '')}Z.backup`

async function deleteOlder(folder: string, than: number): Promise<string[]> {
  const old = (await readdir(folder)).filter(name => {
    const [, day, hours, minutes, seconds] = NAME.exec(name) ?? []
    return day !== undefined && Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) < than
  })
  for (const name of old) await rm(join(folder, name))
  return old
}

interface Done {
  readonly file: string
  readonly octets: number
  readonly contents: Contents
  readonly deleted: readonly string[]
  readonly leftBehind: readonly string[]
  readonly kept: number | undefined
  readonly now: number
}

function told({ file, octets, contents, deleted, leftBehind, kept, now }: Done): string[] {
  const { leftOut, variables } = contents
  return [
    `${file}  ${(octets / 1024 / 1024).toFixed(1)} MiB, encrypted; written and read again`,
    `  in it: the database (schema version ${contents.schema}) and ${contents.files.map(({ path }) => path).join(', ')}`,
    `  NOT in it, keep them apart: ${[...leftOut, ...variables.map(name => `variable ${name}`)].join(', ')} and the passphrase`,
    '  Without them nothing can be restored; with all of them in one place whoever takes it has everything.',
    ...(kept === undefined
      ? []
      : [`  Delete it by ${shownTime(now + kept)}: acts of destruction promise that (consent.backupsKept).`]),
    ...leftBehind.map(path => `  deleted, left by a backup or restore that was cut off: ${path}`),
    ...deleted.map(name => `  deleted, older than consent.backupsKept: ${name}`),
  ]
}
