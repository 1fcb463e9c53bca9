/**
 * What is found only when a pinned certificate is at hand: exactly what keeps the bridge from taking metadata with `signedBy`
 * in the settings, at start and at every refresh.
 */
import type { DocumentRules } from '../metadata-document.js'
import { openMetadata } from '../metadata-document.js'
import { MetadataError } from '../metadata.js'
import type { Finding } from '../metadata-finding.js'

/** All of them are errors; docs/metadata-checks.md is printed from this table, too. */
export const pinnedKinds = {
  unsigned: 'The root of the document is not signed.',
  'untrusted-signature': 'It is signed, but not by the pinned certificate.',
  'bad-signature': 'The signature does not hold, or is of a form or algorithm that we do not take.',
  'bad-valid-until': 'validUntil is no time.',
  'no-valid-until': 'The root does not say until when it is valid, so that anybody could offer an old copy for ever.',
  'metadata-expired': 'validUntil is past.',
  'valid-too-long': 'validUntil lies further ahead than maxValidity allows (30 days where the settings say nothing).',
  'too-many-entities': 'It has more than 50,000 entities.',
} as const satisfies Record<string, string>

/** Other findings, such as a file that is no XML, are told without a pin, too. */
export function againstPin(xml: string, rules: DocumentRules): readonly Finding[] {
  try {
    openMetadata(xml, rules)
    return []
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error
    return error.problems.filter(({ code }) => Object.hasOwn(pinnedKinds, code))
  }
}
