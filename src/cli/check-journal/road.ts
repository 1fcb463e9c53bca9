/** Attacks on the way: hand-offs that stay in the address, are used twice, or belong to another browser. */
import { randomBytes } from 'node:crypto'
import type { HandOff } from '../../journals/connector.js'
import { intruding, type Attack, type Came } from './attack.js'
import { follow, leadsTo, openBrowser } from './browser.js'
import { fieldsOf } from './fields.js'
import type { Forge } from './forge.js'
import * as jwt from './jwt.js'
import { deliver, shownAnswer, type Delivered, type Scene } from './scene.js'

const invented = (): string => randomBytes(16).toString('hex')

export const road: readonly Attack[] = [
  {
    id: 'token-stays',
    sent: 'an honest login',
    expected: 'a redirect to an address without the token',
    fix: 'Answer 303 to a clean address: what stays in the address stays in the history, in logs and in Referer.',
    run: tokenStays,
  },
  {
    id: 'replay',
    sent: 'the same honest hand-off again, in the same browser as it was and in another one',
    expected: 'not let in',
    fix: 'Remember the number of every hand-off (jti) until it is over, and take it once.',
    run: replay,
  },
  {
    id: 'twice-at-once',
    sent: 'the same honest hand-off from two browsers at the same moment',
    expected: 'one of them not let in',
    fix: 'Remember and compare in one step: a unique key of the database, or a lock.',
    run: twiceAtOnce,
  },
  {
    id: 'session-kept',
    sent: 'an honest login, and the cookies that the browser had before it',
    expected: 'the old cookies are not let in',
    fix: 'Give the browser a new session id when somebody comes in (session fixation).',
    run: sessionKept,
  },
  intruding(
    { id: 'state-missing', sent: 'a token without state', fix: 'Demand the state that you gave along; you told the bridge that logins begin at your page (requireState).' },
    ({ forge, needsState }) => (needsState && forge.manner.binds ? [forge.unbound(forge.handOff())] : undefined),
  ),
  intruding(
    { id: 'state-invented', sent: 'a token with a state that nobody gave along', fix: 'Compare `state` with the one that this browser took along; a stranger brings links of his own account.' },
    ({ forge }) => (forge.manner.binds ? [forge.handOff({ state: invented() })] : undefined),
  ),
  {
    id: 'state-foreign',
    sent: 'a token with the state of another browser',
    expected: 'not let in',
    fix: 'Keep the state in the session of the browser that began, and compare it there.',
    run: stateForeign,
  },
] // prettier-ignore

async function tokenStays({ forge, begin, origins }: Scene): Promise<Came | undefined> {
  const { browser, state } = await begin()
  const handOff = forge.handOff({ state })
  const secrets = secretsOf(forge, handOff)
  const first = await deliver(browser, handOff)
  const holds = (url: URL | undefined) =>
    url !== undefined && secrets.some(text => decodeURIComponent(url.href).includes(text))
  let open = leadsTo(first.answer, first.at) === undefined && handOff.how === 'redirect'
  open ||= holds(leadsTo(first.answer, first.at))
  const last = await follow(browser, first.answer, first.at, to => origins.has(to.origin) && !holds(to))
  open ||= holds(leadsTo(last.answer, last.at))
  return { open, came: `${shownAnswer(first)}${open ? ', and the address holds the token' : ''}` }
}

/** What nobody must find in an address afterwards: the token, the handle, or the long values, among which is the signature. */
function secretsOf({ manner }: Forge, handOff: HandOff): readonly string[] {
  if (manner.fetched)
    return fieldsOf(handOff)
      .slice(-1)
      .map(([, value]) => value) // it is added last
  const token = jwt.tokenIn(handOff)
  const values = token ? [token[1]] : fieldsOf(handOff).map(([, value]) => value)
  return values.filter(value => value.length >= LONG)
}

/** Characters; signatures have more. */
const LONG = 20

async function replay({ forge, network, begin, isIn }: Scene): Promise<Came | undefined> {
  const { browser, state } = await begin()
  const before = browser.twin()
  const handOff = forge.handOff({ state })
  await deliver(browser, handOff)
  // whose old cookies are in already has another hole, told by session-kept
  const again = (await isIn(before)) ? [openBrowser(network)] : [openBrowser(network), before]
  let last: Delivered | undefined
  for (const each of again) {
    last = await deliver(each, handOff)
    if (await isIn(each)) return { open: true, came: `${shownAnswer(last)}, and is in again` }
  }
  return { open: false, came: `${last ? shownAnswer(last) : ''}, not let in` }
}

async function twiceAtOnce({ forge, network, needsState, isIn }: Scene): Promise<Came | undefined> {
  if (needsState) return undefined // both browsers would need the same session
  const handOff = forge.handOff()
  const browsers = [openBrowser(network), openBrowser(network), openBrowser(network)]
  await Promise.all(browsers.map(browser => deliver(browser, handOff)))
  const inside = (await Promise.all(browsers.map(browser => isIn(browser)))).filter(Boolean).length
  return { open: inside > 1, came: `${inside} of ${browsers.length} are in` }
}

async function sessionKept({ forge, begin, beginAtJournal, home, isIn }: Scene): Promise<Came | undefined> {
  const { browser, state } = await (beginAtJournal ?? begin)()
  if (state === undefined) await browser.get(home)
  const before = browser.twin()
  await deliver(browser, forge.handOff({ state }))
  const open = (await isIn(browser)) && (await isIn(before))
  return { open, came: `the old cookies are ${open ? 'in, too' : 'not let in'}` }
}

async function stateForeign({ forge, beginAtJournal, isIn }: Scene): Promise<Came | undefined> {
  if (!beginAtJournal || !forge.manner.binds) return undefined
  const [victim, attacker] = [await beginAtJournal(), await beginAtJournal()]
  const delivered = await deliver(victim.browser, forge.handOff({ state: attacker.state }))
  const open = await isIn(victim.browser)
  return { open, came: `${shownAnswer(delivered)}, ${open ? 'and is in' : 'not let in'}` }
}
