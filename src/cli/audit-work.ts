import type { openStoreOf } from '../compose.js'
import type { Instant } from '../base/clock.js'
import type { Configuration } from '../settings/configuration.js'
import { UnusableInput, type Desk } from './desk.js'
import { oneLine } from './printable.js'

export interface AuditFlags {
  readonly config: string
  readonly from?: string
  readonly to?: string
  readonly anchors?: string
  readonly number?: string
  readonly person?: string
  readonly csv?: true
  readonly json?: true
}

export interface AuditWork {
  readonly desk: Desk
  readonly configuration: Configuration
  readonly store: Awaited<ReturnType<typeof openStoreOf>>
  readonly flags: AuditFlags
}

const DAY = 86_400_000

/** A day means all of it. @throws UnusableInput */
export function periodOf({ from, to }: AuditFlags): { readonly from?: Instant; readonly to?: Instant } {
  return {
    ...(from !== undefined && { from: instant(from) }),
    ...(to !== undefined && { to: instant(to) + (isDay(to) ? DAY - 1 : 0) }),
  }
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

function instant(text: string): Instant {
  const at = isDay(text) || /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(at))
    throw new UnusableInput(
      `${oneLine(text)} is no day. Write it like 2026-09-30, or a time like 2026-09-30T12:00:00Z.`,
    )
  return at
}
