import { isoTime } from '../base/clock.js'
import { parseRequestNumber } from '../base/request-number.js'
import type { AuditEvent } from '../audit/audit.js'
import { parseSnils } from '../words/snils.js'
import { periodOf, type AuditWork } from './audit-work.js'
import { complain, say, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { readInput } from './input.js'
import { oneLine } from './printable.js'
import { noteViewed } from './viewed.js'

/** Of one person; more than anybody's years. */
const MOST = 100_000

type Chosen = AsyncIterable<AuditEvent> | Iterable<AuditEvent>

export async function exportAudit(work: AuditWork): Promise<ExitCode> {
  const { desk, flags } = work
  const print = flags.csv ? asTable(desk) : (event: AuditEvent) => say(desk, JSON.stringify(shown(event)))
  const { from = -Infinity, to = Infinity } = periodOf(flags)
  let count = 0
  for await (const event of await chosen(work)) {
    if (event.at < from || event.at > to) continue
    print(event)
    count += 1
  }
  if (count === 0) complain(desk, 'There is no such event.')
  return count > 0 ? 0 : 1
}

async function chosen({ desk, store, flags }: AuditWork): Promise<Chosen> {
  const { audit } = store
  const { number: text, person, from, to } = flags
  if (text !== undefined && person !== undefined) throw new UnusableInput('Say --number or --person, not both.')
  if (text !== undefined) {
    const number = parseRequestNumber(text)
    if (number === undefined)
      throw new UnusableInput(`${oneLine(text)} is no request number. One looks like D7FW-2NQ9.`)
    await noteViewed(desk, audit, 'audit export', { number })
    return audit.byNumber(number)
  }
  if (person !== undefined) return ofPerson(desk, store, person)
  if (from === undefined && to === undefined)
    throw new UnusableInput('Say which events: --from and --to, --number, or --person.')
  await noteViewed(desk, audit, 'audit export', { facts: { from: from ?? '', to: to ?? '' } })
  return audit.between(periodOf(flags))
}

async function ofPerson(desk: Desk, { audit, pseudonyms }: AuditWork['store'], given: string): Promise<Chosen> {
  const text = given === '-' ? String(await readInput(desk, '-')).trim() : given
  const snils = given === '-' ? parseSnils(text) : undefined
  if (snils === undefined && !/^[\w-]{43}$/.test(text))
    throw new UnusableInput(
      given === '-'
        ? 'On stdin stood neither a СНИЛС nor a name of the audit (43 letters).'
        : 'That is no name of the audit (43 letters). A СНИЛС is read from stdin only, so that it stays out of the history of the shell: --person -',
    )
  const names = snils === undefined ? [text] : await pseudonyms.ofSnils(snils)
  const events = [...(await audit.ofPerson(names, 0, MOST))].reverse()
  const found = new Set(events.flatMap(({ person }) => person ?? []))
  for (const name of found) await noteViewed(desk, audit, 'audit export', { person: name })
  return events
}

const shown = ({ at, ...event }: AuditEvent) => ({ at: isoTime(at), ...event })

const COLUMNS = [
  'at', 'what', 'result', 'number', 'code', 'address', 'device', 'idp', 'authnMethod', 'person', 'journal', 'accountId', 'facts', 'checks',
] as const // prettier-ignore

function asTable(desk: Desk): (event: AuditEvent) => void {
  say(desk, COLUMNS.join(','))
  return event => {
    const values: Readonly<Record<string, unknown>> = shown(event)
    say(desk, COLUMNS.map(column => cell(values[column])).join(','))
  }
}

/** RFC 4180; what a table program would take for a formula begins with an apostrophe. */
function cell(value: unknown): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`
}
