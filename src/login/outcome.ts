import type { Instant } from '../base/clock.js'
import type { Refusal } from '../base/refusal.js'
import type { RequestNumber } from '../base/request-number.js'
import type { ConsentText } from '../consent/consent.js'
import type { ConsentRule } from '../consent/rules.js'
import type { HandOff } from '../journals/connector.js'
import type { TrustedIdp } from '../saml/trust.js'
import type { Session, SessionKey } from '../sessions/sessions.js'
import type { Choice } from '../words/account.js'
import type { Journal } from '../words/journal.js'
import type { Asked } from './confirming.js'
import type { Round } from './loop.js'
import type { DeviceKey } from '../words/confirming.js'
import type { CabinetQuestion, JournalTarget, Target } from '../words/target.js'

/** Whoever stands at the door: what a request tells about the browser behind it. */
export interface Visitor {
  readonly address: string
  /** The browser as it names itself, cut at 200 characters. */
  readonly device: string
  /** Key of the session cookie, whether or not that session is still open. */
  readonly session?: SessionKey
  /**
   * The cookies of logins that came along: login → secrets (over plain http each may come twice), the youngest first. What a
   * secret proves is for browser.ts to say.
   */
  readonly logins: ReadonlyMap<string, readonly string[]>
  /** Keys of the cookies by which the browser may be known again; the youngest first. Lax: not with the IdP's post. */
  readonly devices: readonly DeviceKey[]
  /** What it remembers of the logins it began within the last minute. */
  readonly rounds: readonly Round[]
  /** Drawn for this request; a login keeps the one of its first request. */
  readonly number: RequestNumber
  /** Told the number under which something of this request was written down, so that the log names it, too. */
  readonly about?: (number: RequestNumber) => void
}

/** Where a login stands. The web layer switches over `at`; a missing case does not compile. */
export type Outcome =
  /** Off to the IdP; `secret` is the value of the per-login cookie. */
  | {
      readonly at: 'idp'
      readonly to: URL
      readonly login: string
      readonly secret: string
      readonly expiresAt: Instant
    }
  /** Several IdPs are possible and none was named. Nothing is written down: each choice is a link that begins the login. */
  | {
      readonly at: 'choose-idp'
      readonly target: Target
      readonly forced: boolean
      readonly idps: readonly TrustedIdp[]
    }
  /** To our own page of this login, by a redirect on which the browser sends its Lax cookies. */
  | { readonly at: 'hop'; readonly login: string }
  | {
      readonly at: 'choose'
      readonly login: string
      readonly session: Session
      readonly journal: Journal
      readonly target: Target
      /** Where the choice will lead: what the page's form-action must allow. */
      readonly origins: readonly string[]
      readonly choices: readonly Choice[]
    }
  | {
      readonly at: 'consent'
      readonly login: string
      readonly session: Session
      readonly journal: Journal
      readonly target: Target
      readonly origins: readonly string[]
      /** For what: the account, and the child that it shows. */
      readonly choice: Choice
      readonly text: ConsentText
      readonly rule: ConsentRule
      /** Why the page is shown, when not for the first time. */
      readonly why?: 'new-text' | 'unticked'
    }
  | {
      readonly at: 'confirm'
      readonly login: string
      readonly session: Session
      readonly journal: Journal
      readonly target: Target
      readonly origins: readonly string[]
      /** Of the login: what happens here is written down under it. */
      readonly number: RequestNumber
      readonly asked: Asked
    }
  | { readonly at: 'self-test'; readonly login: string; readonly session: Session }
  /** To an address of the journal, with nothing: it asked without need for an answer, or must ask itself first. */
  | { readonly at: 'back'; readonly to: URL }
  /** Signed in, and no journal was named: our start page lists them. */
  | { readonly at: 'portal'; readonly page?: 'school' }
  /** Signed in for the cabinet, and back to the very question that wanted a fresh sign-in. */
  | { readonly at: 'cabinet'; readonly question?: CabinetQuestion; readonly onward?: JournalTarget }
  | { readonly at: 'done'; readonly handOff: HandOff; readonly journal: Journal; readonly origins: readonly string[] }
  | {
      readonly at: 'refused'
      readonly refusal: Refusal
      readonly number: RequestNumber
      /** What to begin again. */
      readonly target?: Target
      readonly idp?: string
      /** A fresh sign-in was demanded, and must be demanded again: otherwise the wrong person might be signed in. */
      readonly forced?: boolean
      readonly session?: Session
    }

/** Whether the login stands at one of our pages, and its record must be there when the person answers. */
export const waits = ({ at }: Outcome): boolean => at === 'choose' || at === 'consent' || at === 'confirm'

/** An outcome, and the cookie of the session that was opened on the way to it. */
export interface Step {
  readonly outcome: Outcome
  /** Secret of the session opened by this request. */
  readonly opened?: string
  /** Secret of the cookie by which a new device will be known again. */
  readonly device?: string
}
