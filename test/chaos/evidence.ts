/** What is known of a run when it is over: what people and journals saw, and what stands in the database. The judge reads nothing else. */
import type { Instant } from '../../src/base/clock.js'
import type { EventKind } from '../../src/audit/audit.js'

/** Something that a person did and saw confirmed. */
export interface Act {
  readonly person: string
  readonly what: 'entered' | 'agreed' | 'withdrew' | 'linked' | 'unlinked' | 'relinked' | 'ended others' | 'signed out'
  readonly journal?: string
  /** Login of the account in the journal. */
  readonly account?: string
  /** When it was pressed, and when it was seen confirmed; of what opens a door or shuts it: consents and links. */
  readonly pressed?: Instant
  readonly seen?: Instant
}

/** The server of a journal let somebody in. */
export interface Entered {
  readonly journal: string
  /** Who began that login, as the journal's own `state` says. */
  readonly person: string
  readonly account: string
  /** The bridge let them in no sooner and no later. */
  readonly since: Instant
  readonly until: Instant
}

/** The bridge gave out what it kept under a handle. */
export interface Redeemed {
  readonly handle: string
}

/** Somebody else posted the answer that the IdP gave to this person. */
export interface Theft {
  readonly person: string
  /** What the thief saw. */
  readonly status: number
  /** Whose session the bridge then says the thief has. */
  readonly userId?: string
}

/** A row of links, as far as the judge asks. */
export interface KeptLink {
  readonly journal: string
  readonly account: string
  readonly active: boolean
}

export interface KeptConsent {
  readonly journal: string
  readonly account: string
  /** It was taken back. */
  readonly withdrawn?: true
}

/** What the database holds of one person at the end. */
export interface Kept {
  readonly links: readonly KeptLink[]
  /** Consents, by journal and account: those that stand, and those that were taken back. */
  readonly consents: readonly KeptConsent[]
  /** Rows of the audit of each kind; of sessions that were closed those that the person signed out of. */
  readonly events: Readonly<Partial<Record<EventKind, number>>>
}

export interface Import {
  /** Of the list. */
  readonly version: number
  /** `killed`: before it said so; then either is right. */
  readonly end: 'imported' | 'killed'
  /** Versions of which the stored list is made afterwards: all or nothing leaves one. */
  readonly found: readonly number[]
}

export interface Whole {
  /** Acts in the order in which they were seen. */
  readonly acts: readonly Act[]
  readonly entered: readonly Entered[]
  readonly redeemed: readonly Redeemed[]
  readonly thefts: readonly Theft[]
  readonly imports: readonly Import[]
  /** Accounts of each person, as the school's list has them. */
  readonly accounts: Readonly<Record<string, readonly string[]>>
  readonly kept: Readonly<Record<string, Kept>>
  /** How often each login was verified, by its number. */
  readonly verified: Readonly<Record<string, number>>
  /** Rows of the audit that tell of a handle that was redeemed. */
  readonly redeemedRows: number
  /** Rows of the audit that tell of an import. */
  readonly importedRows: number
  /** Links ever made to each account by a code, over all people. */
  readonly codes: Readonly<Record<string, number>>
  /** The audit is whole; else what is wrong with it. */
  readonly audit: string | undefined
  /** What people met that no repeated click mends. */
  readonly stuck: readonly string[]
  /** What was wrong with the nodes themselves. */
  readonly nodes: readonly string[]
  /** Clicks that nobody answered while a node was told to stop and nothing else happened. */
  readonly dropped: number
}
