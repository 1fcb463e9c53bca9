/** A child whom a parent misses, as the parent typed it; nobody has checked it. Only the school's administrators see it. */
export interface AskedChild {
  readonly lastName: string
  readonly firstName: string
  /** `2014-05-31`. */
  readonly birthDate?: string
  readonly className: string
}

/** So many in one question: a school that has more of one family is asked by telephone. */
const MOST_CHILDREN = 6

/** Of one question: who is asked for twice stands there once, as typed last. */
export function withChildren(known: readonly AskedChild[], more: readonly AskedChild[]): readonly AskedChild[] {
  const key = ({ lastName, firstName }: AskedChild) => `${lastName}\n${firstName}`.toLowerCase().replaceAll('ё', 'е')
  const latest = new Map([...known, ...more].map(child => [key(child), child]))
  return [...latest.values()].slice(0, MOST_CHILDREN)
}
