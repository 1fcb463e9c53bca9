/** What a running bridge does again and again beside the requests. Here stands what and how often; serve holds the clocks. */
import type { Bridge } from './compose.js'
import { chainAudit } from './login/anchoring.js'
import { sendDue } from './login/notifying.js'
import { retain } from './login/retaining.js'
import { tellDue } from './login/tell-journals.js'
import { carryOutDestructions, endWithdrawnSessions } from './login/withdrawing.js'
import { sendAlerts } from './watch/alerts.js'
import { watchRound } from './watch/round.js'
import { tellAnomalies } from './watch/tell.js'

export interface Errand {
  /** What the log says when it failed. */
  readonly what: string
  /** Milliseconds from one beginning to the next; one that still runs is not begun again. */
  readonly every: number
  readonly run: () => Promise<unknown>
}

/** Ended logins, sessions and remembered assertions are deleted this often. */
const SWEEP_EVERY = 5 * 60_000

/** What a crash left open after a withdrawal is finished, and what is due is destroyed. */
const WITHDRAWALS_EVERY = 60_000

/** What is kept for months needs no more. */
const RETAIN_EVERY = 6 * 3_600_000

/** Rows of the audit are taken into its chain this often; an anchor is made of it once a day. */
const CHAIN_EVERY = 10_000

/** Whoever changes keys sees by it who runs (`SEEN_WITHIN` of login/rotating.ts). */
const HOLDERS_EVERY = 60_000

/** Counts of requests are shared with the other nodes this often. */
const SHARE_EVERY = 1_000

/** Approvals of other programs, changed files and due visits are noticed this often. */
const TRUST_EVERY = 60_000

/** Notices to people that were written since are sent; each says itself when it is tried again. */
const SEND_EVERY = 5_000

/** Journals that did not hear of a logout are told again; a notice itself says when. */
const TELL_EVERY = 30_000

/** What the chain has taken in is looked at this often, and told of. */
const WATCH_EVERY = 10_000

/** Locks and banners that another node or a command has changed are noticed this often. */
const STANDING_EVERY = 2_000

export const errandsOf = (bridge: Bridge): readonly Errand[] => [
  ...keepsRecords(bridge),
  ...staysFresh(bridge),
  ...tells(bridge),
]

const keepsRecords = (bridge: Bridge): readonly Errand[] => {
  const { web, store } = bridge
  const withdrawals = async (): Promise<void> => {
    await endWithdrawnSessions(web.ports)
    await carryOutDestructions(web.ports)
  }
  const retention = async (): Promise<void> => {
    bridge.dropOldCopies?.()
    await retain(web.ports, web.ports.retentionLimits)
  }
  const chain = async (): Promise<void> => {
    const anchor = await chainAudit(web.ports)
    if (anchor) web.log.info({ anchor: anchor.token, position: anchor.position }, 'anchor of the audit')
  }
  return [
    { what: 'sweep', every: SWEEP_EVERY, run: () => store.sweep(web.ports.clock.now()) },
    { what: 'following withdrawals', every: WITHDRAWALS_EVERY, run: withdrawals },
    { what: 'retention', every: RETAIN_EVERY, run: retention },
    { what: 'chaining the audit', every: CHAIN_EVERY, run: chain },
    { what: 'telling which keys are held', every: HOLDERS_EVERY, run: () => tellKeys(bridge) },
  ]
}

/** Without it somebody might change keys under our feet, which is no reason to turn people away today. */
export const tellKeys = ({ web, store }: Bridge): Promise<void> =>
  store.keyHolders.tell(web.ports.clock.now()).catch((error: unknown) => {
    web.log.error({ kind: error instanceof Error ? error.name : typeof error }, 'telling which keys are held failed')
  })

const staysFresh = ({ web, trust, lists }: Bridge): readonly Errand[] => [
  { what: 'sharing counts of requests', every: SHARE_EVERY, run: () => web.ports.rateLimits.share() },
  { what: 'round of trust', every: TRUST_EVERY, run: () => trust.tick() },
  { what: 'looking what stands', every: STANDING_EVERY, run: () => web.ports.standing.refresh() },
  ...(lists ? [{ what: 'import of lists', every: lists.every, run: () => lists.look() }] : []),
]

const tells = ({ web, watch }: Bridge): readonly Errand[] => {
  const watching = async (): Promise<void> => {
    await watchRound(watch)
    await tellAnomalies(watch)
  }
  return [
    { what: 'sending notices', every: SEND_EVERY, run: () => sendDue(web.ports) },
    { what: 'telling journals of a logout', every: TELL_EVERY, run: () => tellDue(web.ports) },
    { what: 'watching', every: WATCH_EVERY, run: watching },
    { what: 'sending alerts', every: SEND_EVERY, run: () => sendAlerts(watch) },
  ]
}
