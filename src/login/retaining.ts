import type { Ports } from './ports.js'
import type { Retained, RetentionLimits } from './retention-ports.js'

/** Records that go in one transaction: a login waits for no more than these. */
const BATCH = 500

const kinds: readonly Retained[] = [
  ...(['loginAudit', 'securityAudit', 'unlinked', 'consents'] as const),
  ...(['choices', 'devices', 'messages', 'creations', 'created'] as const),
]

/** Deletes whatever is past its time. @returns how many records of each kind */
export async function retain(
  { retention, chain, clock }: Pick<Ports, 'retention' | 'chain' | 'clock'>,
  limits: RetentionLimits,
): Promise<Readonly<Record<Retained, number>>> {
  const gone = Object.fromEntries(kinds.map(kind => [kind, 0])) as Record<Retained, number>
  for (const kind of kinds) {
    for (let some = BATCH; some === BATCH; gone[kind] += some) {
      some = await retention.delete(kind, clock.now(), limits, BATCH)
    }
  }
  await chain.prune()
  return gone
}
