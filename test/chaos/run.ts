/** One run: a crowd at work, blows between its steps, and what is known of it when it is over. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { projectFile } from '../../src/base/project-file.js'
import type { AuditEvent, EventKind } from '../../src/audit/audit.js'
import type { Person } from '../../src/words/person.js'
import type { Store } from '../../src/store/open.js'
import { Life, type Diary } from './citizen-life.js'
import type { Clicking } from './clicks.js'
import type { StoreKind } from './database.js'
import type { Act, Kept, Theft, Whole } from './evidence.js'
import { judge } from './judge.js'
import { Killer, type Blow } from './killer.js'
import { citizens, type Citizen } from './people.js'
import { seeded } from './seeded.js'
import { startChaosTown, until, type ChaosTown } from './town.js'

export interface RunWish {
  readonly seed: number
  /** Visits begin for so many milliseconds, or until so many blows have fallen and people have come into a journal so often. */
  readonly until: { readonly ms: number } | { readonly blows: number; readonly logins: number }
  readonly nodes: number
  readonly store: StoreKind
  readonly people: number
  /** Blows of these kinds; all that are possible without it. */
  readonly only?: readonly Blow[]
  /** Hears once in a while how far it is. */
  readonly told?: (sentence: string) => void
}

export interface Outcome {
  readonly findings: readonly string[]
  readonly requests: number
  readonly visits: number
  readonly logins: number
  /** Clicks that were repeated. */
  readonly repeats: number
  readonly thefts: number
  readonly struck: Readonly<Partial<Record<Blow, number>>>
  /** Starts of all nodes together. */
  readonly starts: number
  readonly acts: Readonly<Record<string, number>>
  /** Visits that ended because Redis forgot everything, in sentences. */
  readonly short: readonly string[]
}

export async function run(wish: RunWish): Promise<Outcome> {
  const people = citizens(wish.people)
  const town = await startChaosTown({ nodes: wish.nodes, store: wish.store, people })
  try {
    const told = await live(wish, town, people)
    const whole = await examine(town, people, told)
    return {
      findings: judge(whole),
      requests: told.requests,
      visits: told.visits,
      logins: whole.acts.filter(({ what }) => what === 'entered').length,
      repeats: told.repeats,
      thefts: whole.thefts.length,
      struck: counted(told.killer.struck),
      starts: town.nodes.reduce((sum, { starts }) => sum + starts, 0),
      acts: counted(whole.acts.map(({ what }) => what)),
      short: told.short,
    }
  } finally {
    await town.close()
  }
}

const counted = <T extends string>(all: readonly T[]): Partial<Record<T, number>> => {
  const counts: Partial<Record<T, number>> = {}
  for (const each of all) counts[each] = (counts[each] ?? 0) + 1
  return counts
}

interface Told {
  readonly acts: readonly Act[]
  readonly thefts: readonly Theft[]
  readonly stuck: readonly string[]
  readonly short: readonly string[]
  readonly killer: Killer
  readonly requests: number
  readonly visits: number
  readonly repeats: number
}

/** Who goes round in circles is noticed before a run of hours ends. */
const MOST_STUCK = 20

async function live(wish: RunWish, town: ChaosTown, people: readonly Citizen[]): Promise<Told> {
  const [acts, thefts, stuck, short]: [Act[], Theft[], string[], string[]] = [[], [], [], []]
  const counts = { requests: 0, visits: 0, repeats: 0 }
  const killer = new Killer(town, people, seeded(wish.seed, 'killer'), { ...wish, ...wish.until })
  const clicking: Clicking = {
    step() {
      counts.requests += 1
      killer.step()
      return Promise.resolve()
    },
    repeated(failed) {
      counts.repeats += 1
      if (failed) killer.sees(failed)
    },
    forgotten: () => ({ ...killer.forgotten }),
  }
  const diary: Diary = {
    act: act => acts.push(act),
    theft: theft => thefts.push(theft),
    stuck: why => stuck.push(why),
    cutShort: why => short.push(why),
    usedCodes: new Set(),
  }
  const { until: when } = wish
  const end = performance.now() + ('ms' in when ? when.ms : Infinity)
  const logins = () => acts.filter(({ what }) => what === 'entered').length
  const isEnough = () => 'blows' in when && killer.done >= when.blows && logins() >= when.logins
  const isOver = () => performance.now() > end || isEnough() || stuck.length >= MOST_STUCK
  const tell = setInterval(() => wish.told?.(`${counts.visits} visits, ${counts.repeats} clicks repeated, ${killer.struck.length} blows, ${stuck.length} stuck`), 30_000) // prettier-ignore
  await Promise.all(
    people.map(async citizen => {
      const life = new Life(citizen, town, seeded(wish.seed, citizen.key), clicking, diary)
      while (!isOver()) {
        await life.visit()
        counts.visits += 1
      }
    }),
  )
  clearInterval(tell)
  await killer.rest()
  return { acts, thefts, stuck, short, killer, ...counts }
}

/** After the last click: what the database holds, and what the nodes have to say. */
async function examine(town: ChaosTown, people: readonly Citizen[], told: Told): Promise<Whole> {
  const store = await town.openStore()
  try {
    // what a node that was killed left undone is done within minutes; nobody waits for that here
    await store.logouts.sweep(Date.now() + 2 * 60_000)
    const kept: Record<string, Kept> = {}
    for (const citizen of people) kept[citizen.key] = await keptOf(store, town, citizen)
    const events = await eventsIn(store)
    return {
      ...{ acts: told.acts, thefts: told.thefts, stuck: told.stuck, kept, ...events },
      entered: town.journals.entered,
      redeemed: town.journals.redeemed,
      imports: told.killer.imports,
      accounts: Object.fromEntries(people.map(({ key, accounts }) => [key, accounts])),
      audit: await auditOf(town, store),
      nodes: [...town.nodes.flatMap(({ name, wrong }) => wrong.map(what => `${name} ${what}`)), ...told.killer.wrong],
      dropped: told.killer.dropped,
    }
  } finally {
    await store.close()
  }
}

async function keptOf(store: Store, { idp }: ChaosTown, { userId }: Citizen): Promise<Kept> {
  const person: Person = { idp: idp.entityId, userId, level: 'confirmed', globalRole: 'P', authenticatedAt: 0 }
  const { own } = await store.links.around(person, [])
  const entries = await store.roster.entries({})
  const loginOf = (accountId: string) => entries.find(entry => entry.accountId === accountId)?.login ?? '?'
  const consents = (await store.consents.ofPerson(person)).filter(({ ended }) => ended?.how !== 'superseded')
  const events = await store.audit.ofPerson(store.pseudonyms.everInAudit(person), 0, 1_000_000)
  return {
    links: own.map(({ journal, accountId, ended }) => ({ journal, account: loginOf(accountId), active: !ended })),
    consents: consents.map(({ journal, accountId, ended }) => ({ journal, account: loginOf(accountId), ...(ended && { withdrawn: true as const }) })), // prettier-ignore
    events: counted(events.filter(isTold).map(({ what }) => what)),
  }
}

/** A session may also be closed because another step asked for it: that row tells of no sign-out. */
const isTold = ({ what, result, facts }: AuditEvent): boolean =>
  result === 'ok' && (what !== 'session.closed' || facts?.['why'] === 'logout')

async function eventsIn(store: Store): Promise<Pick<Whole, 'verified' | 'redeemedRows' | 'importedRows' | 'codes'>> {
  const [verified, codes]: [Record<string, number>, Record<string, number>] = [{}, {}]
  let [redeemedRows, importedRows] = [0, 0]
  const add = (to: Record<string, number>, key = '') => (to[key] = (to[key] ?? 0) + 1)
  const kinds: readonly EventKind[] = ['login.verified', 'code.used', 'hand-off.redeemed', 'roster.imported']
  for await (const { what, result, number, accountId } of store.audit.between({})) {
    if (result !== 'ok' || !kinds.includes(what)) continue
    if (what === 'login.verified') add(verified, number)
    else if (what === 'code.used') add(codes, accountId)
    else if (what === 'roster.imported') importedRows += 1
    else redeemedRows += 1
  }
  return { verified, codes, redeemedRows, importedRows }
}

/** Rows are taken into the chain a few seconds after they were written. @returns what is wrong */
async function auditOf(town: ChaosTown, store: Store): Promise<string | undefined> {
  const examined = () => store.chain.examine({}, () => undefined)
  await until('every row of the audit is in the chain', async () => (await examined()).loose === 0)
  const command = [projectFile('scripts/audit'), 'verify', '--config', town.configFile]
  return promisify(execFile)(process.execPath, command).then(
    () => undefined,
    (error: unknown) => (error as { stderr?: string }).stderr ?? String(error),
  )
}
