/** What stands in a journal's `connector:` beside `kind` and `requireState`: each kind says it itself. */
import type { ZodType } from 'zod'
import { kinds } from '../journals/kinds.js'

export const connectorKinds: readonly string[] = [...kinds.keys()]

export const connectorSchema = (kind: string): ZodType | undefined => kinds.get(kind)?.schema

/** @returns the block as the connector's schema takes it */
export function connectorBlock(connector: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(connector).filter(([key]) => key !== 'kind' && key !== 'requireState'))
}
