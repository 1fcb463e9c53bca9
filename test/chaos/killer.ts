/** What befalls the town, and when: a schedule drawn from the seed, by the number of requests that people have made. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { projectFile } from '../../src/base/project-file.js'
import type { FailedClick } from './clicks.js'
import type { Import } from './evidence.js'
import { rosterOf, versionsIn, type Citizen } from './people.js'
import type { Seeded } from './seeded.js'
import type { ChaosTown } from './town.js'

export const blows = [
  'kill',
  'kill-all',
  'stop',
  'cut',
  'crash',
  'outage',
  'cut-redis',
  'forget',
  'import',
  'import-killed',
] as const
export type Blow = (typeof blows)[number]

export const blowTitles: Readonly<Record<Blow, string>> = {
  kill: 'a node killed (SIGKILL)',
  'kill-all': 'all nodes killed at once',
  stop: 'a node told to stop (SIGTERM)',
  cut: 'every connection to PostgreSQL cut',
  crash: 'PostgreSQL broke off and came back',
  outage: 'PostgreSQL stopped for a while',
  'cut-redis': 'every connection to Redis cut',
  forget: 'Redis killed, and back without its memory',
  import: 'a list imported',
  'import-killed': 'an import killed on the way',
}

/** How often each comes in a full round, with several nodes over a server. */
const WEIGHTS: Readonly<Record<Blow, number>> = {
  kill: 6,
  'kill-all': 1,
  stop: 2,
  cut: 3,
  crash: 1,
  outage: 1,
  'cut-redis': 3,
  forget: 1,
  import: 1,
  'import-killed': 3,
}
const NEEDS_SERVER: readonly Blow[] = ['cut', 'crash', 'outage']
const NEEDS_REDIS: readonly Blow[] = ['cut-redis', 'forget']

/** Milliseconds for which PostgreSQL is away, and Redis at most. */
const AWAY = 1_500

export class Killer {
  readonly struck: Blow[] = []
  readonly imports: Import[] = []
  /** Clicks that nobody answered, or only the node that was told to stop, while all others stood. */
  dropped = 0
  private stopping: ChaosTown['nodes'][number] | undefined
  private readonly town: ChaosTown
  private readonly people: readonly Citizen[]
  private readonly chance: Seeded
  private readonly only: readonly Blow[]
  private readonly most: number
  /** Blows that are over. */
  done = 0
  private round: Blow[] = []
  private requests = 0
  private next: number
  private version = 0
  private busy: Promise<void> = Promise.resolve()
  private active = true
  private striking = false
  readonly wrong: string[] = []
  /** How often the short-lived records went. */
  readonly forgotten = { begun: 0, over: 0 }

  /**
   * @param limits blows of these kinds, as far as they are possible, and so many of them; none without it
   */
  constructor(
    town: ChaosTown,
    people: readonly Citizen[],
    chance: Seeded,
    { only, blows: most }: { readonly only?: readonly Blow[]; readonly blows?: number } = {},
  ) {
    this.town = town
    this.people = people
    this.chance = chance
    this.only = only ?? blows
    this.most = most ?? Infinity
    this.next = this.gap()
  }

  /** Between any two requests of anybody. */
  step(): void {
    this.requests += 1
    if (!this.active || this.striking || this.struck.length >= this.most || this.requests < this.next) return
    this.striking = true
    this.busy = this.strike(this.draw())
      .catch((error: unknown) => {
        this.wrong.push(`the killer itself failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
      })
      .finally(() => {
        this.done += 1
        this.next = this.requests + this.gap()
        this.striking = false
      })
  }

  /** Somebody's click came to nothing. Another node that has too much to do says so for reasons of its own. */
  sees({ by }: FailedClick): void {
    const { stopping } = this
    if (stopping && (by === undefined || by.endsWith(`:${stopping.port}`))) this.dropped += 1
  }

  /** No more of it. @returns when everything stands again */
  async rest(): Promise<void> {
    this.active = false
    await this.busy
    await this.town.whole()
  }

  private gap = (): number => 5 + this.chance.below(40)

  /** Rounds, so that a short run meets every kind: first one of each in any order, then by weight. */
  private draw(): Blow {
    const possible = this.only.filter(blow => this.canStrike(blow))
    if (this.round.length === 0) {
      const first = this.struck.length === 0
      const bag = possible.flatMap(blow => Array.from({ length: first ? 1 : WEIGHTS[blow] }, () => blow))
      while (bag.length > 0) this.round.push(...bag.splice(this.chance.below(bag.length), 1))
    }
    return this.round.shift()!
  }

  private canStrike(blow: Blow): boolean {
    const { server, shortLived } = this.town.database
    if (NEEDS_SERVER.includes(blow)) return server !== undefined
    return !NEEDS_REDIS.includes(blow) || shortLived !== undefined
  }

  private async strike(blow: Blow): Promise<void> {
    const { nodes, database } = this.town
    const node = this.chance.pick(nodes)
    // in the middle of a request rather than before it
    await wait(this.chance.below(25))
    this.struck.push(blow)
    switch (blow) {
      case 'kill':
        return node.kill()
      case 'kill-all':
        return nodes.forEach(each => each.kill())
      case 'stop':
        return this.stop(node)
      case 'cut':
        await database.server?.cut()
        return
      case 'crash':
        return database.server?.crash()
      case 'outage':
        await database.server?.stop()
        await wait(AWAY)
        return database.server?.start()
      case 'cut-redis':
        return database.shortLived?.cut()
      case 'forget':
        this.forgotten.begun += 1
        await database.shortLived?.forget(this.chance.below(AWAY))
        this.forgotten.over += 1
        return
      case 'import':
      case 'import-killed':
        return this.importList(blow === 'import-killed')
    }
  }

  /** With another node beside it, nobody may notice. */
  private async stop(node: ChaosTown['nodes'][number]): Promise<void> {
    const alone = this.town.nodes.length === 1
    await this.town.whole()
    // nginx leaves a node alone for a while that failed it
    await wait(alone ? 0 : 5_500)
    this.stopping = alone ? undefined : node
    await node.terminate()
    await node.ready()
    this.stopping = undefined
  }

  private async importList(killed: boolean): Promise<void> {
    const version = ++this.version
    const file = join(this.town.folder, `list-${version}.csv`)
    await writeFile(file, rosterOf(this.people, 'school-1', version))
    const child = spawn(
      process.execPath,
      [
        projectFile('scripts/import-roster'),
        file,
        '--journal',
        'sgo',
        '--school',
        'school-1',
        '--config',
        this.town.configFile,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.on('data', part => (said += String(part)))
    const ended = once(child, 'close') as Promise<[number | null]>
    if (killed) {
      await Promise.race([wait(400 + this.chance.below(1_500)), ended])
      child.kill('SIGKILL')
    }
    const [code] = await ended
    if (!killed && code !== 0) this.wrong.push(`an import ended with ${code ?? 'a signal'}: ${said}`)
    this.imports.push({ version, end: code === 0 ? 'imported' : 'killed', found: await this.versions() })
  }

  private async versions(): Promise<readonly number[]> {
    const store = await this.town.openStore()
    try {
      const entries = await store.roster.entries({ journal: 'sgo', school: 'school-1' })
      return versionsIn(entries, this.version)
    } finally {
      await store.close()
    }
  }
}
