/**
 * `npm run nightly -- [--runs N] [--seed S]`: two engines judge tens of thousands of changed messages. Prints how often each refusal
 * was earned, and by category where the second engine verifies what we refuse (docs/two-engines.md). Exit code 1: they
 * disagreed the other way, something crashed, or a message took longer than two seconds.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { openCourtroom } from '../support/judged.js'
import { anyCase, TwoEngines, type Case } from '../support/two-engines.js'

const CHUNK = 250

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  process.stderr.write('--runs and --seed are whole numbers.\n')
  process.exit(2)
}

const engines = new TwoEngines(await openCourtroom())
const ours = new Map<string, number>()
const onlySecond = new Map<string, number>()
const findings: { readonly seed: number; readonly index: number; readonly given: Case; readonly finding: string }[] = []
/** One message of each kind that the second engine alone would have verified. */
const examples = new Map<string, { readonly seed: number; readonly index: number; readonly given: Case }>()
let slowest = 0

const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)

process.stdout.write(`${runs} messages, seed ${seed}\n`)
for (let done = 0; done < runs; done += CHUNK) {
  const cases = fc.sample(anyCase, { numRuns: Math.min(CHUNK, runs - done), seed: seed + done })
  for (const [index, given] of cases.entries()) {
    const result = engines.judge(given, true)
    count(ours, result.ours)
    if (result.secondAccepts) {
      if (!onlySecond.has(result.ours)) examples.set(result.ours, { seed: seed + done, index, given })
      count(onlySecond, result.ours)
    }
    if (result.finding !== undefined) findings.push({ seed: seed + done, index, given, finding: result.finding })
    slowest = Math.max(slowest, result.ms)
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${done + cases.length} of ${runs}, ${findings.length} findings `)
}

const table = (title: string, map: ReadonlyMap<string, number>): string =>
  [
    title,
    ...[...map].sort(([, a], [, b]) => b - a).map(([key, times]) => `  ${String(times).padStart(7)}  ${key}`),
  ].join('\n')

process.stdout.write(`${table('\nour verdicts', ours)}\n`)
process.stdout.write(`${table('\nrefused by us, every signature verified by xml-crypto', onlySecond)}\n`)
for (const [code, example] of examples) process.stdout.write(`  ${code}: ${JSON.stringify(example)}\n`)
process.stdout.write(`\nslowest judgement ${slowest.toFixed(0)} ms, ${findings.length} findings\n`)
for (const { given, finding, ...where } of findings)
  process.stdout.write(`\n${JSON.stringify(where)} ${JSON.stringify(given)}\n  ${finding}\n`)
process.exitCode = findings.length === 0 ? 0 : 1
