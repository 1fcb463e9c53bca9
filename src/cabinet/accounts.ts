/** The accounts of the person who asks: which stand open, which do not and why, and which they have taken off themselves. */
import type { Instant } from '../base/clock.js'
import type { RefusalCode } from '../base/refusals.js'
import type { Link, OwnLink } from '../identity/links.js'
import { matchAccounts, type Evidence, type Match } from '../identity/match.js'
import { evidenceFor } from '../login/evidence.js'
import { admits } from '../login/idps.js'
import type { OpenJournal, Ports } from '../login/ports.js'
import type { Session } from '../sessions/sessions.js'
import type { Account, Child } from '../words/account.js'
import type { SchoolCode } from '../words/school.js'
import { UNDO_FOR } from '../words/undo.js'

/** It opens with the next click. */
export interface OpenAccount {
  readonly account: Account
  readonly children: readonly Child[]
  /** None before the first entry. */
  readonly link?: Link
}

/** Something speaks for the person here, and something against it. Of an account that may be another's only the place is told. */
export interface ShutAccount {
  readonly journal: string
  readonly school?: SchoolCode
  readonly why: RefusalCode
  readonly link?: Link
}

export interface EndedLink {
  readonly link: Link
  /** Until then the person may take it up again. */
  readonly undoUntil?: Instant
}

export interface OwnAccounts {
  readonly open: readonly OpenAccount[]
  readonly shut: readonly ShutAccount[]
  readonly ended: readonly EndedLink[]
}

type Needed = Pick<Ports, 'roster' | 'links' | 'journals' | 'schools' | 'clock'>

export async function ownAccounts(ports: Needed, { person }: Session): Promise<OwnAccounts> {
  const evidence = await evidenceFor(ports, person)
  const now = ports.clock.now()
  const places = [...ports.journals.values()].map(({ journal }) => {
    const match = matchAccounts(person, evidence, { journal, schools: ports.schools, now })
    return admits(journal, person.idp) ? { journal, match } : { journal, match: { ...match, ...shutOut } }
  })
  const open = places.flatMap(({ match }) => openIn(match, evidence))
  const opened = new Set(open.map(({ account }) => account.id))
  return {
    open,
    shut: places.flatMap(place => shutIn(place, evidence, opened)),
    ended: latestEnded(evidence.links).map(link => ended(link, now)),
  }
}

/** The journal does not take people of this IdP. */
const shutOut = { choices: [], leftOut: [], byIdp: true } as const

type Place = { readonly journal: OpenJournal['journal']; readonly match: Match & { readonly byIdp?: true } }

function openIn({ choices }: Match, { links }: Evidence): readonly OpenAccount[] {
  const accounts = new Map(choices.map(({ account }) => [account.id, account]))
  return [...accounts.values()].map(account => {
    const link = links.find(({ accountId, ended }) => accountId === account.id && !ended)
    const children = choices.flatMap(({ account: { id }, child }) => (child && id === account.id ? child : []))
    return { account, children, ...(link && { link }) }
  })
}

/** What people need not be told in their cabinet: nothing speaks for them there, or it is told under the ended links. */
const SILENT: readonly RefusalCode[] = [
  'identity.not-linked',
  'identity.no-snils',
  'identity.bad-snils',
  'identity.unlinked',
]

function shutIn({ journal, match }: Place, evidence: Evidence, opened: ReadonlySet<string>): readonly ShutAccount[] {
  const own = evidence.links.filter(link => link.journal === journal.id && !link.ended && !opened.has(link.accountId))
  const whyIn = (school: SchoolCode): RefusalCode => {
    if (match.byIdp) return 'idp.not-for-journal'
    return match.leftOut.find(left => left.school === school)?.code ?? match.refused?.code ?? 'identity.not-linked'
  }
  const linked = own.map(link => ({ journal: journal.id, school: link.school, why: whyIn(link.school), link }))
  const told = new Set(linked.map(({ school }) => school))
  const others = match.leftOut.filter(({ school, code }) => !told.has(school) && !SILENT.includes(code))
  return [
    ...linked,
    ...others.map(({ school, code }) => ({ journal: journal.id, school, why: code })),
    ...(linked.length === 0 ? wholly(journal, match) : []),
  ]
}

function wholly(journal: Place['journal'], { refused, byIdp }: Place['match']): readonly ShutAccount[] {
  if (!refused || byIdp || SILENT.includes(refused.code)) return []
  const [only, ...more] = journal.schools
  return [{ journal: journal.id, why: refused.code, ...(only !== undefined && more.length === 0 && { school: only }) }]
}

/** Of each account that has no active link the one that ended last. */
function latestEnded(links: readonly OwnLink[]): readonly OwnLink[] {
  const active = new Set(links.flatMap(({ accountId, ended }) => (ended ? [] : accountId)))
  const latest = new Map<string, OwnLink>()
  for (const link of links) {
    if (!link.ended || active.has(link.accountId)) continue
    const known = latest.get(link.accountId)
    if (!known?.ended || known.ended.at < link.ended.at) latest.set(link.accountId, link)
  }
  return [...latest.values()]
}

function ended(link: OwnLink, now: Instant): EndedLink {
  const until = link.ended?.by === 'person' ? link.ended.at + UNDO_FOR : undefined
  return { link, ...(until !== undefined && until > now && { undoUntil: until }) }
}
