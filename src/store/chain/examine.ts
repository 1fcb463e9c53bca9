/** Walks along the whole chain and says where it does not hold. Reads only. */
import { sql, type Kysely } from 'kysely'
import type { Examined, Finding, FindingKind, Period } from '../../login/chain-ports.js'
import type { AuditRow, Tables } from '../tables.js'
import { cutsOf, isUnproven, macOf, markOf, openBegin, openTaken, type Entry } from './entries.js'
import type { Stamps } from './stamp.js'

/** Entries read at a time. */
const PAGE = 50

interface Examination {
  readonly db: Kysely<Tables>
  readonly stamps: Stamps
  readonly found: (finding: Finding) => void
}

interface Course {
  readonly isCut: (seq: number) => boolean
  before: Entry | undefined
  unstampedTo: number
  entries: number
  rows: number
}

export async function examine(examination: Examination, period: Period): Promise<Examined> {
  const { db } = examination
  const course: Course = { isCut: await cutsOf(db), before: undefined, unstampedTo: 0, entries: 0, rows: 0 }
  let prunedTo = 0
  for (let some = PAGE; some === PAGE;) {
    const entries = await db
      .selectFrom('audit_chain')
      .selectAll()
      .where('position', '>', course.before?.position ?? 0)
      .orderBy('position')
      .limit(PAGE)
      .execute()
    for (const entry of entries) {
      if (entry.kind === 'base') prunedTo = entry.position
      await examineEntry(examination, course, entry, period)
    }
    some = entries.length
  }
  await examineOutside(examination)
  const loose = await examineLoose(examination, course.unstampedTo)
  const head = course.before && { position: course.before.position, mac: macOf(course.before) }
  return { entries: course.entries, rows: course.rows, loose, ...(head && { head }), prunedTo }
}

async function examineEntry(
  { db, stamps, found }: Examination,
  course: Course,
  entry: Entry,
  period: Period,
): Promise<void> {
  const { before } = course
  const { position, at } = entry
  const isFirst = before === undefined && (position === 1 || entry.kind === 'base')
  const isNext = isFirst || (before !== undefined && position === before.position + 1)
  // behind a gap nobody can say whether the entry is true, but for what it says about its rows
  if (!isNext) found({ kind: 'entry-missing', position: position - 1, at })
  else if (stamps.entry(entry, before ? macOf(before) : '') !== entry.mac)
    found({ kind: 'entry-changed', position, at })
  if (entry.kind === 'begin' || entry.kind === 'base') course.unstampedTo = openBegin(entry)
  course.before = entry
  course.entries += 1
  if (entry.kind !== 'rows' || !within(entry, period)) return
  const rows = await db.selectFrom('audit_events').selectAll().where('entry', '=', position).execute()
  course.rows += rows.length
  for (const finding of findingsIn(entry, rows, { ...course, stamps })) found(finding)
}

const within = ({ at }: Entry, { from = -Infinity, to = Infinity }: Period): boolean => from <= at && at <= to

function findingsIn(
  entry: Entry,
  rows: readonly AuditRow[],
  { isCut, stamps, unstampedTo }: Pick<Course, 'isCut' | 'unstampedTo'> & { readonly stamps: Stamps },
): readonly Finding[] {
  const { position, at } = entry
  const found: Finding[] = []
  const taken = new Map(openTaken(entry))
  for (const row of rows) {
    const mark = taken.get(row.seq)
    taken.delete(row.seq)
    if (mark === undefined) found.push(about('row-inserted', row, position))
    else if (markOf(row, stamps, unstampedTo) !== mark) found.push(about('row-changed', row, position))
    else if (isUnproven(mark)) found.push(about('row-unproven', row, position))
  }
  for (const seq of taken.keys()) if (!isCut(seq)) found.push({ kind: 'row-missing', seq, position, at })
  return found
}

/** Rows that claim an entry which is not there, and rows that stand there twice. */
async function examineOutside({ db, found }: Examination): Promise<void> {
  const lost = db
    .selectFrom('audit_events')
    .selectAll()
    .where('entry', 'is not', null)
    .where(eb => {
      const same = eb.selectFrom('audit_chain').select('position').whereRef('position', '=', 'audit_events.entry')
      return eb.not(eb.exists(same.where('kind', '=', 'rows')))
    })
  for (const row of await lost.execute()) found(about('row-inserted', row))
  const doubled = await db
    .selectFrom('audit_events')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('stamp', 'is not', null)
    .groupBy('stamp')
    .having(sql`count(*)`, '>', 1)
    .execute()
  for (const { seq } of doubled) found({ kind: 'row-doubled', seq })
}

async function examineLoose({ db, stamps, found }: Examination, unstampedTo: number): Promise<number> {
  const begun = await db.selectFrom('audit_chain').select('position').limit(1).executeTakeFirst()
  const rows = await db.selectFrom('audit_events').selectAll().where('entry', 'is', null).orderBy('seq').execute()
  // before the chain begins, rows without a stamp are those of an older version
  const upTo = begun ? unstampedTo : Infinity
  for (const row of rows) if (isUnproven(markOf(row, stamps, upTo))) found(about('row-unproven', row))
  return rows.length
}

const about = (kind: FindingKind, { seq, at, what, number }: AuditRow, position?: number): Finding => ({
  kind,
  seq,
  ...(position !== undefined && { position }),
  at,
  what,
  ...(number !== null && { number }),
})
