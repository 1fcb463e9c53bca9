/** How a measured server and its parent talk: figures are taken inside, where the work is done. */
import { fork, type ChildProcess } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { projectFile } from '../../src/base/project-file.js'

/** What the load must know about a server. */
export interface Ready {
  readonly url: string
  /** Where its settings say that it stands, when that is elsewhere. */
  readonly publicUrl?: string
  readonly metadata: string
  readonly idp: { readonly entityId: string; readonly privateKeyPem: string; readonly certificatePem: string }
  readonly decryptionPem: string
}

export interface Figures {
  /** CPU milliseconds of the whole process since `begin`. */
  readonly cpu: number
  /** Milliseconds by which timers came too late, 99th percentile. */
  readonly loopDelay: number
}

export interface Memory {
  /** Octets after a full collection, buffers outside the heap included. */
  readonly heap: number
  readonly rss: number
}

type Question = 'begin' | 'figures' | 'memory' | 'stop'

/** Milliseconds between two looks; what the histogram shows includes them. */
const RESOLUTION = 10

export function answerParent(ready: Ready, stop: () => Promise<void>): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  let since = process.cpuUsage()
  process.on('message', (question: Question) => {
    if (question === 'begin') {
      delay.enable()
      delay.reset()
      since = process.cpuUsage()
      process.send!('begun')
    } else if (question === 'figures') process.send!(figures())
    else if (question === 'memory') process.send!(memory())
    else void stop().then(() => process.exit())
  })
  const figures = (): Figures => {
    const { user, system } = process.cpuUsage(since)
    const loopDelay = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION)
    return { cpu: (user + system) / 1_000, loopDelay }
  }
  process.once('disconnect', () => void stop().then(() => process.exit()))
  process.send!(ready)
}

/** A full collection also throws optimised code away: it has no place in a run that measures CPU. */
function memory(): Memory {
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

export interface Measured {
  readonly ready: Ready
  begin(): Promise<void>
  figures(): Promise<Figures>
  memory(): Promise<Memory>
  stop(): Promise<void>
}

/** @param file compiled, below dist/test/bench; @param given handed over as the child's only argument, in JSON */
export async function startMeasured(file: string, given: object = {}): Promise<Measured> {
  const child = fork(projectFile(`dist/test/bench/${file}`), [JSON.stringify(given)], { execArgv: ['--expose-gc'] })
  const ready = (await next(child)) as Ready
  const ask = async (question: Question): Promise<unknown> => {
    const answer = next(child)
    child.send(question)
    return answer
  }
  return {
    ready,
    begin: async () => {
      await ask('begin')
    },
    figures: async () => (await ask('figures')) as Figures,
    memory: async () => (await ask('memory')) as Memory,
    stop: () =>
      new Promise(resolve => {
        if (!child.connected) return resolve()
        child.once('exit', () => resolve())
        child.send('stop')
      }),
  }
}

const next = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const gone = (code: number | null): void =>
      reject(new Error(`the measured server ended with code ${code ?? 'none'}`))
    child.once('exit', gone)
    child.once('message', message => {
      child.off('exit', gone)
      resolve(message)
    })
  })
