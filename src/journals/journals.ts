import { Refusal } from '../base/refusal.js'
import type { Journal } from '../words/journal.js'

/** Code points that a journal may give us to keep for it. */
const LONGEST_STATE = 256

/** @throws Refusal `journal.unknown` */
export function findJournal<Open>(journals: ReadonlyMap<string, Open>, id: string): Open {
  const found = journals.get(id)
  if (found === undefined) throw new Refusal('journal.unknown')
  return found
}

/** @throws Refusal `journal.state-missing` when the journal demands one, `request.malformed` when it is too long */
export function checkState(state: string | undefined, journal: Journal): void {
  if (journal.requireState && (state === undefined || state === '')) {
    throw new Refusal('journal.state-missing', { journal: journal.id })
  }
  if (state !== undefined && Array.from(state).length > LONGEST_STATE) {
    throw new Refusal('request.malformed', { parameter: 'state', longest: LONGEST_STATE })
  }
}
