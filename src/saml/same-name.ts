/** Whether two NameIDs name the same person (saml-core 3.3.4: strongly matches). */
import { nameIdFormat } from '../words/saml-names.js'
import type { NameId } from './assertion.js'

/** Who is meant where a NameID does not say it (saml-core 8.3.7). */
export interface Between {
  readonly idp: string
  readonly sp: string
}

/**
 * Content and attributes must be the same; an absent attribute stands for its default: no Format is `unspecified` (2.2.2,
 * whose URN an erratum moved from 1.0 to 1.1), no NameQualifier the IdP, no SPNameQualifier ourselves.
 */
export function isSameName(one: NameId, other: NameId, between: Between): boolean {
  const [a, b] = [one, other].map(name => whole(name, between)) as [string, string]
  return a === b
}

const whole = ({ value, format, nameQualifier, spNameQualifier }: NameId, { idp, sp }: Between): string =>
  JSON.stringify([value, formatOf(format), nameQualifier ?? idp, spNameQualifier ?? sp])

const UNSPECIFIED_1_0 = 'urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified'

const formatOf = (format: string | undefined): string =>
  format === undefined || format === UNSPECIFIED_1_0 ? nameIdFormat.unspecified : format
