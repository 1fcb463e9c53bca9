/** The login that a journal answers with for a new account, beside those that the bridge knows in it. */
import type { Journal } from '../words/journal.js'
import { isSameLogin } from '../words/login.js'
import type { SchoolCode } from '../words/school.js'
import type { Ports } from './ports.js'

/** A journal that tells people apart by the login alone knows one of that name in any of its schools. */
export const schoolsOfLogin = (
  { journals }: Pick<Ports, 'journals'>,
  { id, schools }: Journal,
): readonly SchoolCode[] => (journals.get(id)?.door.knowsByLoginAlone ? schools : [])

/**
 * The very same login is for the transaction to find. Another spelling of it may be the same to the journal: the list says `Ivanova`
 * since a spreadsheet wrote it so, and the journal `ivanova`.
 *
 * @returns accounts of this school, those that lists name no more included
 */
export async function spelledOtherwise(
  { roster }: Pick<Ports, 'roster'>,
  place: { readonly journal: string; readonly school: SchoolCode },
  login: string,
): Promise<readonly string[]> {
  const entries = await roster.entries(place)
  return entries.filter(each => each.login !== login && isSameLogin(each.login, login)).map(each => each.accountId)
}
