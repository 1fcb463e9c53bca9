/**
 * Two engines judge the same changed message. The case is data, so that fast-check can make it and a seed can bring it back:
 * which message, where in its making it is changed, and how.
 */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { Refusal } from '../../src/base/refusal.js'
import { faults } from '../../src/mock-idp/faults.js'
import { oddities, type Oddity } from '../../src/mock-idp/oddities.js'
import type { Made, Order } from '../../src/mock-idp/respond.js'
import { algorithm } from '../../src/words/saml-names.js'
import { modernEncryption } from '../../src/mock-idp/encrypt.js'
import type { Courtroom } from './judged.js'
import { mutated, mutation, rewritten, type Mutation } from './mutations.js'
import { readBySecond, toldBy, type Told } from './second-reader.js'

/** Where in the making of a message it is changed. Before a signature, it verifies and says something new. */
const STAGES = ['finished', 'finished', 'finished', 'assertion', 'signed assertion', 'response', 'signed info'] as const

export interface Case {
  /** Index among the messages, honest ones first. */
  readonly message: number
  readonly stage: (typeof STAGES)[number]
  readonly changes: readonly Mutation[]
}

type Message = Pick<Order, 'shape' | 'fault'>

const honest: readonly Message[] = (['response', 'assertion', 'both'] as const).flatMap(sign => [
  { shape: { sign, encrypt: false } },
  { shape: { sign, encrypt: true } },
  { shape: { sign, encrypt: true, encryption: { ...modernEncryption, data: algorithm.aes256Cbc } } },
])
/** Rows of more than 64 KB cost time and change nothing by a small change. */
const heavy = /many|deep|long|large|carriage|everywhere|bomb|100-kb|64|hundred|declarations-on/
const odd: readonly Message[] = oddities.filter(({ name }) => !heavy.test(name)).map(({ name }) => ({ fault: name }))
const hostile: readonly Message[] = faults.filter(({ name }) => !heavy.test(name)).map(({ name }) => ({ fault: name }))
const messages = [...honest, ...odd, ...hostile]

/** Half of the cases begin with an honest message, a quarter with an odd one. */
export const anyCase: fc.Arbitrary<Case> = fc.record({
  message: fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: honest.length - 1 }) },
    { weight: 2, arbitrary: fc.integer({ min: honest.length, max: honest.length + odd.length - 1 }) },
    { weight: 2, arbitrary: fc.integer({ min: honest.length + odd.length, max: messages.length - 1 }) },
  ),
  stage: fc.constantFrom(...STAGES),
  changes: fc.array(mutation, { minLength: 1, maxLength: 3 }),
})

export interface Result {
  /** `accepted`, or the code of the refusal. */
  readonly ours: string
  /** What is wrong with it: a hole in one of the engines, or a crash. */
  readonly finding?: string
  /** Only when asked: the second engine verifies every signature of what we refuse. */
  readonly secondAccepts?: boolean
  readonly ms: number
}

/** Milliseconds after which a message counts as hanging the judge. */
const TOO_LONG = 2_000

export class TwoEngines {
  private readonly court: Courtroom
  private readonly made = new Map<number, Made>()

  constructor(court: Courtroom) {
    this.court = court
  }

  /** @param both whether to ask the second engine also about what we refuse, which costs ten times as much */
  judge(given: Case, both: boolean): Result {
    const message = this.message(given)
    if (message === undefined) return { ours: 'nothing to spoil', ms: 0 }
    const idp = { ...this.court.idp, cbc: 'any' as const }
    const before = performance.now()
    try {
      const verdict = this.court.judge(message.base64, { idp })
      const ms = performance.now() - before
      const slow = ms > TOO_LONG ? { finding: `took ${ms.toFixed(0)} ms` } : {}
      const second = verdict.accepted || both ? this.second(message.xml) : undefined
      if (!verdict.accepted)
        return { ours: verdict.refusal.code, ms, ...slow, ...(second && { secondAccepts: 'told' in second }) }
      const finding = this.compared(toldBy(verdict.assertion), second!, given)
      return { ours: 'accepted', ms, ...slow, ...(finding !== undefined && { finding }) }
    } catch (error) {
      return { ours: 'crash', ms: 0, finding: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
  }

  private second(xml: string) {
    const { idp, sp } = this.court
    return readBySecond(xml, { ...idp, cbc: 'any' }, sp.decryption)
  }

  private compared(ours: Told, second: ReturnType<typeof readBySecond>, given: Case): string | undefined {
    if ('why' in second) return `the second engine refuses what we accept: ${second.why}`
    if (!isDeepStrictEqual(asXmldomReads(ours), asXmldomReads(second.told))) return 'the engines read different people'
    if (given.stage !== 'finished') return undefined // then a signature may cover the change
    const unspoilt = this.told(this.honestOf(given.message).base64) ?? this.told(this.honestOf(0).base64)
    return isDeepStrictEqual(ours, unspoilt) ? undefined : 'a change behind the signature changed the person'
  }

  /** @returns undefined for a hostile row: where a change undoes its harm, what is left is the honest message */
  private told(base64: string): Told | undefined {
    const verdict = this.court.judge(base64, { idp: { ...this.court.idp, cbc: 'any' } })
    return verdict.accepted ? toldBy(verdict.assertion) : undefined
  }

  private honestOf(index: number): Made {
    const known = this.made.get(index) ?? this.court.make(messages[index])
    this.made.set(index, known)
    return known
  }

  /** @returns undefined where the change left a row of the attack table nothing to spoil */
  private message({ message: index, stage, changes }: Case): { xml: string; base64: string } | undefined {
    if (stage === 'finished') {
      const base64 = this.honestOf(index).base64
      const octets = changes.reduce(mutated, Buffer.from(base64, 'base64'))
      return { xml: octets.toString(), base64: octets.toString('base64') }
    }
    const change = (xml: string): string => changes.reduce(rewritten, xml)
    const { fault, ...order } = messages[index]!
    const row: Partial<Oddity> = [...faults, ...oddities].find(({ name }) => name === fault) ?? {}
    try {
      return this.court.make({ ...order, trick: { ...row, ...hooked(row, stage, change), name: 'x', title: 'x' } })
    } catch (error) {
      if (error instanceof Refusal) throw error
      return undefined // xmldom of the mock IdP cannot sign what is no XML
    }
  }
}

/** xmldom takes two more characters for line ends, as XML 1.1 does (docs/two-engines.md). */
export const asXmldomReads = (told: Told): unknown =>
  JSON.parse(
    JSON.stringify(told, (key, value: unknown) =>
      typeof value === 'string' ? value.replace(/[\u0085\u2028]/g, ATTRIBUTES.has(key) ? ' ' : '\n') : value,
    ),
  )
/** Read from attributes, where a line end is one blank (XML 1.0, 3.3.3); the others are text. */
const ATTRIBUTES = new Set([
  'id',
  'format',
  'nameQualifier',
  'spNameQualifier',
  'spProvidedId',
  'sessionIndex',
  'name',
  'friendlyName',
])

/** The row's own hook first, then the change. */
function hooked(row: Partial<Oddity>, stage: Case['stage'], change: (xml: string) => string): Partial<Oddity> {
  const after = (hook: Oddity['assertion']): NonNullable<Oddity['assertion']> => (xml, tools) => change(hook?.(xml, tools) ?? xml) // prettier-ignore
  if (stage === 'assertion') return { assertion: after(row.assertion) }
  if (stage === 'signed assertion') return { signedAssertion: after(row.signedAssertion) }
  if (stage === 'response') return { response: after(row.response) }
  return {
    shape(given) {
      const shape = row.shape?.(given) ?? given
      const { signedInfo } = shape.signature
      return { ...shape, signature: { ...shape.signature, signedInfo: xml => change(signedInfo?.(xml) ?? xml) } }
    },
  }
}
