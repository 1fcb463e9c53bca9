/** One node: the bridge as a process of its own, started again whenever it ends, as a service manager does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { projectFile } from '../../src/base/project-file.js'

const ARGUMENTS = ['--enable-source-maps', projectFile('dist/src/main.js')]

/** Milliseconds between an end and the next start. */
const RESTART_AFTER = 200
/** For a bridge that was told to stop; its own patience is shorter. */
const ENDS_WITHIN = 20_000

/** What a log must never say: only an outage of the database may fail a request. */
const OUTAGES = ['StoreUnavailable', 'Unavailable']
const ERROR = 50

export class BridgeProcess {
  readonly name: string
  readonly port: number
  /** Starts that came to `ready`. */
  starts = 0
  /** What should not have happened to it, in sentences. */
  readonly wrong: string[] = []
  private readonly config: string
  private readonly personal: RegExp
  private child: ChildProcess | undefined
  private wanted = true
  private expected = false
  private running: Promise<void> | undefined
  private toldReady: (() => void)[] = []
  private isReady = false

  /** @param personal what no line of its log may hold */
  constructor(name: string, port: number, config: string, personal: RegExp) {
    this.name = name
    this.port = port
    this.config = config
    this.personal = personal
  }

  /** @returns when it is ready */
  start(): Promise<void> {
    this.running ??= this.supervise()
    return this.ready()
  }

  ready(): Promise<void> {
    return this.isReady ? Promise.resolve() : new Promise(resolve => this.toldReady.push(resolve))
  }

  /** At once, whatever it is doing; it is started again. */
  kill(): void {
    this.expected = true
    this.isReady = false
    this.child?.kill('SIGKILL')
  }

  /** It is told to stop, as by a service manager. @returns when it has ended; it is started again */
  async terminate(): Promise<void> {
    const { child } = this
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    this.expected = true
    this.isReady = false
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const late = setTimeout(() => {
      this.wrong.push('did not end when it was told to stop')
      child.kill('SIGKILL')
    }, ENDS_WITHIN)
    await ended
    clearTimeout(late)
  }

  async close(): Promise<void> {
    this.wanted = false
    await this.terminate()
    await this.running
  }

  private async supervise(): Promise<void> {
    while (this.wanted) {
      this.expected = false
      const child = spawn(process.execPath, [...ARGUMENTS, '--config', this.config], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      this.child = child
      let said = ''
      createInterface({ input: child.stdout }).on('line', line => {
        if (this.read(line)) this.becomeReady()
      })
      child.stderr.on('data', part => (said += String(part)))
      const [code] = (await once(child, 'close')) as [number | null]
      this.isReady = false
      this.afterwards(code, said)
      await wait(RESTART_AFTER)
    }
  }

  private becomeReady(): void {
    this.starts += 1
    this.isReady = true
    for (const tell of this.toldReady.splice(0)) tell()
  }

  /** A database that is away is waited for, so that nothing but us ends it. */
  private afterwards(code: number | null, said: string): void {
    if (said !== '') this.wrong.push(`said on stderr: ${said.slice(0, 2_000)}`)
    if (!this.expected) this.wrong.push(`ended by itself with code ${code ?? 'none'}`)
  }

  /** @returns whether it is ready now */
  private read(line: string): boolean {
    if (this.personal.test(line)) this.wrong.push(`its log names a person: ${line.slice(0, 500)}`)
    let entry: Readonly<Record<string, unknown>>
    try {
      entry = JSON.parse(line) as typeof entry
    } catch {
      return false // cut off by a kill
    }
    const outage = OUTAGES.includes(String(entry['kind']))
    if ((Number(entry['level']) >= ERROR && !outage) || entry['status'] === 500)
      this.wrong.push(`its log says: ${line.slice(0, 2_000)}`)
    return entry['msg'] === 'ready'
  }
}
