/** CPU of programs beside ours, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs'

/** proc(5): clock ticks a second, on every Linux that Node runs on. */
const TICKS = 100

interface Seen {
  readonly pid: number
  readonly parent: number
  readonly command: string
  readonly cpu: number
}

function look(pid: string): Seen[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    const cpu = ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS
    return [{ pid: Number(pid), parent: Number(fields[1]), command, cpu }]
  } catch {
    return [] // it has just ended
  }
}

/**
 * CPU milliseconds of a program and its children so far; 0 where there is no /proc.
 *
 * @param words stand in its command line
 */
export function cpuOfFamily(...words: readonly string[]): number {
  const all = procs()
  const head = all.find(({ command, pid }) => pid !== process.pid && words.every(word => command.includes(word)))
  if (!head) return 0
  return all.filter(({ pid, parent }) => pid === head.pid || parent === head.pid).reduce((sum, { cpu }) => sum + cpu, 0)
}

function procs(): readonly Seen[] {
  try {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(look)
  } catch {
    return []
  }
}
