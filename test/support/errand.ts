/** What a running bridge does by its calendar, done now. */
import type { Bridge } from '../../src/compose.js'
import { errandsOf } from '../../src/errands.js'

/** @throws Error where no calendar has it: then a bridge that runs would never do it either */
export function runErrand(bridge: Bridge, what: string): Promise<unknown> {
  const errand = errandsOf(bridge).find(each => each.what === what)
  if (!errand) throw new Error(`nobody ever does this: ${what}`)
  return errand.run()
}
