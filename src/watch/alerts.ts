/** Messages to the administration leave the house: again and again until they were taken, and not for longer than a day. */
import { createHmac } from 'node:crypto'
import { isoTime, type Clock } from '../base/clock.js'
import type { Courier } from '../login/logout-ports.js'
import type { Postman } from '../login/message-ports.js'
import type { Audit } from '../audit/audit.js'
import type { Alert, Alerts, ToldAnomaly } from './ports.js'
import { channelOf } from './tell.js'
import { alertMail } from './telling-text.js'
import type { WatchNotify } from './terms.js'

export interface AlertPorts {
  readonly clock: Clock
  readonly publicUrl: string
  readonly alerts: Alerts
  readonly postman: Postman
  readonly courier: Courier
  readonly audit: Pick<Audit, 'record'>
  readonly watchTerms: { readonly notify: WatchNotify }
}

/** Longer than a message may take: nobody sends the same meanwhile. */
const SENT_WITHIN = 60_000
const AT_ONCE = 5
const GIVE_UP_AFTER = 24 * 3_600_000
const PATIENCE = 10_000

const MINUTE = 60_000
/** Until the next attempt, after the first, the second, …; the last one from then on. */
const PAUSES = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE] as const

/** What an errand of the bridge does: everything that is due. @returns how many were taken */
export async function sendAlerts(ports: AlertPorts): Promise<number> {
  const now = ports.clock.now()
  const due = await ports.alerts.due(now, now + SENT_WITHIN, AT_ONCE)
  const sent = await Promise.all(due.map(alert => send(ports, alert)))
  const more = due.length === AT_ONCE ? await sendAlerts(ports) : 0
  return sent.filter(Boolean).length + more
}

/** The settings name the address no more. */
const NOWHERE = 'the settings do not name this address any more'

async function send(ports: AlertPorts, alert: Alert): Promise<boolean> {
  const { id, channel, since, attempts } = alert
  const why = await deliver(ports, alert)
  const now = ports.clock.now()
  const hopeless = why === NOWHERE || now - since >= GIVE_UP_AFTER
  if (why === undefined || hopeless) await ports.alerts.forget(id)
  else await ports.alerts.putOff(id, now + PAUSES[Math.min(attempts, PAUSES.length - 1)]!)
  // of many attempts that failed, the first and the last one are news
  if (why === undefined || hopeless || attempts === 0)
    await ports.audit.record({
      ...{ at: now, what: 'message.sent', result: why === undefined ? 'ok' : 'failed' },
      facts: {
        ...{ kind: 'anomalies', way: channel.split(' ')[0]!, attempt: attempts + 1 },
        ...(why !== undefined && { why, again: !hopeless }),
      },
    })
  return why === undefined
}

/** @returns why not; undefined when it was taken */
async function deliver(ports: AlertPorts, alert: Alert): Promise<string | undefined> {
  const { email } = ports.watchTerms.notify
  if (alert.channel === 'webhook') return call(ports, alert)
  const to = email.find(each => channelOf(each) === alert.channel)
  if (to === undefined) return NOWHERE
  return ports.postman.send({ way: 'email', id: alert.id, to, ...alertMail(alert.content, ports.publicUrl) })
}

/** Of the body and the second in which it was sent, so that nobody sends it again later. */
export const signatureOf = (key: Buffer, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', key).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`

async function call({ clock, courier, publicUrl, watchTerms }: AlertPorts, alert: Alert): Promise<string | undefined> {
  const { webhook } = watchTerms.notify
  if (!webhook) return NOWHERE
  const body = bodyOf(alert, publicUrl)
  const timestamp = String(Math.floor(clock.now() / 1000))
  const reply = await courier.post({
    ...{ to: webhook.url, type: 'application/json', body, patience: PATIENCE },
    headers: {
      'bridge-timestamp': timestamp,
      'bridge-signature': signatureOf(webhook.key, timestamp, body),
      'idempotency-key': alert.id,
    },
  })
  if (!reply) return 'the webhook does not answer in time'
  return reply.status >= 200 && reply.status < 300 ? undefined : `the webhook answers with status ${reply.status}`
}

/** The same in every attempt, octet for octet. */
const bodyOf = ({ id, content }: Alert, bridge: string): string =>
  JSON.stringify({
    ...{ schemaVersion: 1, id, bridge, at: isoTime(content.at), more: content.more },
    anomalies: content.anomalies.map(anomalyAsJson),
  })

/** For programs: also printed by the command. */
export const anomalyAsJson = ({ first, last, lockedUntil, ...anomaly }: ToldAnomaly) => ({
  ...anomaly,
  ...{ first: isoTime(first), last: isoTime(last) },
  ...(lockedUntil !== undefined && { lockedUntil: isoTime(lockedUntil) }),
})
