/**
 * Journals: the doors. A connector knows one way of letting a person in, returns data, and knows neither Express nor the
 * database nor the whole person.
 * Called by: login.
 */
import type { JsonWebKey, KeyObject } from 'node:crypto'
import type { ZodType } from 'zod'
import type { Chance } from '../base/chance.js'
import type { Clock, Instant } from '../base/clock.js'
import type { Journal } from '../words/journal.js'
import type { SchoolCode } from '../words/school.js'
import type { ReleasedPerson } from '../consent/release.js'

/** What the browser must do next. Connectors return this as data; only web turns it into HTTP. */
export type HandOff =
  | { readonly how: 'redirect'; readonly to: URL }
  | {
      readonly how: 'post'
      readonly to: URL
      readonly fields: Readonly<Record<string, string>>
      /** What the journal reads its forms in; UTF-8 when absent. */
      readonly charset?: 'windows-1251'
    }

/** Where a secret lies: `{ env: SGO_KEY }` or `{ file: certs/sgo.key }`. Secrets never stand in the YAML itself. */
export type SecretRef = { readonly env: string } | { readonly file: string }

/** Signs what journals get; never one of the SAML keys. */
export interface TokenKey {
  /** `kid` of the JWKS. */
  readonly id: string
  readonly privateKey: KeyObject
}

export interface Entry {
  readonly person: ReleasedPerson
  /** The school whose account is entered. */
  readonly school: SchoolCode
  /** When the person last proved to the IdP who they are. */
  readonly authenticatedAt: Instant
  /** The person proved to the IdP who they are for this very entry, and within the last minute. */
  readonly fresh: boolean
  /** The session, as this journal may know it: what a later logout will name. */
  readonly sid: string
  /** Already checked against the journal's list. */
  readonly returnTo?: URL
  readonly state?: string
}

/**
 * What the bridge keeps until the journal's server fetches it: once, before it expires, and while the session lasts.
 */
export interface Deposit {
  /** What the browser carries to the journal; the bridge keeps its SHA-256. At least 128 bits of chance. */
  readonly handle: string
  /** JSON. */
  readonly content: Readonly<Record<string, unknown>>
  readonly expiresAt: Instant
}

/** One entry, made ready: nothing of it counts before it is written down, and it is written as a whole. */
export interface Passage {
  readonly handOff: HandOff
  readonly deposit?: Deposit
  /** What the journal will know this entry by when its session ends, where `sid` is not enough. */
  readonly mark?: string
}

/** Whose session has ended, by the names of the hand-off. */
export interface Leaving {
  readonly subject: string
  readonly sid: string
  readonly mark?: string
}

/** A request from our server to the journal's. Returned as data, like a hand-off; whoever sends it follows no redirect. */
export interface ServerCall {
  /** An address of the settings, or one that the journal's list of return addresses allows. */
  readonly to: URL
  readonly fields: Readonly<Record<string, string>>
  /** The journal's program knows no better answer than a redirect, which is not followed. */
  readonly redirectWillDo?: boolean
}

/** What a signed assertion of a journal's server has said. That it is new is for others to see. */
export interface ClientAssertion {
  readonly jti: string
  /** Until then it could come again. */
  readonly expiresAt: Instant
}

/** How a journal's server proves, when it calls us, that it is the journal's. A wrong proof takes as long as a right one. */
export interface Client {
  /** @param spellings of one secret, where a header may be read in two ways */
  hasSecret(spellings: readonly string[]): boolean
  /** @returns the assertion when signature, issuer, audience and times are right; else in a word what is not */
  readAssertion(jwt: string, now: Instant): Promise<ClientAssertion | string>
}

/** A journal at which its logins begin, with a message that it signs. */
export interface SignedAsk {
  /** Where the journal begins one: who wants in without its message is sent there. */
  readonly start: URL
  /**
   * @returns what `GET /login` would have said
   * @throws Refusal `journal.wrong-signature`, `journal.return-denied`, `request.malformed`
   */
  read(message: { readonly sso: string; readonly sig: string }): { readonly returnTo: string; readonly state: string }
  /** Whether a login carries what `read` made, and nobody else's. */
  made(target: { readonly returnTo?: string; readonly state?: string }): boolean
}

/** A journal whose own proxy asks us about every request of its site, and passes our answer on as headers. */
export interface Gate {
  /** Of the journal's site, as browsers see it. */
  readonly origin: string
  /** Path of that site which its proxy maps to our `/auth/JOURNAL`, such as `/.bridge`. */
  readonly path: string
  /** Where a login ends that asked for no page. */
  readonly home: URL
  /**
   * What a request of this person carries: every header of the settings, empty where nothing is known, so that the proxy
   * overwrites whatever came from outside.
   *
   * @param content of a deposit that this gate made
   * @returns undefined when it was made for another journal or under other settings
   */
  headers(content: Deposit['content']): Readonly<Record<string, string>> | undefined
}

/** One journal's door, ready to be used. */
export interface Door {
  handOff(entry: Entry): Passage
  /** Absent: the journal's server fetches nothing from us. */
  readonly client?: Client
  /** Absent: the journal cannot be told that a session has ended. */
  readonly leave?: (leaving: Leaving) => ServerCall
  /** The protocol that the journal speaks with us at addresses of its own, `/cas/JOURNAL/…`. */
  readonly serves?: 'cas'
  readonly asks?: SignedAsk
  /** The journal keeps no session of its own: with ours, its ends at once, and nobody needs to be told. */
  readonly endsWithUs?: true
  readonly gate?: Gate
  /** Of several schools, whose accounts it tells apart by the login alone: one that stands in two lists is refused. */
  readonly knowsByLoginAlone?: true
  /** Where a hand-off may send the browser: what a page's form-action must allow. The first is the journal's own home. */
  readonly origins: readonly [string, ...string[]]
}

export interface DoorTools {
  readonly journal: Journal
  /** `iss` of our tokens: the public address of the bridge. */
  readonly issuer: string
  readonly clock: Clock
  readonly chance: Chance
  /** The first signs; the JWKS lists all. */
  readonly tokenKeys: readonly TokenKey[]
  /** @returns the secret's octets @throws RangeError that names what is missing */
  secret(ref: SecretRef): Buffer
}

/** One way of letting a person into a journal. One file (or folder) per kind, one line in kinds.ts. */
export interface Connector<Block> {
  readonly kind: string
  /** The journal's own `connector:` block of bridge.yaml, without `kind`. */
  readonly schema: ZodType<Block>
  /** @throws RangeError naming the field that is wrong */
  open(block: Block, tools: DoorTools): Door
}

export type PublicKeys = { readonly keys: readonly JsonWebKey[] }
