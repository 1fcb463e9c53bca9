import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { NewMessage, NoticeChoices, Outbox, WaitingMessage } from '../../login/message-ports.js'
import { noticeKinds, type NoticeKind } from '../../words/notice.js'
import type { Person } from '../../words/person.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import type { MessageRow } from '../tables-people.js'
import { auditRow } from './audit.js'
import { sendingFrom } from './sending.js'

export interface MessageTools {
  readonly seal: Seal
  readonly lookup: Lookup
}

export const createOutbox = (db: Kysely<Tables>, seal: Seal): Outbox =>
  sendingFrom(db, 'messages', row => messageOf(row, seal))

export const createNoticeChoices = (db: Kysely<Tables>, tools: MessageTools): NoticeChoices => ({
  off: person => switchedOff(db, tools.lookup, person),

  choose: (person, off, event, message) =>
    db.transaction().execute(async trx => {
      const mine = trx.deleteFrom('notice_choices').where('person_hmac', 'in', namesOf(tools.lookup, person))
      await mine.execute()
      const [id, identity] = [randomId(systemChance), identityOf(person)]
      const person_hmac = tools.lookup.index('person', identity)
      const sealed = tools.seal.seal(choicePlace(id), identity)
      await trx
        .insertInto('notice_choices')
        .values({ id, person_hmac, switched_off: JSON.stringify(off), chosen_at: event.at, person: sealed })
        .execute()
      if (message) await trx.insertInto('messages').values(messageRow(message, tools)).execute()
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
    }),
})

const choicePlace = (row: string): Place => ({ table: 'notice_choices', column: 'person', row })

/** @returns `identityOf` the person who chose */
export const openChoice = ({ id, person }: { readonly id: string; readonly person: string }, seal: Seal): string =>
  seal.open(choicePlace(id), person) as string

/** Inside the transaction of what it tells of; nothing is written for a person who does not want it. */
export async function writeMessage(
  trx: Kysely<Tables>,
  tools: MessageTools,
  message: NewMessage | undefined,
): Promise<void> {
  if (!message || (await switchedOff(trx, tools.lookup, message.person)).includes(message.kind)) return
  await trx.insertInto('messages').values(messageRow(message, tools)).execute()
}

const namesOf = (lookup: Lookup, person: Person) => lookup.candidates('person', identityOf(person))

async function switchedOff(db: Kysely<Tables>, lookup: Lookup, person: Person): Promise<readonly NoticeKind[]> {
  const own = db.selectFrom('notice_choices').select('switched_off').where('person_hmac', 'in', namesOf(lookup, person))
  const row = await own.executeTakeFirst()
  const off = row ? (JSON.parse(row.switched_off) as readonly string[]) : []
  return noticeKinds.filter(kind => off.includes(kind))
}

/** `identity`: whose it is, for a change of keys. */
type Content = Pick<NewMessage, 'to' | 'subject' | 'text'> & { readonly identity: string }

const messageRow = (message: NewMessage, { seal, lookup }: MessageTools): MessageRow => {
  const { id, kind, person, number, at, to, subject, text } = message
  return {
    ...{ id, kind, number, since: at, attempts: 0, next_at: at },
    person_hmac: lookup.index('person', identityOf(person)),
    content: seal.seal(place(id), { to, subject, text, identity: identityOf(person) } satisfies Content),
  }
}

function messageOf({ id, kind, number, since, attempts, content }: MessageRow, seal: Seal): WaitingMessage {
  const { to, subject, text } = seal.open(place(id), content) as Content
  return { ...{ id, since, attempts, kind: kind as NoticeKind, number: number as RequestNumber }, to, subject, text }
}

const place = (row: string): Place => ({ table: 'messages', column: 'content', row })
