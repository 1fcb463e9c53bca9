import type { Audit, AuditEvent } from '../audit/audit.js'
import type { Desk } from './desk.js'
import { operatorOf } from './operator.js'

/** That somebody looks at what is kept about a person is written down before anything is shown. */
export const noteViewed = (
  desk: Pick<Desk, 'clock' | 'env'>,
  audit: Pick<Audit, 'record'>,
  command: string,
  whose: Pick<AuditEvent, 'number' | 'person' | 'facts'>,
): Promise<void> =>
  audit.record({
    at: desk.clock.now(),
    what: 'record.viewed',
    result: 'ok',
    ...whose,
    facts: { command, by: operatorOf(desk), ...whose.facts },
  })
