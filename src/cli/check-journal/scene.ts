/** The stage of the attacks: honest browsers, honest hand-offs, and a way to tell who is in. */
import { withQuery } from '../../journals/address.js'
import type { HandOff } from '../../journals/connector.js'
import { UnusableInput } from '../desk.js'
import type { Answer, Headers, Network } from '../network.js'
import { oneLine } from '../printable.js'
import { follow, leadsTo, openBrowser, type Browser } from './browser.js'
import { isMarked, isUnlike, look, marksOf, traits } from './entered.js'
import type { Forge } from './forge.js'

/** What the command was told of the journal. */
export interface Place {
  readonly forge: Forge
  readonly network: Network
  /** Of the bridge, as browsers see it. */
  readonly publicUrl: string
  /** What the journal's own button leads to. */
  readonly start: URL | undefined
  /** Honest logins bring a state. */
  readonly needsState: boolean
  /** A page that only those see who are in; without it, the one where an honest login ends. */
  readonly page: URL | undefined
  /** Where a hand-off may end. */
  readonly origins: ReadonlySet<string>
  /** Where to look when the link itself answers with a page. */
  readonly home: URL
  /** Nobody can come in honestly: the journal asks a bridge that knows nothing of us. */
  readonly blind: boolean
  /** Where the journal itself listens, past the proxy that guards it. */
  readonly behind: URL | undefined
}

/** A browser in which a login has begun as settings ask for it. */
export interface Begun {
  readonly browser: Browser
  readonly state?: string
}

export interface Delivered {
  readonly answer: Answer
  /** The address that gave it. */
  readonly at: URL
}

export interface Scene extends Place {
  readonly begin: () => Promise<Begun>
  /** A login begun at the journal, with its state; undefined when nobody said where. */
  readonly beginAtJournal: ((more?: readonly (readonly [string, string])[]) => Promise<Begun>) | undefined
  /** Whose cookies are looked at, at another address or with headers of an attacker if wanted. */
  readonly isIn: (browser: Browser, headers?: Headers, at?: URL) => Promise<boolean>
  /** Only people who are in see it as it is. */
  readonly page: URL
}

/** The browser carries the hand-off to the journal. */
export async function deliver(browser: Browser, handOff: HandOff): Promise<Delivered> {
  const answer =
    handOff.how === 'post'
      ? await browser.post(handOff.to, handOff.fields, handOff.charset)
      : await browser.get(handOff.to)
  return { answer, at: handOff.to }
}

/** @throws UnusableInput when an honest login is not let in, or nobody can tell that it was */
export async function setScene(place: Place): Promise<Scene> {
  const { start, needsState } = place
  if (needsState && !start)
    throw new UnusableInput(
      'The settings demand a state (requireState), and only the journal makes one: name with --start the address to which its button «Войти через Госуслуги» leads.',
    )
  const beginAtJournal: Scene['beginAtJournal'] = start && ((more = []) => startAt(place, start, more))
  const begin = needsState && beginAtJournal ? () => beginAtJournal() : fresh(place)
  const { page, tells } = await (place.blind ? learnBlind(place) : learn(place, begin))
  return {
    ...{ ...place, begin, beginAtJournal, page },
    isIn: async (browser, headers, at = page) => tells(await look(browser, at, headers)),
  }
}

type Learnt = { readonly page: URL; readonly tells: (seen: ReadonlySet<string>) => boolean }

const fresh =
  ({ network }: Place) =>
  (): Promise<Begun> =>
    Promise.resolve({ browser: openBrowser(network) })

/** Presses the journal's button, and stops at the bridge's door. */
async function startAt(
  { network, publicUrl, forge }: Place,
  begin: URL,
  more: readonly (readonly [string, string])[],
): Promise<Begun> {
  const browser = openBrowser(network)
  const start = withQuery(begin.href, more)
  const isOurs = (url: URL) => url.href.startsWith(`${publicUrl}/`)
  const { answer, at } = await follow(browser, await browser.get(start), start, to => !isOurs(to))
  const to = leadsTo(answer, at)
  const state = to && isOurs(to) ? forge.given(to) : undefined
  if (state !== undefined) return { browser, state }
  throw new UnusableInput(
    `--start: ${oneLine(begin.href)} answers ${answer.status} and does not lead to ${publicUrl}${entranceOf(forge)}.`,
  )
}

/** What an honest start of this kind of journal leads to, in words. */
function entranceOf({ door, id }: Forge): string {
  if (door.serves === 'cas') return `/cas/${id}/login with a service`
  return door.asks
    ? `/discourse-connect/${id} with a question signed by the key of the settings`
    : '/login with a state'
}

/** Two honest logins and two strangers, by turns, since pages also change with time. */
async function learn(place: Place, begin: () => Promise<Begun>): Promise<Learnt> {
  const enter = async (): Promise<Browser & { readonly landed: Delivered; readonly first: Delivered }> => {
    const { browser, state } = await begin()
    const first = await deliver(browser, place.forge.handOff({ state }))
    refuseBadTls(first)
    const landed = await follow(browser, first.answer, first.at, to => place.origins.has(to.origin))
    return { ...browser, first, landed }
  }
  const guest = await enter()
  const { first, landed } = guest
  if (first.answer.status >= 400)
    throw new UnusableInput(
      `The journal does not take an honest login: ${first.at.origin}${first.at.pathname} answers ${shownAnswer(first)}. Nothing can be said about dishonest ones.${place.forge.manner.fetched ? ' Does its server ask at the port of --listen?' : ''}`,
    )
  const page = place.page ?? (landed.at === first.at ? place.home : landed.at)
  const stranger = () => look(openBrowser(place.network), page)
  const guestAt = (browser: Browser) => look(browser, page)
  const [s1, g1] = [await stranger(), await guestAt(guest)]
  const [s2, g2] = [await stranger(), await guestAt(await enter())]
  const marks = marksOf([s1, s2], [g1, g2])
  return { page, tells: seen => isMarked(marks, seen) }
}

/** All that is known is what strangers see. */
async function learnBlind({ network, page, home }: Place): Promise<Learnt> {
  const at = page ?? home
  const strangers = [await look(openBrowser(network), at), await look(openBrowser(network), at)]
  return { page: at, tells: seen => isUnlike(strangers, seen) }
}

function refuseBadTls({ answer, at }: Delivered): void {
  if (answer.tls?.fault === undefined) return
  throw new UnusableInput(
    `${at.origin} has a certificate that no browser trusts: ${oneLine(answer.tls.fault)}. For an authority of your own set NODE_EXTRA_CA_CERTS.`,
  )
}

/** `403`, `303 -> https://journal.example/diary/`: no query, which may hold a token. */
export const shownAnswer = ({ answer, at }: Delivered): string =>
  [...traits({ ...answer, body: Buffer.of() }, at)][0]!.slice(1)
