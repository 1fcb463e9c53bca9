/** One and the same login in the lists of two schools, however written, and a journal that hears nothing but the login. */
import { Refusal } from '../base/refusal.js'
import type { RosterEntry } from '../identity/roster.js'
import { usualSpellings } from '../words/login.js'
import type { Passer } from './conditions.js'
import type { Ports } from './ports.js'

/**
 * Whoever enters would be let into the account of somebody else. The same СНИЛС in both lists is one person, whose login it is
 * in both.
 *
 * @throws Refusal `journal.same-login`
 */
export async function loginToldApart(
  ports: Pick<Ports, 'roster'>,
  { open: { journal, door }, choice: { account } }: Pick<Passer, 'open' | 'choice'>,
): Promise<undefined> {
  if (!door.knowsByLoginAlone) return undefined
  const entries: RosterEntry[] = []
  for (const login of usualSpellings(account.login))
    entries.push(...(await ports.roster.byLogin(journal.id, journal.schools, login)))
  const snils = entries.find(({ accountId }) => accountId === account.id)?.snils
  const others = entries.filter(
    entry => entry.school !== account.school && (snils === undefined || entry.snils !== snils),
  )
  if (others.length > 0) throw new Refusal('journal.same-login', { journal: journal.id })
  return undefined
}
