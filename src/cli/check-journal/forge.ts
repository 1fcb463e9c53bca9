/** Makes hand-offs of one journal as a login would, and such as no login would: one thing is wrong in each. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { randomId, systemChance } from '../../base/chance.js'
import type { Door, DoorTools, Entry, HandOff, ServerCall, TokenKey } from '../../journals/connector.js'
import { kinds } from '../../journals/kinds.js'
import { openSigner, signerSettings } from '../../journals/signer.js'
import { algorithmOf, type Signer } from '../../journals/token.js'
import type { Configuration } from '../../settings/configuration.js'
import type { JournalSettings } from '../../settings/settings.js'
import { entryOf, type Actor } from '../rehearsal.js'
import { askedWith, questionOf, withoutNonce, type Question } from './answers.js'
import { mannerOf, type Manner } from './manners.js'
import { newAccountForge, oldLoginForge, type NewAccountForge, type QuestionForge } from './question-forge.js'
import type { StandIn } from './stand-in.js'

/** What differs from an honest hand-off of this moment. */
export interface Order {
  /** What the journal gave along: its state, or its nonce, or its service. */
  readonly state?: string | undefined
  readonly returnTo?: URL
  readonly sid?: string
  /** Milliseconds by which our clock is ahead. */
  readonly ahead?: number
  readonly issuer?: string
  readonly audience?: string
  readonly key?: 'other'
  /** What the journal's server hears besides, or instead, when it fetches. */
  readonly claims?: Readonly<Record<string, unknown>>
}

export interface Forge {
  /** Of the journal. */
  readonly id: string
  /** Whom hand-offs name. */
  readonly login: string
  /** Milliseconds. */
  readonly now: () => number
  readonly kind: string
  readonly manner: Manner
  readonly handOff: (order?: Order) => HandOff
  /** The message that a session has ended; undefined when the journal takes none. */
  readonly leave: (sid: string, order?: Order) => ServerCall | undefined
  /** Signs any claims as the bridge would; undefined when hand-offs of this kind are no tokens. */
  readonly sign: Signer | undefined
  /** The private half of what `sign` signs with; undefined when the key is shared. */
  readonly tokenKey: KeyObject | undefined
  /** The same as `leave`, seen from our side: what waits under this session is worth nothing any more. */
  readonly end: (sid: string) => void
  /** What the journal gave along when it sent the browser there, or undefined. */
  readonly given: (at: URL) => string | undefined
  /** Headers by which the journal's proxy would say who the actor is; undefined for journals that believe none. */
  readonly truth: Readonly<Record<string, string>> | undefined
  /** The same hand-off without anything that the journal gave along, and signed. */
  readonly unbound: (handOff: HandOff) => HandOff
  readonly door: Door
  readonly standIn: StandIn | undefined
  /** Absent: the journal checks no old logins. */
  readonly oldLogin: QuestionForge | undefined
  /** Absent: it makes no accounts, or was not named as a place where some may be made. */
  readonly newAccount: NewAccountForge | undefined
}

export interface Means {
  readonly configuration: Configuration
  readonly journal: JournalSettings
  readonly actor: Actor
  /** Milliseconds. */
  readonly now: () => number
  readonly standIn?: StandIn | undefined
}

export function openForge(means: Means): Forge {
  const { journal, actor, now, standIn } = means
  const { kind } = journal.connector
  const { door, tools } = opened(means, {})
  return {
    ...{ id: journal.journal.id, login: actor.choice.account.login, now, kind, manner: mannerOf(kind) },
    ...{ door, standIn, truth: headersOf(means, door) },
    ...entering(means),
    ...signing(means),
    ...askingAbout(means),
    unbound: handOff => (door.asks ? withoutNonce(handOff, journal, tools) : handOff),
    end: sid => standIn?.end(sid),
  }
}

function askingAbout({ configuration, journal, actor, now }: Means): Pick<Forge, 'oldLogin' | 'newAccount'> {
  const { oldLogin, createAccounts } = journal
  const { school } = actor.choice.account
  const tools = (order: Order) => toolsFor(configuration, journal, order, now)
  return {
    oldLogin: oldLogin && oldLoginForge(oldLogin, school, tools),
    newAccount: createAccounts && newAccountForge(createAccounts, school, tools),
  }
}

/** What has to be remembered from one step of an entry to the next. */
function entering(means: Means): Pick<Forge, 'given' | 'handOff' | 'leave'> {
  const { configuration, journal, actor, now, standIn } = means
  const [marks, questions] = [new Map<string, string>(), new Map<string, Question>()]
  return {
    given(at) {
      const given = givenAlong(at, means, opened(means, {}).door)
      if (typeof given !== 'object') return given
      questions.set(given.nonce, given)
      return given.nonce
    },
    handOff(order = {}) {
      const sid = order.sid ?? randomId(systemChance)
      const { door, tools } = opened(means, order)
      const entry = entryOf(actor, configuration, journal, {
        ...{ now: now() + (order.ahead ?? 0), chance: systemChance, sid },
        ...wishOf(journal, order, { door, tools, questions }),
      })
      const { handOff, deposit, mark } = door.handOff(entry)
      if (mark !== undefined) marks.set(sid, mark)
      const content = { ...deposit?.content, ...order.claims }
      if (deposit) standIn?.keep(order.audience ?? journal.journal.id, { ...deposit, content }, sid)
      return handOff
    },
    leave(sid, order = {}) {
      const mark = marks.get(sid)
      return opened(means, order).door.leave?.({ subject: actor.subject, sid, ...(mark !== undefined && { mark }) })
    },
  }
}

function signing({ configuration, journal, now }: Means): Pick<Forge, 'sign' | 'tokenKey'> {
  const signs = z.object(signerSettings).safeParse(journal.connector.block)
  if (!signs.success) return { sign: undefined, tokenKey: undefined }
  const { tokens } = configuration.secrets
  return {
    sign: openSigner(signs.data, toolsFor(configuration, journal, {}, now)),
    tokenKey: tokens.find(({ privateKey }) => algorithmOf(privateKey) === signs.data.alg)?.privateKey,
  }
}

function opened({ configuration, journal, now }: Means, order: Order): Pick<Opened, 'door' | 'tools'> {
  const { kind, block } = journal.connector
  const { audience } = order
  const named = audience === undefined ? journal : { ...journal, journal: { ...journal.journal, id: audience } }
  const tools = toolsFor(configuration, named, order, now)
  return {
    tools,
    door: kinds.get(kind)!.open({ ...(block as object), ...(audience !== undefined && { audience }) }, tools),
  }
}

function headersOf({ configuration, journal, actor, now }: Means, door: Door): Forge['truth'] {
  if (!door.gate) return undefined
  const { deposit } = door.handOff(entryOf(actor, configuration, journal, { now: now(), chance: systemChance }))
  const all = deposit && door.gate.headers(deposit.content)
  return all && Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

interface Opened {
  readonly door: Door
  readonly tools: DoorTools
  readonly questions: ReadonlyMap<string, Question>
}

/** What a login of this journal would carry to its end. */
function wishOf(
  journal: JournalSettings,
  { state, returnTo }: Order,
  { door, tools, questions }: Opened,
): Pick<Entry, 'state' | 'returnTo'> {
  if (door.asks) {
    const nonce = state ?? randomId(tools.chance)
    return askedWith(questions.get(nonce) ?? { nonce }, journal, door.asks, tools)
  }
  if (door.serves === 'cas') return state === undefined ? {} : { returnTo: new URL(state) }
  return { ...(state !== undefined && { state }), ...(returnTo && { returnTo }) }
}

/** @returns undefined when the address begins no login of this journal */
function givenAlong(at: URL, { configuration, journal }: Means, { asks }: Door): string | Question | undefined {
  const path = at.href.slice(configuration.settings.publicUrl.length).replace(/\?.*$/s, '')
  const { id } = journal.journal
  if (path === '/login') return at.searchParams.get('state') ?? undefined
  if (path === `/cas/${id}/login`) return at.searchParams.get('service') ?? undefined
  return asks && path === `/discourse-connect/${id}` ? questionOf(at, asks) : undefined
}

/** What a door is opened with: everything as the bridge has it, except what the order wants otherwise. */
export function toolsFor(
  { settings, secrets }: Configuration,
  { journal }: JournalSettings,
  { ahead = 0, issuer = settings.publicUrl, key }: Order,
  now: () => number,
): DoorTools {
  const strange = Buffer.from(randomBytes(36).toString('base64'))
  return {
    ...{ journal, issuer, chance: systemChance },
    clock: { now: () => now() + ahead },
    tokenKeys: key === 'other' ? secrets.tokens.map(stranger) : secrets.tokens,
    secret: key === 'other' ? () => strange : secrets.secret,
  }
}

/** A key of the same kind under the same name. */
const stranger = ({ id, privateKey }: TokenKey): TokenKey => ({ id, privateKey: likeThis(privateKey) })

export const likeThis = ({ asymmetricKeyType }: KeyObject): KeyObject =>
  asymmetricKeyType === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
