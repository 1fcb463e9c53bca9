/** Rows of the watch as the rooms know them. */
import type { RequestNumber } from '../../base/request-number.js'
import type { Alert, AlertContent, Anomaly, AnomalyAccount, AnomalyState } from '../../watch/ports.js'
import type { Banner, Lock, RuleName, Subject, Trouble } from '../../words/watched.js'
import type { AlertRow, AnomalyRow, BannerRow, LockRow } from '../tables-watch.js'

const subjectOf = ({ kind, subject }: { readonly kind: string; readonly subject: string }): Subject => ({
  kind: kind as Subject['kind'],
  name: subject,
})

export const anomalyOf = (row: AnomalyRow): Anomaly => ({
  ...{ id: row.id, rule: row.rule as RuleName, subject: subjectOf(row), value: row.value },
  ...{ first: row.first_at, last: row.last_at, state: row.state as AnomalyState, told: row.told },
  accounts: row.accounts === null ? [] : (JSON.parse(row.accounts) as readonly AnomalyAccount[]),
  ...(row.number !== null && { number: row.number as RequestNumber }),
  ...(row.decided_by !== null && { by: row.decided_by }),
  ...(row.reason !== null && { reason: row.reason }),
  ...(row.told_at !== null && { toldAt: row.told_at }),
})

export const lockOf = (row: LockRow): Lock => ({
  ...{ id: row.id, subject: subjectOf(row) as Lock['subject'], rule: row.rule as Lock['rule'] },
  ...{ since: row.since, until: row.until },
})

export const bannerOf = ({ idp, trouble, since, until }: BannerRow): Banner => ({
  ...{ idp, trouble: trouble as Trouble, since },
  ...(until !== null && { until }),
})

export const alertOf = ({ id, channel, since, attempts, content }: AlertRow): Alert => ({
  ...{ id, channel, since, attempts },
  content: JSON.parse(content) as AlertContent,
})
