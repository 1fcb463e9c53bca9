/**
 * The second confirmation: a code goes to an address that came in the assertion, and the answer to it is written down. What is
 * asked, and whether it was answered, is found in the store alone, so that any node may go on.
 */
import { randomId } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { newConfirmCode, readConfirmCode, type ConfirmCode } from '../confirm/code.js'
import { contactsOf, masked, type Contact } from '../confirm/contacts.js'
import { codeMail, codeSms } from '../confirm/message.js'
import type { ConfirmTerms } from '../confirm/terms.js'
import type { Session } from '../sessions/sessions.js'
import type { DeviceKey, Purpose } from '../words/confirming.js'
import type { Way } from '../words/way.js'
import type { Answered } from './confirm-ports.js'
import { networkOf } from './failed-calls.js'
import type { Visitor } from './outcome.js'
import type { Limit } from './people-ports.js'
import type { Ports } from './ports.js'
import { eventOf, type Known } from './witness.js'

/** What a page about it needs to know. */
export interface Asked {
  readonly purpose: Purpose
  /** Where a code may go, without what only their owner knows. */
  readonly contacts: readonly { readonly way: Way; readonly masked: string }[]
  /** A code is on its way, and may still be answered. */
  readonly sent?: { readonly way: Way; readonly at: Instant }
  /** Milliseconds a device may be remembered. */
  readonly rememberFor?: number
  /** Why the page is shown again. */
  readonly problem?: Refusal
}

/** What the form of the page brought. */
export type ConfirmGiven =
  | { readonly kind: 'confirm-send'; readonly way: string }
  /** `remember`: the key of a new cookie, when the box was ticked. */
  | { readonly kind: 'confirm-code'; readonly code: string; readonly remember?: DeviceKey }

/** @throws Refusal `confirm.no-address` when nothing came in the assertion to which a code could go */
export async function askedFor(ports: Ports, { key, person }: Session, purpose: Purpose): Promise<Asked> {
  const contacts = contactsOf(person, ports.postman.ways)
  if (contacts.length === 0) throw new Refusal('confirm.no-address', { ways: ports.postman.ways.join(' ') })
  const latest = await ports.confirmations.find(key, purpose)
  const open = latest && !latest.locked && latest.expiresAt > ports.clock.now()
  const rememberFor = mayRemember(purpose) ? ports.confirmTerms?.rememberFor : undefined
  return {
    purpose,
    contacts: contacts.map(contact => ({ way: contact.way, masked: masked(contact) })),
    ...(open && { sent: { way: latest.way, at: latest.sentAt } }),
    ...(rememberFor !== undefined && { rememberFor }),
  }
}

/** What cannot be done lightly is confirmed on every device. */
const mayRemember = ({ what }: Purpose): boolean => what === 'link' || what === 'entry'

/** @param within milliseconds; without it the whole session */
export async function isConfirmed(
  ports: Ports,
  session: Session,
  purpose: Purpose,
  within = Infinity,
): Promise<boolean> {
  const latest = await ports.confirmations.find(session.key, purpose)
  return latest?.confirmedAt !== undefined && latest.confirmedAt > ports.clock.now() - within
}

/**
 * @param asked what `askedFor` said just now
 * @returns `confirmed`, or the page again with what is wrong
 */
export async function takeConfirmation(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  known: Known,
  asked: Asked,
  given: ConfirmGiven,
): Promise<'confirmed' | Asked> {
  const terms = ports.confirmTerms
  if (!terms) throw new Error('A confirmation was asked for that the settings do not know.')
  const at: Step = { ports, terms, visitor, session, known, asked }
  try {
    if (given.kind === 'confirm-send') await send(at, given.way)
    else return await answer(at, given)
    return await askedFor(ports, session, asked.purpose)
  } catch (error) {
    if (!(error instanceof Refusal) || !error.code.startsWith('confirm.')) throw error
    const { code, facts } = error
    await ports.audit.record(eventOf(ports, visitor, known, { what: 'login.refused', result: 'refused', code, facts }))
    return { ...(await askedFor(ports, session, asked.purpose)), problem: error }
  }
}

interface Step {
  readonly ports: Ports
  readonly terms: ConfirmTerms
  readonly visitor: Visitor
  readonly session: Session
  readonly known: Known
  readonly asked: Asked
}

const MINUTE = 60_000
const OF_PERSON: readonly Limit[] = [
  { most: 1, within: MINUTE },
  { most: 5, within: 60 * MINUTE },
  { most: 10, within: 1_440 * MINUTE },
]
/** A whole school may sit behind one address. */
const OF_ADDRESS: readonly Limit[] = [{ most: 200, within: 60 * MINUTE }]

/** Written first and sent after: the server of the mail may be slow or dead, and nothing waits for it but this person. */
async function send({ ports, terms, visitor, session, known, asked: { purpose } }: Step, way: string): Promise<void> {
  const contact = contactsOf(session.person, ports.postman.ways).find(each => each.way === way)
  if (!contact) throw new Refusal('request.malformed', { parameter: 'way', why: 'not one of those offered' })
  const now = ports.clock.now()
  const counted = await countSending(ports, visitor, session, now)
  const code = newConfirmCode(ports.chance)
  const id = randomId(ports.chance)
  const facts = { way: contact.way, purpose: purpose.what }
  await ports.confirmations.start(
    { id, session: session.key, purpose, way: contact.way, code, sentAt: now, expiresAt: now + terms.codeLives },
    eventOf(ports, visitor, known, { what: 'confirmation.started', result: 'ok', facts }),
  )
  const why = await ports.postman.send(messageTo(ports, terms, contact, purpose, code, id))
  if (why === undefined) return
  await ports.confirmations.drop(id)
  for (const who of counted) await ports.attempts.giveBack(SENDING, who, now)
  throw new Refusal('confirm.not-sent', { way: contact.way, why })
}

const SENDING = 'confirm-send'

/** @returns under which names it was counted */
async function countSending(ports: Ports, visitor: Visitor, { person }: Session, now: Instant) {
  const counted: string[] = []
  const limits = [
    [`person ${ports.pseudonyms.forAudit(person)}`, OF_PERSON],
    [`address ${networkOf(visitor.address)}`, OF_ADDRESS],
  ] as const
  for (const [who, limit] of limits) {
    const wait = await ports.attempts.take(SENDING, who, limit, now)
    if (wait > 0) throw new Refusal('confirm.limit', { seconds: Math.ceil(wait / 1000), of: 'sending' })
    counted.push(who)
  }
  return counted
}

function messageTo(
  { publicUrl }: Ports,
  { codeLives }: ConfirmTerms,
  contact: Contact,
  purpose: Purpose,
  code: ConfirmCode,
  id: string,
) {
  const told = { code, purpose, publicUrl, minutes: Math.round(codeLives / MINUTE) }
  const words = contact.way === 'email' ? codeMail(told) : { subject: '', text: codeSms(told) }
  return { ...contact, ...words, id }
}

async function answer(
  { ports, terms, visitor, session, known, asked }: Step,
  given: Extract<ConfirmGiven, { kind: 'confirm-code' }>,
): Promise<'confirmed'> {
  const code = readConfirmCode(given.code)
  if (code === undefined) throw new Refusal('confirm.mistyped')
  const now = ports.clock.now()
  const { purpose } = asked
  const remember = given.remember !== undefined && asked.rememberFor !== undefined && terms.rememberFor !== undefined
  const device = remember && {
    ...{ id: randomId(ports.chance), key: given.remember, name: visitor.device },
    trustedUntil: now + terms.rememberFor,
  }
  const facts = { purpose: purpose.what, ...(remember && { remembered: true }) }
  const answered: Answered = await ports.confirmations.answer(
    {
      ...{ session: session.key, purpose, code, person: session.person, address: networkOf(visitor.address), now },
      ...(device && { remember: device }),
    },
    eventOf(ports, visitor, known, { what: 'confirmation.given', result: 'ok', facts }),
  )
  if (answered !== 'confirmed' && answered !== 'confirmed-before') throw new Refusal(`confirm.${answered}`)
  return 'confirmed'
}
