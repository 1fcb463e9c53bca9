/**
 * One question the judge asked of a message, and the answer. Shown by `validate-assertion`, `explain` and the self-test.
 * `expected` and `found` hold addresses, times, algorithms and identifiers of messages; never anything about the person.
 */
export interface Check {
  /** Stable name, e.g. `audience`. */
  readonly check: string
  readonly result: 'pass' | 'fail' | 'not-checked'
  readonly expected?: string
  readonly found?: string
  /** Why it was not checked, or what a failure means. */
  readonly why?: string
}
