/**
 * Who is told of an anomaly: its owner by e-mail, at once and once; the administration by e-mail and webhook. However many anomalies there are, the
 * administration gets one message at a time, and it tells of all that waited.
 */
import { createHash } from 'node:crypto'
import { randomId } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import type { Lock, Subject } from '../words/watched.js'
import { messageTo, ownerOf, type OwnerPorts } from './owner.js'
import type { AlertContent, Anomaly, Watching } from './ports.js'
import { asTold } from './telling-text.js'
import type { WatchTerms } from './terms.js'

export interface TellPorts extends OwnerPorts {
  readonly watching: Pick<Watching, 'unowned' | 'own' | 'untold' | 'lastTold' | 'tell' | 'locks'>
  readonly watchTerms: Pick<WatchTerms, 'notify' | 'repeatAfter'>
}

/** Until the next message to the administration; whatever was found meanwhile stands in it. */
const PAUSE = 5 * 60_000
/** Told one by one; of further ones only how many there are. */
const IN_FULL = 20
const MOST = 1_000
/** People who are looked for in one go. */
const AT_ONCE = 50

/** Names an address of the settings without holding it. */
export const channelOf = (email: string): string =>
  `email ${createHash('sha256').update(email).digest('base64url').slice(0, 16)}`

/** What an errand of the bridge does. @returns how many anomalies the administration was told of */
export async function tellAnomalies(ports: TellPorts): Promise<number> {
  const now = ports.clock.now()
  const locks = await ports.watching.locks(now)
  await tellOwners(ports, locks)
  const last = await ports.watching.lastTold()
  if (last !== undefined && now - last < PAUSE) return 0
  const untold = await ports.watching.untold(now - ports.watchTerms.repeatAfter, MOST)
  if (untold.length === 0) return 0
  const content = contentOf(untold, locks, now)
  const alerts = channelsOf(ports.watchTerms).map(channel => ({
    ...{ id: randomId(ports.chance), channel, content, since: now },
  }))
  return (await ports.watching.tell({ anomalies: untold, alerts, now })) ? untold.length : 0
}

/** Once for each anomaly, however long it goes on; whoever has no session left is not found, and nobody is told. */
async function tellOwners(ports: TellPorts, locks: readonly Lock[]): Promise<void> {
  for (const anomaly of await ports.watching.unowned(AT_ONCE)) {
    const owner = await ownerOf(ports, anomaly)
    const message = owner && messageTo(ports, owner, anomaly, lockOn(anomaly.subject, locks))
    await ports.watching.own(anomaly.id, owner?.accounts ?? [], message)
  }
}

export const lockOn = ({ kind, name }: Subject, locks: readonly Lock[]): Lock | undefined =>
  locks.find(({ subject }) => subject.kind === kind && subject.name === name)

function contentOf(anomalies: readonly Anomaly[], locks: readonly Lock[], at: Instant): AlertContent {
  const shown = anomalies.slice(0, IN_FULL).map(each => asTold(each, lockOn(each.subject, locks)?.until))
  return { at, anomalies: shown, more: anomalies.length - shown.length }
}

const channelsOf = ({ notify }: Pick<WatchTerms, 'notify'>): readonly string[] => [
  ...notify.email.map(channelOf),
  ...(notify.webhook ? ['webhook'] : []),
]
