/**
 * What stands at this moment: locks of people and networks, and banners about IdPs. Kept in the memory of this process, so that a login asks no database
 * about them; read again every few seconds, since another node, the watch or a command may have changed it.
 */
import type { Clock, Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import type { Person } from '../words/person.js'
import type { Banner, Lock, Subject } from '../words/watched.js'
import { networkOf } from './failed-calls.js'
import type { Pseudonyms } from './ports.js'

/** The memory that all nodes share. */
export interface StandingNow {
  /** Locks that have not ended at `now`. */
  locks(now: Instant): Promise<readonly Lock[]>
  banners(now: Instant): Promise<readonly Banner[]>
}

type Name = `${Subject['kind']} ${string}`

export class Standing {
  readonly #clock: Clock
  readonly #shared: StandingNow
  #locks: ReadonlyMap<Name, Lock> = new Map()
  #anyPerson = false
  #banners: readonly Banner[] = []

  constructor(clock: Clock, shared: StandingNow) {
    this.#clock = clock
    this.#shared = shared
  }

  async refresh(): Promise<void> {
    const now = this.#clock.now()
    const locks = [...(await this.#shared.locks(now))].sort((one, other) => one.until - other.until)
    // of two locks of one subject the longer one
    this.#locks = new Map(locks.map(lock => [`${lock.subject.kind} ${lock.subject.name}` as const, lock]))
    this.#anyPerson = locks.some(({ subject }) => subject.kind === 'person')
    this.#banners = await this.#shared.banners(now)
  }

  get banners(): readonly Banner[] {
    const now = this.#clock.now()
    return this.#banners.filter(({ until = Infinity }) => until > now)
  }

  ofPerson({ everInAudit }: Pick<Pseudonyms, 'everInAudit'>, person: Person): Lock | undefined {
    if (!this.#anyPerson) return undefined
    return everInAudit(person).flatMap(name => this.#standing(`person ${name}`) ?? [])[0]
  }

  /** Without any, nobody need be asked under which names they are known. */
  get locksPeople(): boolean {
    return this.#anyPerson
  }

  /**
   * @param others names of the same human at other IdPs
   * @throws Refusal `lock.person`, with the time at which it ends
   */
  checkPerson(pseudonyms: Pick<Pseudonyms, 'everInAudit'>, person: Person, others: readonly string[] = []): void {
    const own = this.ofPerson(pseudonyms, person)
    const lock = own ?? others.flatMap(name => this.#standing(`person ${name}`) ?? [])[0]
    // whoever is not locked under this very name does not lift it under this one
    if (lock) throw new Refusal('lock.person', { until: lock.until, rule: lock.rule, ...(!own && { elsewhere: true }) })
  }

  /** @throws Refusal `lock.network`, with the time at which it ends */
  checkNetwork(address: string): void {
    if (this.#locks.size === 0) return
    const lock = this.#standing(`network ${networkOf(address)}`)
    if (lock) throw new Refusal('lock.network', { until: lock.until, rule: lock.rule })
  }

  #standing(name: Name): Lock | undefined {
    const lock = this.#locks.get(name)
    return lock && lock.until > this.#clock.now() ? lock : undefined
  }
}
