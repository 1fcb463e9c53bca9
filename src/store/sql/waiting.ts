import type { Kysely } from 'kysely'
import type { Tables } from '../tables.js'

/** Questions that schools have not decided, journals that did not hear of a logout, destructions that are ordered. */
export type Queue = 'school-questions' | 'journal-notices' | 'destructions'

export async function waiting(db: Kysely<Tables>): Promise<Readonly<Record<Queue, number>>> {
  const questions = db.selectFrom('requests').where('decided_at', 'is', null)
  const notices = db.selectFrom('notices')
  const destructions = db.selectFrom('destructions').where('done_at', 'is', null).where('called_off_at', 'is', null)
  const [{ n: first }, { n: second }, { n: third }] = await Promise.all([
    questions.select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow(),
    notices.select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow(),
    destructions.select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow(),
  ])
  return { 'school-questions': Number(first), 'journal-notices': Number(second), destructions: Number(third) }
}

export interface Undelivered {
  readonly to: 'people' | 'administration'
  readonly way: 'email' | 'webhook'
  readonly count: number
}

/** Notices to people leave by e-mail alone; an alert's channel is `webhook`, or `email` and a name of the address. */
export async function undelivered(db: Kysely<Tables>): Promise<readonly Undelivered[]> {
  const notices = db.selectFrom('messages').where('attempts', '>', 0)
  const alerts = db.selectFrom('alerts').where('attempts', '>', 0).groupBy('channel')
  const [{ n }, channels] = await Promise.all([
    notices.select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow(),
    alerts.select(({ fn }) => ['channel', fn.countAll().as('n')]).execute(),
  ])
  const sum = (isIt: (channel: string) => boolean) =>
    channels.filter(({ channel }) => isIt(channel)).reduce((all, each) => all + Number(each.n), 0)
  return [
    { to: 'people', way: 'email', count: Number(n) },
    { to: 'administration', way: 'email', count: sum(channel => channel !== 'webhook') },
    { to: 'administration', way: 'webhook', count: sum(channel => channel === 'webhook') },
  ]
}
