/** What an assertion says, as plain data. Who believes it is decided in response.ts. */
import { Refusal } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import type { AssertionContent, Attribute } from './assertion.js'
import { authnContextClass, latestEnd, sessionEnds, type Case } from './checks.js'
import { parseTime } from './times.js'
import { attribute, childNamed, childrenNamed, textOf, type XmlElement } from './tree.js'

/** Beyond the last moment at which the assertion could be accepted, the replay record lives this long. */
const REMEMBER_LONGER = 60_000

const TIMES = new Set(['IssueInstant', 'NotBefore', 'NotOnOrAfter', 'AuthnInstant', 'SessionNotOnOrAfter'])

/** Every time is UTC with `Z` (saml-core 1.3.3), so that whoever asks later only finds times or nothing. */
export function checkTimes(elements: readonly XmlElement[]): void {
  for (const element of elements) {
    if (element.ns !== ns.protocol && element.ns !== ns.assertion) continue
    for (const { local, value } of element.attributes)
      if (TIMES.has(local) && parseTime(value) === undefined)
        throw new Refusal('saml.schema', { what: `${local} is not UTC with Z (saml-core 1.3.3)` })
  }
}

/** @returns undefined when there is no AuthnStatement to speak of */
export function contentOf({ assertion, nameId, sp }: Case): AssertionContent | undefined {
  const statement = childNamed(assertion, ns.assertion, 'AuthnStatement')
  if (statement === undefined) return undefined
  const ends = sessionEnds(assertion)
  const sessionIndex = attribute(statement, 'SessionIndex')
  const authnContext = authnContextClass(statement)
  return {
    idp: textOf(childNamed(assertion, ns.assertion, 'Issuer')!), // the schema demands it
    id: attribute(assertion, 'ID')!,
    ...(nameId && { nameId }),
    ...(sessionIndex !== undefined && { sessionIndex }),
    authnInstant: parseTime(attribute(statement, 'AuthnInstant')!)!,
    ...(authnContext !== undefined && { authnContext }),
    ...(ends.length > 0 && { sessionEndsAt: Math.min(...ends) }),
    rememberUntil: latestEnd(assertion) + sp.skew + REMEMBER_LONGER,
    issuedAt: parseTime(attribute(assertion, 'IssueInstant')!)!,
    attributes: attributesOf(assertion),
  }
}

function attributesOf(assertion: XmlElement): Attribute[] {
  return childrenNamed(assertion, ns.assertion, 'AttributeStatement')
    .flatMap(statement => childrenNamed(statement, ns.assertion, 'Attribute'))
    .map(element => {
      const friendlyName = attribute(element, 'FriendlyName')
      return {
        name: attribute(element, 'Name')!,
        ...(friendlyName !== undefined && { friendlyName }),
        values: childrenNamed(element, ns.assertion, 'AttributeValue').map(textOf),
      }
    })
}
