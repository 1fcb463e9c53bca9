import type { Ports } from './ports.js'
import type { Retained, RetentionLimits } from './retention-ports.js'

/** Records that go in one transaction: a login waits for no more than these. */
const BATCH = 500

const kinds: readonly Retained[] = ['loginAudit', 'securityAudit', 'unlinked', 'consents']

/** Deletes whatever is past its time. @returns how many records of each kind */
export async function retain(
  { retention, clock }: Pick<Ports, 'retention' | 'clock'>,
  limits: RetentionLimits,
): Promise<Readonly<Record<Retained, number>>> {
  const gone: Record<Retained, number> = { loginAudit: 0, securityAudit: 0, unlinked: 0, consents: 0 }
  for (const kind of kinds) {
    for (let some = BATCH; some === BATCH; gone[kind] += some) {
      some = await retention.delete(kind, clock.now(), limits, BATCH)
    }
  }
  return gone
}
