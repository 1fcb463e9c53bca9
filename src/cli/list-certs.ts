import { writeFile } from 'node:fs/promises'
import { currentTrust } from '../compose.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { daysLeft, expiriesOf, withValidity, SOON, type Expiry, type ExpiryKind } from '../settings/expiries.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { expiryCalendar } from './expiry-calendar.js'
import { columns, oneLine, shownTime } from './printable.js'

interface Flags {
  readonly config: string
  readonly json?: true
  readonly ics?: string
}

export const listCerts: CommandMaker = (desk, finish) =>
  newCommand(desk, 'list-certs', {
    about:
      'Lists our certificates, those of the IdPs, and how long metadata are valid, the first to end first; writes a calendar of it.',
    examples: ['', '--config bridge.yaml --json', '--ics expiries.ics'],
    exitCodes: '0 fine, 1 something expires within 30 days or has expired, 2 the settings cannot be used',
  })
    .option(...CONFIG)
    .option('--ics <file>', 'write a calendar (RFC 5545) with reminders 60, 30, 14, 7 and 1 days before')
    .option(...JSON_FLAG)
    .action(async (flags: Flags) => {
      finish(await list(desk, flags))
    })

async function list(desk: Desk, { config, json, ics }: Flags): Promise<ExitCode> {
  const now = desk.clock.now()
  const all = await expiriesIn(loadConfiguration(config, desk.env), desk)
  if (ics !== undefined) await writeCalendar(ics, expiryCalendar(all, titleOf, now))
  if (json)
    sayJson(desk, {
      certificates: all.map(each => ({ of: titleOf(each), ...each, daysLeft: daysLeft(each.notAfter, now) })),
    })
  else {
    say(desk, ...table(all, now))
    if (ics !== undefined) say(desk, '', `${ics}: the calendar was written; a later one replaces its events.`)
  }
  return all.some(({ notAfter }) => notAfter <= now + SOON) ? 1 : 0
}

async function expiriesIn(configuration: Configuration, { clock }: Desk): Promise<readonly Expiry[]> {
  const trust = await currentTrust(configuration, clock)
  return expiriesOf({ secrets: configuration.secrets, idps: withValidity(trust) })
}

async function writeCalendar(file: string, calendar: string): Promise<void> {
  await writeFile(file, calendar).catch((error: unknown) => {
    throw new UnusableInput(`${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'}).`)
  })
}

const roles: Readonly<Record<ExpiryKind, string>> = {
  'sp-signing': 'ours, for signing',
  'sp-encryption': 'ours, for encryption',
  'idp-signing': 'signing of',
  'idp-metadata': 'metadata of',
}

const titleOf = ({ kind, idp }: Expiry): string => oneLine([roles[kind], idp ?? ''].join(' '))

function table(all: readonly Expiry[], now: number): string[] {
  const rows = all.map(each => {
    const days = daysLeft(each.notAfter, now)
    return [shownTime(each.notAfter).slice(0, 10), days < 0 ? 'EXPIRED' : String(days), each.state ?? '', titleOf(each)]
  })
  const heads = columns([['until', 'days left', 'state', 'whose'], ...rows], '')
  const more = all.map(({ subject, key, sha256, notBefore }) => [
    ...(sha256 === undefined ? [] : [`    SHA-256 ${sha256}`]),
    ...(subject === undefined || notBefore === undefined
      ? []
      : [`    ${oneLine(subject) || '(no name)'}, ${key ?? ''}, from ${shownTime(notBefore).slice(0, 10)}`]),
  ])
  return [heads[0]!, ...all.flatMap((_, i) => [heads[i + 1]!, ...more[i]!])]
}
