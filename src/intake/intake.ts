/**
 * Intake: lists that arrive in folders become the roster. Each file is taken up by a rename, imported in one transaction that
 * remembers it, and put away with a report; wherever that is cut off, the next round goes on and imports nothing twice.
 * Does not touch: how a list is read and judged (identity).
 * Called by: serve, on a timer; the command line, once.
 */
import type { Audit } from '../audit/audit.js'
import { randomId, type Chance } from '../base/chance.js'
import type { Clock } from '../base/clock.js'
import { importRoster, RosterFileError, type RosterImport } from '../identity/roster-import.js'
import { readMapping } from '../identity/roster-mapping.js'
import type { ImportPlan, Roster } from '../identity/roster.js'
import { told } from '../identity/roster-told.js'
import type { SchoolCode } from '../words/school.js'
import { contentOf, look, putAway, takeUp, type Taken } from './folder.js'
import type { Intake } from './ports.js'

export interface Inbox {
  readonly journal: string
  readonly school: SchoolCode
  readonly folder: string
  /** Reads the mapping file anew, so that it can be mended without a restart. @throws RosterFileError, RangeError */
  readonly mapping?: () => { readonly text: string; readonly name: string }
}

export interface IntakePorts {
  readonly roster: Pick<Roster, 'plan'>
  readonly intake: Intake
  readonly audit: Audit
  readonly clock: Clock
  readonly chance: Chance
}

/** What became of one file. */
export interface Handled {
  readonly journal: string
  readonly school: SchoolCode
  readonly name: string
  readonly outcome: 'done' | 'failed'
  /** Where it lies now. */
  readonly path: string
  /** Russian lines: what also stands in the report. */
  readonly said: readonly string[]
}

/** One look into one folder. @throws RangeError in a sentence when there is no such folder; whatever the store throws */
export async function takeIn(ports: IntakePorts, inbox: Inbox): Promise<Handled[]> {
  const { taken, ready } = await look(inbox.folder, ports.clock.now())
  const handled: (Handled | undefined)[] = []
  for (const file of taken) handled.push(await handle(ports, inbox, file))
  for (const name of ready) {
    const file = await takeUp(inbox.folder, name, randomId(ports.chance))
    handled.push(file && (await handle(ports, inbox, file)))
  }
  return handled.filter(each => each !== undefined)
}

async function handle(ports: IntakePorts, inbox: Inbox, file: Taken): Promise<Handled | undefined> {
  const octets = await contentOf(file)
  if (!octets) return undefined
  const { outcome, said } = await judge(ports, inbox, file.token, octets)
  const at = new Date(ports.clock.now()).toISOString()
  const report = [`${at} журнал ${inbox.journal}, школа ${inbox.school}, файл ${file.name}`, ...said, ''].join('\n')
  const path = await putAway(inbox.folder, file, outcome, report)
  return { journal: inbox.journal, school: inbox.school, name: file.name, outcome, path, said }
}

type Verdict = Pick<Handled, 'outcome' | 'said'>

const BEFORE: Verdict = {
  outcome: 'done',
  said: ['Файл уже был загружен, а отложить его помешал сбой. Второй раз ничего не записано.'],
}

async function judge(ports: IntakePorts, inbox: Inbox, token: string, octets: Uint8Array): Promise<Verdict> {
  if (await ports.intake.taken(token)) return BEFORE
  try {
    const imported = await importOnce(ports, inbox, token, octets)
    return { outcome: imported.written ? 'done' : 'failed', said: told(imported) }
  } catch (error) {
    if (error instanceof TakenBefore) return BEFORE
    if (!(error instanceof RosterFileError)) throw error
    await ports.audit.record({ ...eventOf(ports, inbox), result: 'refused' })
    return { outcome: 'failed', said: [error.message] }
  }
}

/** Another round has imported the file meanwhile. */
class TakenBefore extends Error {
  override readonly name = 'TakenBefore'
}

/** @throws TakenBefore, RosterFileError */
async function importOnce(ports: IntakePorts, inbox: Inbox, token: string, octets: Uint8Array): Promise<RosterImport> {
  const { journal, school } = inbox
  const written = inbox.mapping?.()
  const once: Pick<Roster, 'plan' | 'replace'> = {
    plan: (...asked) => ports.roster.plan(...asked),
    async replace(_journal, _school, records, replacing) {
      const event = (plan: ImportPlan) => ({ ...eventOf(ports, inbox), facts: { school, ...sizes(plan) } })
      const plan = await ports.intake.take({ ...replacing, token, journal, school, records, event })
      if (!plan) throw new TakenBefore()
      return plan
    },
  }
  const imported = await importRoster(once, octets, {
    journal,
    school,
    dryRun: false,
    now: ports.clock.now(),
    ...(written && { mapping: readMapping(written.text, written.name) }),
  })
  if (!imported.written) await ports.audit.record({ ...eventOf(ports, inbox), result: 'refused' })
  return imported
}

const eventOf = ({ clock }: IntakePorts, { journal, school }: Inbox) =>
  ({ at: clock.now(), what: 'roster.imported', result: 'ok', journal, facts: { school } }) as const

/** Numbers alone: what the audit may keep. */
export const sizes = ({ added, changed, unchanged, missing }: ImportPlan) => ({
  added: added.length,
  changed: changed.length,
  unchanged,
  missing: missing.length,
})
