import { blowTitles, blows } from './killer.js'
import type { Outcome, RunWish } from './run.js'

/** For people: what was done to the town, what it did meanwhile, and what was found. */
export function report(wish: RunWish, outcome: Outcome): string {
  const { findings, struck, acts } = outcome
  const where = { sqlite: 'SQLite', postgres: 'PostgreSQL', 'postgres+redis': 'PostgreSQL and Redis' }[wish.store]
  const rows = blows.flatMap(blow => (struck[blow] === undefined ? [] : [`  ${String(struck[blow]).padStart(5)}  ${blowTitles[blow]}`])) // prettier-ignore
  return [
    `${wish.nodes} ${wish.nodes === 1 ? 'node' : 'nodes'} over ${where}, ${wish.people} people, seed ${wish.seed}`,
    '',
    'What befell them:',
    ...rows,
    `  ${String(outcome.starts).padStart(5)}  starts of nodes`,
    '',
    'What people did:',
    ...Object.entries(acts).map(([what, count]) => `  ${String(count).padStart(5)}  ${what}`),
    `  ${String(outcome.thefts).padStart(5)}  answers posted by somebody else`,
    `  ${String(outcome.visits).padStart(5)}  visits, ${outcome.requests} requests, of which ${outcome.repeats} were repeated clicks`,
    ...outcome.short.map(why => `         cut short when Redis forgot: ${why}`),
    '',
    findings.length === 0 ? 'Nothing was found.' : `${findings.length} findings:`,
    ...findings.map(finding => `  - ${finding}`),
  ].join('\n')
}
