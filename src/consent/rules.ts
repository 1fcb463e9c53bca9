/** Who must agree before an account may be entered. Pure. The ground for each rule stands in docs/ru/soglasie.md. */
import type { Instant } from '../base/clock.js'
import type { Child, Role } from '../words/account.js'
import type { SchoolCode } from '../words/school.js'
import type { Consent, ConsentText } from './consent.js'

/**
 * `own`: adults for themselves. `representative`: for themselves and the child whose account they open. `pupil-under-14`: a
 * parent agreed for the child. `pupil-14-to-17`: the pupil agrees, and a parent has. `pupil-unknown-age`: the same, since it
 * is right at any age below 18.
 */
export type ConsentRule = 'own' | 'representative' | 'pupil-under-14' | 'pupil-14-to-17' | 'pupil-unknown-age'

export interface Demand {
  readonly rule: ConsentRule
  /** The person at the door must agree. */
  readonly own: boolean
  /** A parent must have agreed for this child. */
  readonly parents: boolean
}

/** What the settings say about consent. */
export interface ConsentTerms {
  /** At least one without `schools`, or one for every school. */
  readonly texts: readonly TextInTerms[]
  /** Whether pupils from 14 to 17 need a parent's consent beside their own. */
  readonly pupilsFrom14: 'with-parent' | 'alone'
  /** Milliseconds from a withdrawal to the destruction. */
  readonly destroyAfter: number
}

export interface TextInTerms extends ConsentText {
  readonly from: Instant
  /** For these schools only, in place of the texts for all. */
  readonly schools?: readonly SchoolCode[]
}

/** The latest that is in force. The first of a school is so from the beginning: there is no time without a text. */
export function textInForce({ texts }: ConsentTerms, school: SchoolCode, now: Instant): ConsentText {
  const own = texts.filter(({ schools }) => schools?.includes(school))
  const candidates = own.length > 0 ? own : texts.filter(({ schools }) => schools === undefined)
  const byDate = [...candidates].sort((a, b) => a.from - b.from)
  const text = byDate.findLast(({ from }) => from <= now) ?? byDate[0]
  if (!text) throw new Error('The settings let a school through that has no text of consent.')
  return text
}

/**
 * @param age whole years; undefined when neither the IdP nor the school says when the pupil was born
 * @param child whom a parent's account shows
 */
export function demandOf(
  who: { readonly role: Role; readonly child?: Child | undefined; readonly age: number | undefined },
  { pupilsFrom14 }: Pick<ConsentTerms, 'pupilsFrom14'>,
): Demand {
  if (who.role !== 'pupil') {
    const rule = who.role === 'parent' && mayAgreeFor(who.child) ? 'representative' : 'own'
    return { rule, own: true, parents: false }
  }
  if (who.age === undefined) return { rule: 'pupil-unknown-age', own: true, parents: true }
  if (who.age < 14) return { rule: 'pupil-under-14', own: false, parents: true }
  if (who.age < 18) return { rule: 'pupil-14-to-17', own: true, parents: pupilsFrom14 === 'with-parent' }
  return { rule: 'own', own: true, parents: false }
}

/** A relative is no legal representative, and may let nobody in but themselves. */
const mayAgreeFor = (child: Child | undefined): boolean => child !== undefined && child.relation !== 'relative'

/** Parents come first: what the pupil agrees to alone would not be enough. */
export function consentMissing(
  demand: Demand,
  text: ConsentText,
  standing: { readonly own: Consent | undefined; readonly parents: readonly Consent[] },
): 'parents' | 'own' | undefined {
  if (demand.parents && !standing.parents.some(({ hash }) => hash === text.hash)) return 'parents'
  return demand.own && standing.own?.hash !== text.hash ? 'own' : undefined
}

/**
 * Whether a parent's consent is for this pupil. The number decides; names alone may be those of two children, so that the
 * classes may not contradict each other.
 *
 * @param now the class of the child in the parent's row of today's list
 */
export function isForPupil(
  { details }: Pick<Consent, 'details'>,
  pupil: { readonly login: string; readonly className?: string | undefined },
  now: string | undefined,
): boolean {
  if (!details?.child) return false
  if (details.child.id === pupil.login) return true
  const className = now ?? details.child.className
  return className === undefined || pupil.className === undefined || className === pupil.className
}
