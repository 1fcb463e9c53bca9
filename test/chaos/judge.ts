/** Whether a run kept the promises of the bridge. Reads what people and journals saw and what is stored, and nothing of how it came about. */
import type { EventKind } from '../../src/audit/audit.js'
import type { Act, Import, Kept, Whole } from './evidence.js'

/** @returns what was broken, in sentences; none is what we want */
export const judge = (whole: Whole): readonly string[] => [
  ...whole.stuck.map(why => `More than a repeated click: ${why}`),
  ...whole.nodes.map(what => `A node: ${what}`),
  ...(whole.audit === undefined ? [] : [`The audit is not whole: ${whole.audit}`]),
  ...(whole.dropped > 0 ? [`${whole.dropped} clicks were dropped while a node was told to stop.`] : []),
  ...Object.keys(whole.kept).flatMap(person => ofPerson(whole, person)),
  ...despiteWithdrawal(whole),
  ...despiteUnlinking(whole),
  ...foreign(whole),
  ...thefts(whole),
  ...usedTwice(whole),
  ...imports(whole.imports),
  ...importedUnseen(whole),
]

/** Rows that an act leaves in the audit, one for each. */
const ROWS: Readonly<Partial<Record<Act['what'], EventKind>>> = {
  entered: 'journal.entered',
  agreed: 'consent.given',
  withdrew: 'consent.withdrawn',
  linked: 'code.used',
  unlinked: 'link.ended',
  relinked: 'link.resumed',
  'signed out': 'session.closed',
}

function ofPerson({ acts, kept }: Whole, person: string): readonly string[] {
  const own = acts.filter(act => act.person === person)
  const here = kept[person]!
  return [...lostRows(own, here), ...lostLinks(own, here), ...lostConsents(own, here)].map(what => `${person}: ${what}`)
}

function lostRows(own: readonly Act[], { events }: Kept): readonly string[] {
  return Object.entries(ROWS).flatMap(([what, kind]) => {
    const [seen, rows] = [own.filter(act => act.what === what).length, events[kind] ?? 0]
    return rows < seen ? [`${what} ${seen} times, and the audit has ${rows} rows ${kind}`] : []
  })
}

const place = ({ journal = '', account = '' }: Pick<Act, 'journal' | 'account'>): string => `${journal} ${account}`

/** What was confirmed last is what stands. */
function lostLinks(own: readonly Act[], { links }: Kept): readonly string[] {
  const last = new Map<string, boolean>()
  for (const act of own)
    if (['entered', 'linked', 'relinked', 'unlinked'].includes(act.what)) last.set(place(act), act.what !== 'unlinked')
  return [...last].flatMap(([where, wanted]) => {
    const active = links.filter(link => link.active && place(link) === where).length
    if (active > 1) return [`${active} active links to ${where}`]
    return (active === 1) === wanted ? [] : [`the link to ${where} should ${wanted ? '' : 'not '}stand`]
  })
}

/** What was confirmed last is what stands: nobody comes in without a consent. Those that were taken back are kept. */
function lostConsents(own: readonly Act[], { consents }: Kept): readonly string[] {
  const last = new Map<string, boolean>()
  for (const act of own)
    if (['entered', 'agreed', 'withdrew'].includes(act.what)) last.set(place(act), act.what !== 'withdrew')
  return [...last].flatMap(([where, wanted]) => {
    const here = consents.filter(each => place(each) === where)
    const standing = here.filter(({ withdrawn }) => !withdrawn).length
    const seen = own.filter(act => act.what === 'withdrew' && place(act) === where).length
    return [
      ...(standing === Number(wanted) ? [] : [`${standing} consents stand for ${where}`]),
      ...(here.length - standing < seen ? [`of ${seen} withdrawn consents to ${where} ${here.length - standing} are kept`] : []), // prettier-ignore
    ]
  })
}

/** From the moment when somebody has read that their consent is withdrawn until they agree again. */
const despiteWithdrawal = (whole: Whole): readonly string[] =>
  letInBetween(whole, 'withdrew', 'agreed').map(
    act => `${act.person} withdrew the consent to ${place(act)}, and was let in`,
  )

/** From the moment when somebody has read that an account is taken off until they take it back. */
const despiteUnlinking = (whole: Whole): readonly string[] =>
  letInBetween(whole, 'unlinked', 'relinked').map(act => `${act.person} took off ${place(act)}, and was let in`)

/** @returns the act that shut a door, for everybody who went through it before the same person opened it again */
function letInBetween({ acts, entered }: Whole, shut: Act['what'], opened: Act['what']): readonly Act[] {
  return acts.flatMap((act, i) => {
    if (act.what !== shut) return []
    const isHere = (each: Pick<Act, 'person' | 'journal' | 'account'>) =>
      each.person === act.person && place(each) === place(act)
    const next = acts.slice(i + 1).find(each => each.what === opened && isHere(each))
    const wrong = entered.filter(each => isHere(each) && each.since > act.seen! && each.until < (next?.pressed ?? Infinity)) // prettier-ignore
    return wrong.map(() => act)
  })
}

/** Everybody arrives as themselves, and nobody is linked to what the school gave to another. */
function foreign({ entered, accounts, kept }: Whole): readonly string[] {
  const wrong = entered.filter(({ person, account }) => accounts[person]?.includes(account) !== true)
  const links = Object.entries(kept).flatMap(([person, { links: all }]) =>
    all
      .filter(({ account }) => accounts[person]?.includes(account) !== true)
      .map(({ account }) => ({ person, account })),
  )
  return [
    ...wrong.map(({ journal, person, account }) => `${person} arrived in ${journal} as ${account}`),
    ...links.map(({ person, account }) => `${person} is linked to ${account}`),
  ]
}

const thefts = ({ thefts: all }: Whole): readonly string[] =>
  all.flatMap(({ person, status, userId }) => [
    ...(status < 400 ? [`The answer of ${person} worked for somebody else (${status})`] : []),
    ...(userId === undefined ? [] : [`A thief of ${person}'s answer holds a session of ${userId}`]),
  ])

function usedTwice({ redeemed, redeemedRows, verified, codes }: Whole): readonly string[] {
  const handles = new Map<string, number>()
  for (const { handle } of redeemed) handles.set(handle, (handles.get(handle) ?? 0) + 1)
  const often = (what: string, counts: Iterable<readonly [string, number]>) =>
    [...counts].filter(([, count]) => count > 1).map(([name, count]) => `${what} ${name} worked ${count} times`)
  return [
    ...often('The handle', handles),
    ...often('The answer to login', Object.entries(verified)),
    ...often('A code of account', Object.entries(codes)),
    ...(redeemedRows < redeemed.length
      ? [`${redeemed.length} handles were redeemed, and the audit has ${redeemedRows} rows`]
      : []),
  ]
}

function importedUnseen({ imports: all, importedRows }: Whole): readonly string[] {
  const standing = all.filter(({ version, found }) => found.includes(version)).length
  return importedRows < standing ? [`${standing} lists were imported, and the audit has ${importedRows} rows`] : []
}

/** An import that said so stands; one that was killed stands whole or not at all. */
function imports(all: readonly Import[]): readonly string[] {
  let possible: readonly number[] = [0]
  return all.flatMap(({ version, end, found }) => {
    possible = end === 'imported' ? [version] : [...possible, version]
    const [only] = found
    if (found.length === 1 && possible.includes(only!)) {
      // what was committed under a killed program may show a moment later
      possible = only === version ? [version] : possible
      return []
    }
    return [`After list ${version} was ${end}, the list is made of version ${found.join(' and ')}`]
  })
}
