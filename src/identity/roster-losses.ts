import type { ImportPlan } from './roster.js'

/** Both must be passed: a class that leaves is no accident, half a list is. */
const LEAST = 5
const SHARE = 0.1

/** An import would make so many accounts missing that it looks like half a list or another school's. */
export class RosterLosses extends Error {
  override readonly name = 'RosterLosses'
  readonly plan: ImportPlan
  constructor(plan: ImportPlan) {
    super(`${plan.missing.length} of ${plan.before} accounts would be missing`)
    this.plan = plan
  }
}

/** @throws RosterLosses */
export function checkLosses(plan: ImportPlan): void {
  if (plan.missing.length >= LEAST && plan.missing.length > plan.before * SHARE) throw new RosterLosses(plan)
}
