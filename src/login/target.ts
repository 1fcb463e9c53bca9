import { Refusal } from '../base/refusal.js'
import { checkState, findJournal } from '../journals/journals.js'
import { checkReturnAddress } from '../journals/return-address.js'
import { servesSchool } from '../words/journal.js'
import type { School } from '../words/school.js'
import type { Ports } from './ports.js'
import { cabinetQuestions, type JournalTarget, type Target } from '../words/target.js'

/** What the request asked for, as text. */
export interface Wish {
  readonly journal?: string
  readonly returnTo?: string
  readonly state?: string
  readonly school?: string
  readonly child?: string
  /** A page of ours: `school`, the school's queue. */
  readonly page?: string
  /** `home`, or the question of the cabinet that the person is to answer after a fresh sign-in. */
  readonly me?: string
  /** Of the link or consent in that question. */
  readonly id?: string
}

/**
 * From a wish to a place that exists and may be entered. Nothing of the wish is kept that was not checked.
 *
 * @throws Refusal `journal.*`, `request.malformed`
 */
export function readTarget(ports: Ports, wish: Wish): Target {
  if (wish.me !== undefined) return cabinetTarget(ports, wish.me, wish)
  if (wish.journal === undefined) return { kind: 'portal', ...(wish.page === 'school' && { page: wish.page }) }
  return journalTarget(ports, wish.journal, wish)
}

/** @throws Refusal `journal.*`, `request.malformed` */
export function journalTarget(ports: Ports, id: string, wish: Wish): JournalTarget {
  const { journal } = findJournal(ports.journals, id)
  const school = wish.school === undefined ? undefined : findSchool(ports, wish.school)
  if (wish.school !== undefined && (!school || !servesSchool(journal, school.code))) throw new Refusal('journal.school')
  checkState(wish.state, journal)
  return {
    kind: 'journal',
    journal: journal.id,
    ...(wish.returnTo !== undefined && { returnTo: checkReturnAddress(wish.returnTo, journal).href }),
    ...(wish.state !== undefined && { state: wish.state }),
    ...(school && { school: school.code }),
    ...(wish.child !== undefined && { child: wish.child }),
  }
}

function cabinetTarget(ports: Ports, me: string, { id, journal, ...wish }: Wish): Target {
  if (me === 'home') return { kind: 'cabinet' }
  const about = cabinetQuestions.find(question => question === me)
  if (!about) throw new Refusal('request.malformed', { parameter: 'me' })
  if (id !== undefined && !/^[\w-]{1,64}$/.test(id)) throw new Refusal('request.malformed', { parameter: 'id' })
  const onward = journal === undefined ? undefined : journalTarget(ports, journal, wish)
  return { kind: 'cabinet', question: { about, ...(id !== undefined && { id }) }, ...(onward && { onward }) }
}

/** By its code, or by any other number under which it is known. */
export function findSchool(ports: Ports, text: string): School | undefined {
  const wanted = text.trim()
  return ports.schools.get(wanted) ?? aliasesOf(ports.schools).get(wanted)
}

const aliases = new WeakMap<Ports['schools'], ReadonlyMap<string, School>>()

/** Where two schools are known under one number, the first of the settings has it. */
function aliasesOf(schools: Ports['schools']): ReadonlyMap<string, School> {
  const numbers = (school: School) => Object.values(school.aliases).flat()
  const known =
    aliases.get(schools) ??
    new Map([...schools.values()].reverse().flatMap(school => numbers(school).map(number => [number, school])))
  aliases.set(schools, known)
  return known
}
