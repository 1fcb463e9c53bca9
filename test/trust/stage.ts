/** A live trust for tests: a real https server, a real database, and a clock that the test moves. */
import type { AuditEvent } from '../../src/audit/audit.js'
import { systemChance } from '../../src/base/chance.js'
import { openStore, type Store } from '../../src/store/open.js'
import { createDownload } from '../../src/trust/download.js'
import type { KeptTrust } from '../../src/trust/keep.js'
import { FetchError, type Copy, type Fetch, type Source } from '../../src/trust/ports.js'
import type { Tools } from '../../src/trust/visit.js'
import { options } from '../store/databases.js'
import {
  alone,
  entity,
  federationOf,
  IDP_ONE,
  makeParties,
  pinned,
  signedBy,
  startPublisher,
  until,
  type Parties,
  type Publisher,
} from '../support/publisher.js'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const IDP_TWO = 'https://two.example/idp'

/** Everything is made before the first test; database, clock and events anew before each. */
export interface World {
  readonly parties: Parties
  readonly publisher: Publisher
  store: Store
  now: number
  events: AuditEvent[]
}

/** To be called inside `describe`: its hooks fill the stage. */
export function makeStage(): { readonly world: World; readonly stage: ReturnType<typeof stageOf> } {
  const world = {} as { -readonly [K in keyof World]: World[K] }
  before(async () => {
    world.parties = await makeParties()
    world.publisher = await startPublisher(world.parties)
  })
  after(() => world.publisher.close())
  beforeEach(async () => {
    world.store = await openStore(options('sqlite::memory:'))
    world.now = Date.now()
    world.events = []
  })
  afterEach(() => world.store.close())
  return { world, stage: stageOf(world) }
}

function stageOf(world: World) {
  const source = (change: Partial<Source> = {}): Source => ({
    name: world.publisher.address,
    signers: [],
    refresh: 6 * HOUR,
    whenExpired: 'refuse',
    newSigningKeys: 'ask',
    idp: { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false },
    ...change,
  })
  const signedSource = (change: Partial<Source> = {}): Source =>
    source({ signers: [pinned(world.parties.federation)], longest: 30 * DAY, ...change })
  const tools = (fetch: Fetch = createDownload({ authorities: [world.parties.server.certificatePem] })): Tools => ({
    copies: world.store.copies,
    fetch,
    clock: { now: () => world.now },
    chance: systemChance,
    skew: 3 * MINUTE,
    tell: event => void world.events.push(event),
  })
  const noNetwork = tools.bind(undefined, () => Promise.reject(new FetchError('the cable is pulled')))
  const keysOf = (trust: KeptTrust, entityId = IDP_ONE) => trust.find(entityId)?.signingKeys.map(key => key.fingerprint)
  const finger = (i: 0 | 1 | 2): string => pinned(world.parties.keys[i]).fingerprint
  const publishKeys = (...keys: (0 | 1 | 2)[]) =>
    world.publisher.publish(alone({ keys: keys.map(i => world.parties.keys[i]) }))
  const aggregate = (attributes = until(world.now + 7 * DAY), keys: (0 | 1 | 2)[] = [0]): string =>
    federationOf(
      [
        entity({ keys: keys.map(i => world.parties.keys[i]) }),
        entity({ entityId: IDP_TWO, keys: [world.parties.keys[1]] }),
      ],
      attributes,
    )
  const publishSigned = (xml = aggregate()) => world.publisher.publish(signedBy(xml, world.parties.federation))
  const later = async (trust: KeptTrust, ms = 7 * HOUR): Promise<void> => {
    world.now += ms
    await trust.tick()
  }
  const waiting = async (): Promise<Copy> => (await world.store.copies.all()).find(({ state }) => state === 'pending')!
  const decide = (revise: Parameters<Store['copies']['revise']>[1]) =>
    world.store.copies.revise({ source: world.publisher.address, entityId: IDP_ONE }, revise)
  const whats = () => world.events.map(({ what }) => what)
  return {
    source,
    signedSource,
    tools,
    noNetwork,
    keysOf,
    finger,
    publishKeys,
    aggregate,
    publishSigned,
    later,
    waiting,
    decide,
    whats,
  }
}
