/** What things are called in the XML that a CAS client reads. */

export const CAS_NAMESPACE = 'http://www.yale.edu/tp/cas'

/** Says when and how the person signed in (CAS Protocol 3.0, Appendix A). */
export const AUTHENTICATION_DATE = 'authenticationDate'
export const IS_FROM_NEW_LOGIN = 'isFromNewLogin'
/** The bridge remembers nobody for weeks, so it is always false (CAS Protocol 3.0, 4.1.3). */
export const LONG_TERM = 'longTermAuthenticationRequestTokenUsed'

/** Elements of the answer itself, and names that php-cas looks for before it reads any other. */
const taken = [
  ...[AUTHENTICATION_DATE, IS_FROM_NEW_LOGIN, LONG_TERM],
  ...['user', 'attribute', 'attributes', 'proxies', 'proxy', 'proxyGrantingTicket'],
]

/**
 * An attribute may be called as the journal's programmer is used to (`urn:oid:2.5.4.4`, `Класс`). In XML it becomes an
 * element behind the prefix `cas:`; of the signs that XML 1.0 allows there, those that every parser knows are kept.
 */
export function elementName(name: string): string {
  const plain = name.replace(/[^A-Za-zА-Яа-яЁё0-9._-]/gu, '_')
  return /^[0-9.-]/.test(plain) ? `_${plain}` : plain
}

/** @returns what is wrong with the names of attributes, or undefined */
export function wrongNames(names: readonly string[]): string | undefined {
  const elements = names.map(elementName)
  for (const [i, element] of elements.entries()) {
    const first = elements.indexOf(element)
    if (first !== i) return `"${names[first]}" and "${names[i]}" would both be called cas:${element}`
    if (taken.includes(element)) return `"${names[i]}" is taken; other than ${taken.join(', ')}`
  }
  return undefined
}
