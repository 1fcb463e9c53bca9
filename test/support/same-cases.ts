/**
 * Loaded before the suite: properties draw the same cases each time. What chance finds is the business of `npm run nightly`, which
 * draws others each time, and stops nobody's work.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: 20261124 })
