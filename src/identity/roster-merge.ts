/** Rows of the same account -> one record. A parent stands once for each child, a class teacher once for each class. */
import type { Child } from '../words/account.js'
import type { Snils } from '../words/snils.js'
import { foldName } from './names.js'
import type { RosterRecord } from './roster.js'
import type { Remarks } from './roster-remarks.js'
import type { Draft } from './roster-rows.js'

/** Rows that contradict an earlier row of the same account are refused in `remarks`. */
export function mergeDrafts(drafts: readonly Draft[], remarks: Remarks): RosterRecord[] {
  const accounts = new Map<string, Draft>()
  for (const draft of drafts) {
    const key = `${draft.role} ${draft.login}`
    const before = accounts.get(key)
    const conflict = before && conflictOf(before, draft)
    if (conflict !== undefined) remarks.refuse(draft.line, `${conflict} (строка ${before!.line})`, 'Логин')
    else accounts.set(key, before ? join(before, draft) : draft)
  }
  noteShared(accounts.values(), remarks)
  return Array.from(accounts.values(), recordOf)
}

function recordOf(draft: Draft): RosterRecord {
  const record: RosterRecord & { line?: number } = { ...draft }
  delete record.line
  return record
}

/** More than any family or timetable has; also keeps a hostile file linear. */
const MAX_CHILDREN = 30
const MAX_CLASSES = 60
const classesOf = (draft: Draft): string[] => draft.className?.split(', ') ?? []

function conflictOf(before: Draft, draft: Draft): string | undefined {
  const [a, b] = [before.person, draft.person]
  const unlike = <T>(x: T | undefined, y: T | undefined) => x !== undefined && y !== undefined && x !== y
  const names = [`${a.lastName} ${a.firstName}`, `${b.lastName} ${b.firstName}`].map(foldName)
  if (names[0] !== names[1] || unlike(folded(a.middleName), folded(b.middleName)))
    return 'этот логин уже стоит у человека с другим именем'
  if (unlike(a.birthDate, b.birthDate)) return 'этот логин уже стоит с другой датой рождения'
  if (unlike(before.snils, draft.snils)) return 'этот логин уже стоит с другим СНИЛС'
  if (draft.role === 'pupil' && unlike(before.className, draft.className))
    return 'этот ученик уже стоит в другом классе'
  if (before.children.length >= MAX_CHILDREN) return `у этого логина больше ${MAX_CHILDREN} детей`
  if (classesOf(before).length >= MAX_CLASSES) return `у этого логина больше ${MAX_CLASSES} классов`
  const twin = draft.children.some(child =>
    before.children.some(known => known.id === child.id && !sameName(known, child)),
  )
  if (twin) return 'код ребёнка уже стоит у другого ребёнка этого родителя'
  const otherwise = draft.children.some(child =>
    before.children.some(known => known.id === child.id && authority.some(field => unlike(known[field], child[field]))),
  )
  return otherwise ? 'этот ребёнок уже стоит у этого родителя с другим родством или сроком' : undefined
}

const authority = ['relation', 'from', 'until'] as const

const folded = (name: string | undefined): string | undefined => (name === undefined ? undefined : foldName(name))
const sameName = (a: Child, b: Child): boolean => foldName(a.name) === foldName(b.name)

/** What one row leaves out, another may know. */
function join(before: Draft, draft: Draft): Draft {
  const classes = [...new Set([...classesOf(before), ...classesOf(draft)])]
  const known = new Set(before.children.map(child => child.id))
  const completed = before.children.map(child => ({ ...draft.children.find(({ id }) => id === child.id), ...child }))
  return {
    ...draft,
    ...before,
    person: { ...draft.person, ...before.person },
    children: [...completed, ...draft.children.filter(child => !known.has(child.id))],
    ...(classes.length > 0 && { className: classes.join(', ') }),
  }
}

/** Such a number opens no account (identity.ambiguous); the school learns it now and not from an angry parent. */
function noteShared(drafts: Iterable<Draft>, remarks: Remarks): void {
  const holders = new Map<Snils, Draft[]>()
  for (const draft of drafts) {
    if (!draft.snils) continue
    const group = holders.get(draft.snils)
    if (group) group.push(draft)
    else holders.set(draft.snils, [draft])
  }
  for (const group of holders.values()) {
    const names = new Set(group.map(({ person }) => foldName(person.firstName)))
    const births = new Set(group.map(({ person }) => person.birthDate).filter(date => date !== undefined))
    if (names.size > 1 || births.size > 1) for (const { line } of group) remarks.note('snils-shared', line)
  }
}
