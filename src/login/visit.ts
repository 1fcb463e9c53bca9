/**
 * A journal behind a proxy of its own: how a browser gets inside, and what the proxy is told about each of its requests.
 *
 *   beginVisit -> /login … journals/trusted-headers -> enterVisit -> checkVisit, checkVisit, …
 *
 * Our answers to the first and the last two come from the journal's own host: cookies that they set are the journal's.
 */
import { randomId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import type { Gate } from '../journals/connector.js'
import { findJournal } from '../journals/journals.js'
import type { Journal } from '../words/journal.js'
import { browserKey } from './browser.js'
import type { Visitor } from './outcome.js'
import type { Deposited, Ports } from './ports.js'
import type { LoginWish } from './start.js'
import { record } from './witness.js'

export interface Gated {
  readonly journal: Journal
  readonly gate: Gate
}

/** @throws Refusal `journal.unknown`, also for a journal that is entered in another way */
export function findGate(ports: Ports, id: string): Gated {
  const { journal, door } = findJournal(ports.journals, id)
  if (!door.gate) throw new Refusal('journal.unknown', { why: 'its connector is not trusted-headers' })
  return { journal, gate: door.gate }
}

/** Where our addresses of this gate lie, as browsers see them. */
export const atGate = ({ origin, path }: Gate, name: 'start' | 'enter' | 'logout'): string => `${origin}${path}/${name}`

/** What a login may ask for besides the page, under the names of `GET /login`. */
export const gateWishes = ['school', 'idp', 'force'] as const
export type GateWish = Readonly<Partial<Record<(typeof gateWishes)[number], string>>>

/** The beginning at the journal's own host of a login that began at our page. */
export function roundByGate(gate: Gate, { school, idp, force, returnTo }: LoginWish): URL {
  const wish = new URLSearchParams({
    ...(school !== undefined && { school }),
    ...(idp !== undefined && { idp }),
    ...(force && { force: '1' }),
  }).toString()
  return new URL(beginning(gate, returnTo, wish))
}

/** `to` stands last and as it is: proxies paste it there, too. */
function beginning(gate: Gate, page?: string, wish = ''): string {
  const to = page === undefined ? '' : `to=${page.slice(gate.origin.length)}`
  const query = [wish, to].filter(part => part !== '').join('&')
  return atGate(gate, 'start') + (query === '' ? '' : `?${query}`)
}

/**
 * The browser stands at the journal without a visit. What it gets now it must bring along when it enters: nobody can be led
 * into somebody else's account by a link (login CSRF).
 *
 * @param to path of the page that was asked for, as it came; whether a login may end there is decided by `/login`
 * @param known what this browser got before, for another page
 * @returns the address where the login begins, and the secret of the browser, which never leaves its cookie
 */
export function beginVisit(
  ports: Ports,
  { journal, gate }: Gated,
  { to, ...wish }: GateWish & { readonly to?: string },
  known?: string,
): { readonly to: URL; readonly secret: string } {
  const secret = known ?? randomId(ports.chance)
  const page = to === undefined || to.startsWith(`${gate.path}/`) ? undefined : to
  const login = new URL('/login', ports.publicUrl)
  login.search = new URLSearchParams({
    journal: journal.id,
    ...wish,
    ...(page !== undefined && { return: page.startsWith('/') ? gate.origin + page : page }),
    state: browserKey(secret),
  }).toString()
  return { to: login, secret }
}

export type Entrance =
  | { readonly at: 'inside'; readonly to: string; readonly secret: string }
  /** Round by the beginning: with a session nobody notices. Whoever goes round for ever is stopped at `/login`. */
  | { readonly at: 'outside'; readonly to: string }

/**
 * The browser brings the handle of the hand-off. It counts once, and only in the browser that began: the IdP may
 * have begun the login, or a stranger who wants others to use his account.
 */
export async function enterVisit(
  ports: Ports,
  visitor: Visitor,
  { journal, gate }: Gated,
  handle: string,
  browser: { readonly began?: string; readonly visit?: string },
): Promise<Entrance> {
  const now = ports.clock.now()
  const deposited = await ports.deposits.take(handle, now, journal.id)
  if (!deposited) return outside(gate)
  const { to, state, ...content } = deposited.content as Deposited['content'] & { to?: string; state?: string }
  if (state === undefined) return outside(gate, to)
  if (browser.began === undefined || browserKey(browser.began) !== state) {
    await tellOther(ports, visitor, deposited, browser.began === undefined)
    return outside(gate, to)
  }
  const secret = randomId(ports.chance)
  const visit = { journal: journal.id, session: deposited.session, content }
  const opened = await ports.visits.open(secret, visit, now, browser.visit)
  return opened ? { at: 'inside', to: to ?? gate.home.href, secret } : outside(gate, to)
}

const outside = (gate: Gate, page?: string): Entrance => ({ at: 'outside', to: beginning(gate, page) })

/** Nobody sees a page of it, so the audit must tell. */
const tellOther = (ports: Ports, visitor: Visitor, { journal, number }: Deposited, cookieless: boolean) =>
  record(
    ports,
    visitor,
    { number, target: { kind: 'journal', journal } },
    {
      what: 'login.refused',
      result: 'refused',
      code: cookieless ? 'login.cookie-missing' : 'login.other-browser',
      facts: { at: 'the gate of the journal' },
    },
  )

/**
 * What the journal's proxy asks for every picture of a page.
 *
 * @param quiet the page asked on its own, and nobody may sit before it: the idle end stays where it is
 * @returns the headers of this request, or undefined when nobody is inside
 */
export async function checkVisit(
  ports: Ports,
  { journal, gate }: Gated,
  secret: string | undefined,
  quiet: boolean,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (secret === undefined) return undefined
  const now = ports.clock.now()
  const visit = await ports.visits.find(secret, journal.id, now)
  const headers = visit && gate.headers(visit.content)
  if (!headers) return undefined
  if (visit.touchable && !quiet) await ports.sessions.touch(visit.session, now)
  return headers
}
