/** The name under which a journal knows an account, as people type it. */

/** What nobody sees, the octet that ends a text in some languages, and halves of signs. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Messengers and spreadsheets send such signs along when a login is copied. @returns the login, or `` */
export const readLogin = (typed: string): string => typed.replace(UNSEEN, '').trim()

/** Beside letters and digits of ASCII and Cyrillic: which of them a database takes for which other, nobody knows. */
const STRANGE = /[^\u0021-\u007e\u0400-\u04f5]/u

/**
 * One text for all spellings that a journal's database may take for one login: some pass over case, width, accents and whatever
 * they give no weight, such as signs beyond the first 65,536.
 *
 * @returns undefined for a login with letters of other alphabets, of which that cannot be said
 */
export function foldLogin(login: string): string | undefined {
  const plain = readLogin(login)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}\u0021-\u007e]|[\u{10000}-\u{10ffff}]/gu, '')
    .toLowerCase()
  return STRANGE.test(plain) ? undefined : plain
}

/** As lists usually write a login that a database may take for this one; the login itself is the first. */
export function usualSpellings(login: string): readonly string[] {
  const small = login.toLowerCase()
  return [...new Set([login, ...inCases(small), ...inCases(foldLogin(login) ?? small)])]
}

const inCases = (small: string): readonly string[] => [
  small,
  small.slice(0, 1).toUpperCase() + small.slice(1),
  small.toUpperCase(),
]

/** Whether a database may take one for the other. */
export const isSameLogin = (one: string, other: string): boolean => spellingOf(one) === spellingOf(other)

const spellingOf = (login: string): string => foldLogin(login) ?? readLogin(login).normalize('NFKC').toLowerCase()
