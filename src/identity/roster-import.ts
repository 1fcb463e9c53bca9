/** The school's list, as a file, into the roster. */
import type { Instant } from '../base/clock.js'
import type { SchoolCode } from '../words/school.js'
import type { ImportPlan, Roster, RosterRecord } from './roster.js'
import { readColumns } from './roster-columns.js'
import { mergeDrafts } from './roster-merge.js'
import { newRemarks, type RefusedRow } from './roster-remarks.js'
import { readRow } from './roster-rows.js'
import { readTable, type Delimiter } from './roster-table.js'
import { readRosterText, RosterFileError, type RosterEncoding } from './roster-text.js'

export { RosterFileError, type RefusedRow }

export interface RosterReading {
  readonly records: readonly RosterRecord[]
  /** In the order of the file. */
  readonly refused: readonly RefusedRow[]
  readonly encoding: RosterEncoding
  readonly delimiter: Delimiter
  /** Rows with anything in them, the header not counted. */
  readonly rows: number
  /** Russian sentences: what was mended, left out, or will not work. */
  readonly warnings: readonly string[]
}

interface RosterCaps {
  readonly bytes: number
  readonly rows: number
}

const CAPS: RosterCaps = { bytes: 64 * 1024 * 1024, rows: 200_000 }

/**
 * Reads the file and judges every row of it; writes nothing.
 *
 * @throws RosterFileError when no row can be believed: not a CSV, a broken quote, columns missing or doubled
 */
export function readRoster(file: Uint8Array, caps: Partial<RosterCaps> = {}): RosterReading {
  const { bytes, rows: maxRows } = { ...CAPS, ...caps }
  const { text, encoding } = readRosterText(file, bytes)
  const { delimiter, header, rows } = readTable(text, maxRows)
  const columns = readColumns(header)

  const remarks = newRemarks()
  const drafts = rows.flatMap(row => readRow(row, columns, header.length, remarks))
  const records = mergeDrafts(drafts, remarks)
  const refused = remarks.refused.sort((a, b) => a.line - b.line)
  if (records.length === 0 && refused.length === 0) throw new RosterFileError('В файле нет ни одной учётной записи.')

  const ignored = columns.ignored.map(title => `«${title.slice(0, 40)}»`).join(', ')
  const warnings = [...(ignored === '' ? [] : [`Столбцы не использованы: ${ignored}.`]), ...remarks.sentences()]
  return { records, refused, encoding, delimiter, rows: rows.length, warnings }
}

interface RosterImport {
  readonly reading: RosterReading
  /** Not there when rows were refused: what they would have changed is unknown. */
  readonly plan?: ImportPlan
  readonly written: boolean
}

/** All or nothing: one refused row, and the roster stays as it was. @throws RosterFileError */
export async function importRoster(
  roster: Pick<Roster, 'plan' | 'replace'>,
  file: Uint8Array,
  { journal, school, dryRun, now }: { journal: string; school: SchoolCode; dryRun: boolean; now: Instant },
): Promise<RosterImport> {
  const reading = readRoster(file)
  if (reading.refused.length > 0) return { reading, written: false }
  if (dryRun) return { reading, plan: await roster.plan(journal, school, reading.records), written: false }
  return { reading, plan: await roster.replace(journal, school, reading.records, now), written: true }
}
