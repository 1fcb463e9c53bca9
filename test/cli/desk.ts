/** Runs commands in this process, with a desk of the test's own. */
import { Readable, Writable } from 'node:stream'
import type { Clock } from '../../src/base/clock.js'
import { systemNetwork, type Network } from '../../src/cli/network.js'
import { systemClock } from '../../src/base/clock.js'
import { runCommand } from '../../src/cli/main.js'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What was printed, as JSON. */
  json(): Record<string, unknown>
}

export interface RunOptions {
  readonly stdin?: string | Buffer
  readonly clock?: Clock
  readonly network?: Partial<Network>
  readonly env?: Readonly<Record<string, string>>
}

export async function run(
  args: readonly string[],
  { stdin = '', clock = systemClock, network = {}, env = {} }: RunOptions = {},
): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const into = (lines: string[]) => new Writable({ write: (part, _, done) => (lines.push(String(part)), done()) })
  const desk = {
    clock,
    env,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: into(out),
    stderr: into(err),
    network: { ...systemNetwork, ...network },
  }
  const code = await runCommand(args, desk)
  return { code, out: out.join(''), err: err.join(''), json: () => JSON.parse(out.join('')) as Record<string, unknown> }
}
