/** From settings and flags to the place where the attacks are played. */
import { Refusal } from '../../base/refusal.js'
import { wrongAddress } from '../../journals/address.js'
import { returnPattern } from '../../journals/return-address.js'
import type { Configuration } from '../../settings/configuration.js'
import type { JournalSettings } from '../../settings/settings.js'
import { UnusableInput, type Desk } from '../desk.js'
import { findActor, madeUpActor, type Actor } from '../rehearsal.js'
import { openForge, type Forge, type Means } from './forge.js'
import { mannerOf } from './manners.js'
import type { Place } from './scene.js'

export interface Flags {
  readonly login: string
  readonly testAccount?: true
  readonly role?: string
  readonly school?: string
  readonly child?: string
  readonly start?: string
  readonly page?: string
  readonly url?: string
  readonly logoutUrl?: string
  readonly oldLoginUrl?: string
  readonly createUrl?: string
  readonly listen?: string
  readonly behind?: string
  readonly yes?: true
  readonly config: string
  readonly json?: true
}

/** The journal at other addresses. Accounts are made nowhere but where the flag says. */
export function elsewhere(settings: JournalSettings, flags: Flags): JournalSettings {
  const { url, logoutUrl } = flags
  const { oldLogin: known, createAccounts: makes, ...at } = settings
  const { kind, block } = at.connector
  const oldLogin = askedAt('old-login-url', 'oldLogin', known, flags.oldLoginUrl)
  const createAccounts = askedAt('create-url', 'createAccounts', makes, flags.createUrl)
  const making = createAccounts && { createAccounts }
  if (url === undefined && logoutUrl === undefined) {
    const asked = oldLogin ?? known
    return { ...at, ...(asked && { oldLogin: asked }), ...making }
  }
  address('url', url)
  address('logout-url', logoutUrl)
  const name = mannerOf(kind).address
  const given = { ...(url !== undefined && { [name]: url }), ...(logoutUrl !== undefined && { logoutUrl }) }
  // a copy is tried, so the real journal must neither hear of its logouts nor be asked about logins
  const kept = Object.entries(block as object).filter(([setting]) => url === undefined || setting !== 'logoutUrl')
  // what a token says is looked up by the journal; elsewhere the list decides where an answer may go at all
  const journal =
    url === undefined || TOKEN_KINDS.has(kind) ? at.journal : { ...at.journal, returnTo: [`${new URL(url).origin}/*`] }
  const asked = oldLogin ?? (url === undefined ? known : undefined)
  const connector = { kind, block: { ...Object.fromEntries(kept), ...given } }
  return { journal, connector, ...(asked && { oldLogin: asked }), ...making }
}

/** @throws UnusableInput when the settings do not say how the bridge asks there */
function askedAt<Block extends object>(flag: string, setting: string, block: Block | undefined, url?: string) {
  if (url === undefined) return undefined
  address(flag, url)
  if (block) return { ...block, url }
  throw new UnusableInput(
    `--${flag}: the journal has no \`${setting}\` in the settings, which says how its questions are signed.`,
  )
}

const TOKEN_KINDS: ReadonlySet<string> = new Set(['signed-link', 'form-post', 'hmac-query', 'handle'])

export function placeOf(desk: Desk, means: Means, flags: Flags): Place {
  const { journal, configuration } = means
  const { block, kind } = journal.connector
  const manner = mannerOf(kind)
  const forge = openForge(means)
  const known =
    flags.start ?? (flags.url === undefined || kind === 'trusted-headers' ? manner.start?.(block) : undefined)
  const [start, page, behind] = [address('start', known), address('page', flags.page), address('behind', flags.behind)]
  const blind = manner.fetched === true && !means.standIn
  const { to } = forge.handOff()
  warn([to, start, page, behind, forge.leave('x')?.to, forge.oldLogin?.ask().to, forge.newAccount?.ask().to], flags)
  const home = homeOf(forge, journal, to, flags)
  if (blind && !page && !forge.truth)
    throw new UnusableInput(
      `A journal of kind ${kind} asks the bridge who has come. Let it ask this command (--listen PORT, in place of the bridge); or name with --page an address that only people see who are in, and be content with a few doors.`,
    )
  const origins = [to, start, page, ...(flags.url === undefined ? [home] : [])].flatMap(each => each?.origin ?? [])
  return {
    ...{ forge, start, page, home, behind, blind },
    ...{ network: desk.network, publicUrl: configuration.settings.publicUrl },
    ...{ needsState: needsState(forge, journal, start), origins: new Set(origins) },
  }
}

function homeOf({ door }: Forge, { journal }: JournalSettings, to: URL, { url }: Flags): URL {
  if (door.gate) return door.gate.home
  const [first] = journal.returnTo.map(returnPattern)
  const home = first ? new URL(first.path, first.origin) : new URL('/', to)
  return url === undefined ? home : new URL(home.pathname, to)
}

/** Logins of a CAS journal begin there when it is known where: the service may be another one than the home. */
const needsState = ({ door }: Forge, { journal }: JournalSettings, start: URL | undefined): boolean =>
  journal.requireState ||
  door.asks !== undefined ||
  door.gate !== undefined ||
  (door.serves === 'cas' && start !== undefined)

function address(flag: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const wrong = wrongAddress(text)
  if (wrong !== undefined) throw new UnusableInput(`--${flag}: ${wrong}.`)
  return new URL(text)
}

/** @throws UnusableInput */
export function portOf(text = '0'): number {
  const port = Number(text)
  if (/^[0-9]{1,5}$/.test(text) && port < 65_536) return port
  throw new UnusableInput('--listen: must be the number of a port, such as 8080.')
}

export async function actorOf(configuration: Configuration, journal: JournalSettings, flags: Flags): Promise<Actor> {
  const { login, role, school, child } = flags
  if (flags.testAccount) return madeUpActor(login, { role, school, child }, journal)
  try {
    return await findActor(configuration, journal, { who: login, role, school, child })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new UnusableInput(`This person may not enter: ${error.message}`, { cause: error })
  }
}

/** @throws UnusableInput when a machine other than this one would get dishonest requests and nobody said that it may */
function warn(addresses: readonly (URL | undefined)[], { yes }: Flags): void {
  const hosts = addresses.flatMap(each => (each ? [each.hostname] : []))
  const foreign = [...new Set(hosts)].filter(host => !['localhost', '127.0.0.1'].includes(host))
  if (yes || foreign.length === 0) return
  throw new UnusableInput(
    `This opens some fifty sessions at ${foreign.join(', ')} and sends messages that look like an attack. Better try a copy of the journal (--url). If its people know and agree, say --yes.`,
  )
}
