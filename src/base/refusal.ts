import { refusals, type RefusalCode } from './refusals.js'

/** What an operator may read in a log: never a name, a СНИЛС, a token, or text quoted from a message. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** An expected "no". Anything else that is thrown is a bug and answers 500. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly facts: Facts

  constructor(code: RefusalCode, facts: Facts = {}, options?: ErrorOptions) {
    super(`${code}: ${refusals[code].meaning}`, options)
    this.code = code
    this.facts = facts
  }

  /** The same no, with more to tell. */
  with(facts: Facts): Refusal {
    return new Refusal(this.code, { ...this.facts, ...facts }, { cause: this.cause })
  }
}
