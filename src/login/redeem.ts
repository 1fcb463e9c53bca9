/**
 * A journal's server exchanges the handle that a browser brought it for what it may know about the person.
 *
 * Who calls is asked before anything else: a call that proves nothing changes nothing. Whoever has proved to be a journal
 * burns the handle, whatever comes of it: one that lies in the wrong hands must not go on being worth something.
 */
import { createHash } from 'node:crypto'
import { Refusal } from '../base/refusal.js'
import type { Deposit } from '../journals/connector.js'
import type { Visitor } from './outcome.js'
import type { Deposited, Ports } from './ports.js'

export interface Call {
  /** Whom the caller says it is. */
  readonly journal: string
  readonly proof?:
    | { readonly by: 'secret'; readonly spellings: readonly string[] }
    | { readonly by: 'assertion'; readonly jwt: string }
  /** Every handle that came, wherever in the request it stood. */
  readonly handles: readonly string[]
  /** What is wrong with the request itself; told to nobody who is not known. */
  readonly flaw?: string
}

type Caller = Pick<Visitor, 'address' | 'device' | 'number'>
type Needed = 'audit' | 'clock' | 'deposits' | 'failedCalls' | 'journals' | 'stranger' | 'usedIds'
export type RedeemPorts = Pick<Ports, Needed>

/**
 * @returns what was deposited for this journal
 * @throws Refusal `redeem.limit`, `redeem.client`, `redeem.handle`, `request.malformed`
 */
export async function redeem(ports: RedeemPorts, caller: Caller, call: Call): Promise<Deposit['content']> {
  try {
    const journal = await authenticate(ports, caller, call)
    const found = await burn(ports, call.handles)
    if (call.flaw !== undefined) throw new Refusal('request.malformed', { why: call.flaw })
    const [deposited] = found
    if (!deposited) throw new Refusal('redeem.handle', { why: 'unknown, used, too old, or signed out' })
    if (deposited.journal !== journal)
      throw new Refusal('redeem.handle', { why: 'of another journal', login: deposited.number })
    // under the number of the login: `explain` tells the whole story
    await record(ports, { ...caller, number: deposited.number }, { what: 'hand-off.redeemed', result: 'ok', journal })
    return deposited.content
  } catch (error) {
    if (error instanceof Refusal) await note(ports, caller, call, error)
    throw error
  }
}

/** @returns the journal */
async function authenticate(ports: RedeemPorts, { address }: Caller, call: Call): Promise<string> {
  const known = ports.journals.get(call.journal)?.door.client
  const name = known ? call.journal : ''
  const over = ports.failedCalls.tooMany(address, name)
  if (over) throw new Refusal('redeem.limit', { ...over })
  // a journal that does not exist is asked the same, and takes as long
  const why = await wrong(ports, call, known ?? ports.stranger)
  if (why === undefined && known) {
    ports.failedCalls.succeeded(address, name)
    return call.journal
  }
  ports.failedCalls.failed(address, name)
  throw new Refusal('redeem.client', { why: known ? (why ?? '') : 'no journal of this id fetches hand-offs' })
}

/** @returns what is wrong with the proof, or undefined */
async function wrong(
  { clock, usedIds }: RedeemPorts,
  { proof, journal }: Call,
  client: RedeemPorts['stranger'],
): Promise<string | undefined> {
  if (!proof) return 'no proof'
  if (proof.by === 'secret') return client.hasSecret(proof.spellings) ? undefined : 'secret'
  const now = clock.now()
  const assertion = await client.readAssertion(proof.jwt, now)
  if (typeof assertion === 'string') return `assertion: ${assertion}`
  const id = createHash('sha256').update(assertion.jti).digest('base64url')
  const isNew = await usedIds.use(`client ${journal}`, id, assertion.expiresAt, now)
  return isNew ? undefined : 'assertion: used before'
}

/** All are taken, so that none of them is worth anything any more. */
async function burn({ deposits, clock }: RedeemPorts, handles: readonly string[]): Promise<readonly Deposited[]> {
  const found = await Promise.all([...new Set(handles)].map(one => deposits.take(one, clock.now())))
  return found.filter(deposited => deposited !== undefined)
}

/** Of those who are not listened to, one line a minute is enough. */
async function note(ports: RedeemPorts, caller: Caller, { journal }: Call, { code, facts }: Refusal): Promise<void> {
  if (code === 'redeem.limit' && facts['first'] !== true) return
  const known = ports.journals.has(journal) && { journal }
  await record(ports, caller, { what: 'hand-off.refused', result: 'refused', code, facts, ...known })
}

const record = (
  { audit, clock }: RedeemPorts,
  { address, device, number }: Caller,
  event: Pick<Parameters<Ports['audit']['record']>[0], 'what' | 'result' | 'code' | 'facts' | 'journal'>,
): Promise<void> => audit.record({ at: clock.now(), number, address, device, ...event })
