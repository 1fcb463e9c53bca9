/**
 * What a careful reader remarks about the metadata of an IdP beyond what the bridge needs: for `check-metadata` and
 * `doctor`, which people wait for. Starting and refreshing ask checkMetadata alone.
 */
import type { Instant } from '../../base/clock.js'
import { checkMetadata } from '../metadata.js'
import { findIdp } from '../metadata-entity.js'
import { note, type Finding, type Notes } from '../metadata-finding.js'
import type { XmlElement } from '../tree.js'
import { remarkDates } from './dates.js'
import { remarkEndpoints } from './endpoints.js'
import { remarkEntity } from './entity.js'
import { remarkKeys } from './keys.js'
import { kinds, type FindingKind } from './kinds.js'
import { remarkSignature } from './signature.js'
import { remarkText } from './text.js'

/** What every rule looks at. */
export interface Looked {
  readonly entity: XmlElement
  readonly role: XmlElement
  /** The role, the entity and the groups around it. */
  readonly within: readonly XmlElement[]
  readonly at: Instant
  readonly notes: Notes
  readonly remark: (kind: FindingKind, at: XmlElement, what: string, fix: string) => void
}

export interface Asked {
  readonly at: Instant
  /** Which entity of the file, where it holds several. */
  readonly entityId?: string
}

/** @param octets of the file, as it was saved or fetched */
export function lintMetadata(octets: Uint8Array, asked: Asked): { readonly xml: string; readonly findings: Finding[] } {
  const { xml, findings: ofText } = remarkText(octets)
  if (xml === undefined) return { xml: '', findings: ofText }
  const findings = [...ofText, ...checkMetadata(xml, asked), ...remarks(xml, asked)]
  return { xml, findings: findings.sort((one, other) => rank(one) - rank(other)) }
}

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info']

/** The worst first; of one severity in the order of the file. */
const rank = ({ severity, line = 0 }: Finding): number => SEVERITIES.indexOf(severity) * 1e9 + line

function remarks(xml: string, { at, entityId }: Asked): Finding[] {
  // what keeps us from finding the IdP was told already
  const found = findIdp(xml, entityId, [])
  if (!found) return []
  const { entity, role, within } = found
  const notes: Notes = { document: found.notes.document, findings: [] }
  const looked: Looked = {
    entity,
    role,
    within,
    at,
    notes,
    remark: (kind, element, what, fix) => note(notes, kinds[kind].severity, kind, element, what, fix),
  }
  for (const rule of [remarkEntity, remarkKeys, remarkEndpoints, remarkDates, remarkSignature]) rule(looked)
  return notes.findings
}
