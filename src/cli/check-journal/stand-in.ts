/**
 * In place of the bridge, for journals that ask it who has come: the bridge itself, with a memory of its own that is gone
 * afterwards. Nobody can sign in there; only the forge leaves something for the journal's server to fetch.
 */
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { systemChance } from '../../base/chance.js'
import type { Clock, Instant } from '../../base/clock.js'
import { newRequestNumber } from '../../base/request-number.js'
import { Unavailable } from '../../base/unavailable.js'
import { compose, openStoreOf } from '../../compose.js'
import type { Deposit } from '../../journals/connector.js'
import type { Deposits } from '../../login/ports.js'
import type { Visit, Visits } from '../../login/visit-ports.js'
import { listenProblem, serve } from '../../serve.js'
import type { SessionKey } from '../../sessions/sessions.js'
import type { Configuration } from '../../settings/configuration.js'
import type { JournalSettings } from '../../settings/settings.js'
import { UnusableInput } from '../desk.js'

export interface StandIn {
  /** As the transaction of an entry would keep it. */
  readonly keep: (journal: string, deposit: Deposit, sid: string) => void
  /** The session is over: what was kept under it is worth nothing any more. */
  readonly end: (sid: string) => void
  /** While this lasts, whoever asks is told that the bridge cannot look into its memory. */
  readonly ailing: <T>(act: () => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/** @throws UnusableInput when the port is taken */
export async function openStandIn(
  configuration: Configuration,
  journal: JournalSettings,
  at: { readonly host: string; readonly port: number },
  clock: Clock,
): Promise<StandIn> {
  const memory = openMemory()
  // without the figures that the settings may ask for
  const bridge = await compose(
    alone(configuration, journal),
    silent(),
    { clock, chance: systemChance },
    async alone => ({
      ...(await openStoreOf(alone)),
      ...{ deposits: memory.deposits, visits: memory.visits },
    }),
  )
  const { web, store, trust, watch } = bridge
  const server = await serve({ web, store, trust, watch }, at).catch(async (error: unknown) => {
    await store.close()
    const sentence = listenProblem(error, at)
    throw sentence === undefined
      ? error
      : new UnusableInput(`--listen: ${sentence} While this runs it stands in the place of the bridge.`)
  })
  return { keep: memory.keep, end: memory.end, ailing: memory.ailing, close: () => server.close() }
}

/** One journal, no IdP, nobody's data: whoever comes by mistake finds a bridge in which nobody can sign in. */
function alone({ settings, ...others }: Configuration, journal: JournalSettings): Configuration {
  const storage = { database: 'sqlite::memory:' }
  return {
    ...{ ...others, identityProviders: [] },
    settings: { ...settings, storage, identityProviders: [], journals: [journal] },
  }
}

const silent = () => pino({ level: 'silent' }, new Writable({ write: (_line, _encoding, done) => done() }))

interface Memory extends Pick<StandIn, 'keep' | 'end' | 'ailing'> {
  readonly deposits: Deposits
  readonly visits: Visits
}

function openMemory(): Memory {
  const kept = new Map<string, Visit & { readonly expiresAt: Instant }>()
  const inside = new Map<string, Visit>()
  const over = new Set<string>()
  let ails = false
  const checkHealth = (): void => {
    if (ails) throw new Unavailable('The command plays a bridge that cannot look into its memory.')
  }
  return {
    keep: (journal, { handle, content, expiresAt }, sid) =>
      void kept.set(handle, { journal, content, expiresAt, session: sid as SessionKey }),
    end: sid => void over.add(sid),
    async ailing(act) {
      ails = true
      return act().finally(() => (ails = false))
    },
    deposits: {
      // eslint-disable-next-line @typescript-eslint/require-await -- a port of promises
      async take(handle, now, only) {
        checkHealth()
        const found = kept.get(handle)
        if (!found || (only !== undefined && found.journal !== only)) return undefined
        kept.delete(handle)
        if (found.expiresAt <= now || over.has(found.session)) return undefined
        return { ...found, number: newRequestNumber(systemChance) }
      },
      sweep: () => Promise.resolve(0),
    },
    visits: {
      open(secret, visit, _now, before) {
        if (over.has(visit.session)) return Promise.resolve(false)
        inside.set(secret, visit)
        if (before !== undefined) inside.delete(before)
        return Promise.resolve(true)
      },
      find(secret, journal) {
        const visit = inside.get(secret)
        const open = visit?.journal === journal && !over.has(visit.session)
        return Promise.resolve(open ? { ...visit, touchable: false } : undefined)
      },
      sweep: () => Promise.resolve(0),
    },
  }
}
