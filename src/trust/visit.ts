/** One visit at an address: fetch, verify, and let each IdP's copies be revised. Whatever goes wrong, the last good copy stays. */
import { createHash } from 'node:crypto'
import type { AuditEvent } from '../audit/audit.js'
import { randomId, type Chance } from '../base/chance.js'
import type { Clock, Instant } from '../base/clock.js'
import { MetadataError, readIdpMetadata } from '../saml/metadata.js'
import { standing, takeIn } from './decide.js'
import { FetchError, type Copies, type Copy, type Fetch, type Fetched, type Source, type SourceState } from './ports.js'
import { readAside } from './aside.js'
import type { Publication } from './publication.js'

export interface Tools {
  readonly copies: Copies
  readonly fetch: Fetch
  readonly clock: Clock
  readonly chance: Chance
  /** Milliseconds that clocks may differ. */
  readonly skew: number
  /** Every event is told, besides being recorded: the operator's log. */
  readonly tell: (event: AuditEvent) => void
}

const MEBIBYTE = 1024 * 1024
/** Octets: of one IdP or a small group; of a whole federation, which nobody takes unsigned. */
const MOST_UNSIGNED = 4 * MEBIBYTE
const MOST_SIGNED = 64 * MEBIBYTE
/** Characters of a sentence about what went wrong. */
const LONGEST_PROBLEM = 500

export async function visit(source: Source, tools: Tools): Promise<SourceState> {
  const { copies, clock } = tools
  const before = (await copies.sources()).find(state => state.source === source.name)
  const kept = (await copies.all()).filter(copy => copy.source === source.name)
  const base = { source: source.name, triedAt: clock.now(), rules: rulesOf(source) }
  try {
    const fetched = await tools.fetch(source.name, mostOf(source), canBeSame(source, kept, before) ? before : {})
    const { problems, ...seen } = await digest(fetched, source, kept, tools)
    if (problems.length > 0) return await failed(base, problems.join('; '), before, tools)
    const state = {
      ...(fetched.is === 'same' && lasting(before)),
      ...seen,
      ...base,
      succeededAt: base.triedAt,
      failures: 0,
    }
    await copies.note(state)
    return state
  } catch (error) {
    if (!(error instanceof FetchError) && !(error instanceof MetadataError)) throw error
    return await failed(base, sentenceOf(error), before, tools)
  }
}

const mostOf = ({ signers }: Source): number => (signers.length > 0 ? MOST_SIGNED : MOST_UNSIGNED)

/** What makes an answer "not modified" worthless when it changes: then everything is fetched and judged again. */
const rulesOf = ({ signers, wanted, longest, whenExpired }: Source): string =>
  createHash('sha256')
    .update(JSON.stringify([signers.map(({ fingerprint }) => fingerprint), wanted, longest, whenExpired]))
    .digest('hex')

function canBeSame(source: Source, kept: readonly Copy[], before: SourceState | undefined): before is SourceState {
  if (before === undefined || before.rules !== rulesOf(source)) return false
  const has = (entityId: string) =>
    standing(
      kept.filter(copy => copy.entityId === entityId),
      source,
    ) !== undefined
  return source.wanted ? source.wanted.every(has) : kept.some(({ entityId }) => has(entityId))
}

const lasting = (before: SourceState | undefined): Partial<SourceState> =>
  before
    ? {
        ...(before.etag !== undefined && { etag: before.etag }),
        ...(before.lastModified !== undefined && { lastModified: before.lastModified }),
        ...(before.cacheDuration !== undefined && { cacheDuration: before.cacheDuration }),
      }
    : {}

interface Digested extends Pick<SourceState, 'etag' | 'lastModified' | 'cacheDuration'> {
  readonly problems: readonly string[]
}

async function digest(fetched: Fetched, source: Source, kept: readonly Copy[], tools: Tools): Promise<Digested> {
  if (fetched.is === 'same') return { problems: [] }
  const publication = await readAside(fetched.octets, source, { at: tools.clock.now(), skew: tools.skew })
  const { entities, missing, cacheDuration } = publication
  const problems = [...missing]
  for (const entity of entities) {
    const stranger = source.wanted === undefined && kept.some(copy => isInUseFor(copy, entity.entityId))
    const problem = stranger ? otherIdp(entity.entityId) : await take(entity, source, publication, tools)
    if (problem !== undefined) problems.push(problem)
  }
  const { etag, lastModified } = fetched
  return {
    problems,
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(cacheDuration !== undefined && { cacheDuration }),
  }
}

const isInUseFor = ({ state, entityId }: Copy, other: string): boolean => state === 'active' && entityId !== other

/** Nobody approved this name: the settings name none, and so far another IdP stood there. */
const otherIdp = (entityId: string): string =>
  `it is the metadata of another IdP now (${entityId}); if that is right, write entityId into the settings`

/** @returns what is wrong with this entity, or undefined */
async function take(
  entity: Publication['entities'][number],
  source: Source,
  { signedBy }: Publication,
  { copies, clock, chance, tell }: Tools,
): Promise<string | undefined> {
  const read = (xml: string) => readIdpMetadata(xml, source.idp)
  const fresh = { entity, id: randomId(chance).slice(0, ID_LENGTH), now: clock.now(), ...(signedBy !== undefined && { signedBy }) } // prettier-ignore
  try {
    read(entity.xml)
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error
    return `${entity.entityId}: ${sentenceOf(error)}`
  }
  const { event } = await copies.revise({ source: source.name, entityId: entity.entityId }, known =>
    takeIn(known, fresh, { source, read }),
  )
  if (event) tell(event)
  return undefined
}

/** Of base64url: what a person types to approve a change. */
const ID_LENGTH = 10

const sentenceOf = (error: FetchError | MetadataError): string =>
  (error instanceof MetadataError ? error.problems.map(({ what, fix }) => `${what}; ${fix}`).join('; ') : error.message)
    .replaceAll(/\s+/g, ' ')
    .slice(0, LONGEST_PROBLEM)

/** The first failure after a success is an event; that it goes on failing stands in the list. */
async function failed(
  base: Pick<SourceState, 'source' | 'triedAt' | 'rules'>,
  problem: string,
  before: SourceState | undefined,
  { copies, tell }: Tools,
): Promise<SourceState> {
  const failures = (before?.failures ?? 0) + 1
  const state: SourceState = {
    ...base,
    ...(before?.succeededAt !== undefined && { succeededAt: before.succeededAt }),
    failingSince: before?.failingSince ?? base.triedAt,
    failures,
    problem,
  }
  const event: AuditEvent | undefined =
    failures === 1
      ? { at: base.triedAt, what: 'metadata.failed', result: 'failed', facts: { source: base.source, problem } }
      : undefined
  await copies.note(state, event)
  if (event) tell(event)
  return state
}

/** When to come again. @param share 0 to 1, drawn anew for each visit, so that a thousand bridges do not come at once */
export function nextVisit(source: Source, state: SourceState, soonestEnd: Instant | undefined, share: number): Instant {
  const usual = Math.min(source.refresh, state.cacheDuration ?? Infinity, untilHalfTime(state, soonestEnd))
  const wait = state.failures === 0 ? Math.max(usual, LEAST_WAIT) : Math.min(usual, backOff(state.failures))
  return state.triedAt + wait * (1 - JITTER * share)
}

const MINUTE = 60_000
const LEAST_WAIT = 5 * MINUTE
const JITTER = 0.2

const backOff = (failures: number): number => MINUTE * 2 ** Math.min(failures - 1, 12)

/** Copies that run out soon are renewed at half of what is left. */
const untilHalfTime = ({ triedAt }: SourceState, end: Instant | undefined): number =>
  end === undefined || end <= triedAt ? Infinity : (end - triedAt) / 2
