/** How figures are taken: contenders in turns, CPU time of the whole process, medians, and ratios within one run. */

export interface Contender {
  readonly name: string
  /** Runs a round. */
  readonly times: number
  readonly run: () => unknown
}

/** CPU milliseconds one run costs, all threads of the process. */
export async function cpu({ times, run }: Contender): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / times
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/**
 * In turns, so that whatever else the machine does hits all alike. The first round is not counted.
 *
 * @param before what is done anew before each round, and is not measured
 * @returns the median of each, in the given order
 */
export async function inTurns(
  all: readonly Contender[],
  rounds: number,
  before: () => void = () => undefined,
): Promise<number[]> {
  const taken = all.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    before()
    for (const [i, contender] of all.entries()) {
      const cost = await cpu(contender)
      if (round >= 0) taken[i]!.push(cost)
    }
  }
  return taken.map(median)
}

/** `met` or `missed`, beside the figure it is about. */
export const verdict = (value: number, budget: number, more = false): string =>
  (more ? value >= budget : value <= budget) ? 'met' : 'missed'

export const print = (line = ''): boolean => process.stdout.write(`${line}\n`)
