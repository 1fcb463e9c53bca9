import type { Journal } from '../words/journal.js'
import type { Door } from './connector.js'
import type { Template } from './template.js'

/** With one of them a journal can tell one and the same login of two schools apart. */
const TELL_SCHOOLS_APART: readonly string[] = ['school', 'schoolNumber', 'account']

/** @param templates by which the journal knows whose account is entered */
export function byLoginAlone(
  templates: readonly Template[],
  { schools, release }: Journal,
): Pick<Door, 'knowsByLoginAlone'> {
  const sent = templates.flatMap(({ names }) => names)
  const given: readonly string[] = release
  const apart = sent.some(name => name === 'subject' || (TELL_SCHOOLS_APART.includes(name) && given.includes(name)))
  const alone = sent.includes('login') && !apart
  return schools.length > 1 && alone ? { knowsByLoginAlone: true } : {}
}
