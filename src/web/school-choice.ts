/** Pages that ask for a school, where there may be thousands of them. */
import type { Request } from 'express'
import { findSchools, SHOWN, type Searched } from './pages/school-list.js'
import { formValue, queryValue } from './params.js'

export interface SchoolChoice<S> {
  /** None while too many fit. */
  readonly schools: readonly S[]
  /** Undefined where all of them stand on the page. */
  readonly search?: Searched
}

/** So many stand in a list; of more, the one that the person comes from, or those that they look for (`q`). */
export function schoolChoice<S extends { readonly code: string; readonly title: string }>(
  request: Request,
  all: readonly S[],
  own?: string,
): SchoolChoice<S> {
  if (all.length <= SHOWN) return { schools: all }
  const query = queryValue(request, 'q', 100) ?? formValue(request, 'q', 100) ?? ''
  const found = query === '' ? all.filter(({ code }) => code === own) : findSchools(all, query)
  return { schools: found.length > SHOWN ? [] : found, search: { query, found: found.length } }
}
