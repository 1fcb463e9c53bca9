/** `npm run soak`: a hundred thousand logins through the real server in another process; its memory must stay flat. */
import { parseArgs } from 'node:util'
import { startMeasured } from './child.js'
import { post, prepare } from './load.js'
import { print } from './measure.js'

/** Octets a login, over the last half. */
const MOST = 1024

const { values } = parseArgs({
  options: { logins: { type: 'string', default: '100000' }, batch: { type: 'string', default: '250' } },
})
const [logins, BATCH] = [Number(values.logins), Number(values.batch)]
if (!Number.isInteger(BATCH) || BATCH < 1 || !Number.isInteger(logins) || logins < 8 * BATCH) {
  process.stderr.write(`--logins must be a whole number from ${8 * BATCH || 2_000} on.\n`)
  process.exit(2)
}

/** Of the least-squares line: octets that one more login leaves behind. */
function slope(points: readonly (readonly [number, number])[]): number {
  const [x, y] = [0, 1].map(i => points.reduce((sum, point) => sum + point[i as 0 | 1], 0) / points.length) as [
    number,
    number,
  ]
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0)
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
}

const megabytes = (octets: number): string => `${(octets / 1_048_576).toFixed(1)} MB`

const server = await startMeasured('bridge-server.js')
const heap: [number, number][] = []
const rss: [number, number][] = []
for (let done = 0; done < logins;) {
  await post(server.ready.url, await prepare(server.ready, BATCH, { sign: 'response', encrypt: false }), 16)
  done += BATCH
  const figures = await server.memory()
  heap.push([done, figures.heap])
  rss.push([done, figures.rss])
  const line = `${done} of ${logins}: heap ${megabytes(figures.heap)}, RSS ${megabytes(figures.rss)}`
  if (process.stdout.isTTY) process.stdout.write(`\r${line}   `)
  else if (done % Math.max(BATCH, logins / 20) < BATCH) print(line)
}
await server.stop()

const lastHalf = <T>(all: readonly T[]): readonly T[] => all.slice(all.length >> 1)
const slopes = { heap: slope(lastHalf(heap)), RSS: slope(lastHalf(rss)) }
print()
for (const [name, value] of Object.entries(slopes))
  print(
    `${name}: ${value.toFixed(0)} bytes a login over the last half; budget below ${MOST}: ${value < MOST ? 'met' : 'missed'}`,
  )
process.exitCode = Object.values(slopes).every(value => value < MOST) ? 0 : 1
