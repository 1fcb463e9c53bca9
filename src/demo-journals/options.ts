/**
 * Demo journals: what a school already has. A separate program that knows the bridge only by its address, its public keys
 * and the tokens that browsers bring; of our code it uses the clock and chance.
 * Does not touch: SAML, persons, anything of the bridge.
 * Called by: the demo, tests, its own main.ts.
 */
import type { Chance } from '../base/chance.js'
import type { Clock } from '../base/clock.js'

export type Algorithm = 'HS256' | 'ES256' | 'RS256'

/** Each has its file in doors/. */
export type DoorKind = 'signed-link' | 'handle' | 'cas' | 'form-post' | 'hmac-query' | 'discourse-connect'

export interface DemoJournal {
  /** First segment of every address of this journal, and its id at the bridge. */
  readonly id: string
  readonly title: string
  /** `signed-link` when absent. */
  readonly door?: DoorKind
  readonly alg: Algorithm
  /** `handle`: by which our server proves itself to the bridge. HS256, and kinds that sign without a token: the key shared with the bridge. */
  readonly key?: string
  readonly audience: string
  /** A login that did not start here is refused. Without it a stranger's link can sign a person in as the stranger. */
  readonly requireState?: boolean
}

/** The journal's own base of people: the token brings none. */
export interface DemoRoster {
  readonly school: string
  readonly title: string
  /** UTF-8, `;`, the header of docs/examples/roster-school-1.csv. */
  readonly csv: string
}

export interface DemoOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** As browsers see the journals; without it, host and port. */
  readonly publicUrl?: string
  /** As browsers see the bridge, and the `iss` of its tokens. */
  readonly bridgeUrl: string
  /** Where the journal's server finds the bridge's public keys, when that is another address. */
  readonly bridgeInternalUrl?: string
  readonly journals: readonly DemoJournal[]
  readonly rosters?: readonly DemoRoster[]
  readonly clock: Clock
  readonly chance: Chance
}

/** What all the journal's files share once it runs. */
export interface House {
  readonly journal: DemoJournal
  /** `http://localhost:8082`, without a slash. */
  readonly origin: string
  /** `/sgo/`: every address of this journal begins so. */
  readonly base: string
  /** Neighbours have another one, so that nobody mistakes one journal for the other. */
  readonly ink: 'green' | 'violet'
  readonly bridgeUrl: string
  readonly clock: Clock
  readonly chance: Chance
}
