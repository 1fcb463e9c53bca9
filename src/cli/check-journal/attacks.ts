import type { Attack } from './attack.js'
import { fetched } from './fetched.js'
import { forgeries } from './forgeries.js'
import { headers } from './headers.js'
import { questions } from './questions.js'
import { logouts } from './logouts.js'
import { returns } from './returns.js'
import { road } from './road.js'

/** Every door that is tried, in this order. docs/integrators/check-journal.md explains each. */
export const attacks: readonly Attack[] = [
  ...forgeries,
  ...fetched,
  ...headers,
  ...road,
  ...returns,
  ...logouts,
  ...questions,
]
