/**
 * The live trust: what login asks. Files are read, fetched copies are taken from memory, and once a minute it is looked
 * whether a person, another program or the calendar changed anything.
 */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import { MetadataError } from '../saml/metadata.js'
import type { IdpStatus, Trust, TrustedIdp } from '../saml/trust.js'
import { standing } from './decide.js'
import { differenceOf, essenceOf, factsOf } from './difference.js'
import { idpsIn, knownIdp, lookAgain, type KnownIdp, type ReadFile } from './files.js'
import type { Copy, Source, SourceState } from './ports.js'
import type { When } from './publication.js'
import { nextVisit, visit, type Tools } from './visit.js'

export interface KeptTrust extends Trust {
  /** To be called once a minute: reads memory and files again, and visits whatever is due. */
  tick(): Promise<void>
}

/** Only files: for commands that ask neither memory nor network. @throws MetadataError */
export function trustOfFiles(sources: readonly Source[], when: When): Trust {
  const known = sources.flatMap(source =>
    source.file
      ? idpsIn(Buffer.from(source.file.xml), source, when).map(each => ({ ...each, source: source.name }))
      : [],
  )
  const byId = new Map(known.map(({ idp }) => [idp.entityId, idp]))
  const statuses = known.map(({ idp: { entityId }, source, validUntil, seenAt }): IdpStatus => {
    const until = validUntil === undefined ? {} : { validUntil }
    return { entityId, source, remote: false, fetchedAt: seenAt, ...until, pending: false }
  })
  return { idps: [...byId.values()], find: entityId => byId.get(entityId), status: () => statuses }
}

/**
 * Opens with the last good copies; only an address that was never read is visited before anybody may log in. No network
 * keeps it from opening.
 *
 * @throws MetadataError when a file cannot be used
 */
export async function keepTrust(sources: readonly Source[], tools: Tools): Promise<KeptTrust> {
  const kept = new Kept(sources, tools)
  await kept.reload()
  await kept.visit(kept.unknown())
  return kept
}

/** Reads what memory holds, visits nothing: for commands. @throws MetadataError when a file cannot be used */
export async function rememberedTrust(sources: readonly Source[], tools: Tools): Promise<Trust> {
  const kept = new Kept(sources, tools)
  await kept.reload()
  return kept
}

class Kept implements KeptTrust {
  private readonly sources: readonly Source[]
  private readonly tools: Tools
  private readonly files = new Map<Source, ReadFile>()
  private readonly due = new Map<Source, Instant>()
  private copies: readonly Copy[] = []
  private states: ReadonlyMap<string, SourceState> = new Map()
  /** Parsed copies: the same one as long as nothing changed in it, since others remember things about it. */
  private parsed = new Map<string, KnownIdp>()
  private current: ReadonlyMap<string, TrustedIdp> = new Map()
  private statuses: readonly IdpStatus[] = []
  private ticking: Promise<void> | undefined

  constructor(sources: readonly Source[], tools: Tools) {
    this.sources = sources
    this.tools = tools
    for (const source of sources)
      if (source.file) this.files.set(source, { idps: idpsIn(Buffer.from(source.file.xml), source, this.when()) })
  }

  get idps(): readonly TrustedIdp[] {
    return [...this.current.values()]
  }

  find(entityId: string): TrustedIdp | undefined {
    return this.current.get(entityId)
  }

  status(): readonly IdpStatus[] {
    return this.statuses
  }

  tick(): Promise<void> {
    this.ticking ??= this.round().finally(() => (this.ticking = undefined))
    return this.ticking
  }

  async reload(): Promise<void> {
    const { copies } = this.tools
    this.copies = await copies.all()
    this.states = new Map((await copies.sources()).map(state => [state.source, state]))
    this.rebuild()
  }

  /** Addresses of which nothing usable is kept. */
  unknown(): readonly Source[] {
    return this.remote().filter(source => {
      const kept = this.standingOf(source)
      return source.wanted
        ? source.wanted.some(entityId => !kept.some(copy => copy.entityId === entityId))
        : kept.length === 0
    })
  }

  async visit(sources: readonly Source[]): Promise<void> {
    if (sources.length === 0) return
    await Promise.all(
      sources.map(async source => {
        const state = await visit(source, this.tools)
        this.due.set(source, this.dueAfter(source, state))
      }),
    )
    await this.reload()
  }

  private async round(): Promise<void> {
    const { clock } = this.tools
    await Promise.all([...this.files].map(([source, known]) => this.lookAt(source, known)))
    await this.reload()
    await this.visit(this.remote().filter(source => this.dueTime(source) <= clock.now()))
  }

  private remote(): readonly Source[] {
    return this.sources.filter(source => !source.file)
  }

  private dueTime(source: Source): Instant {
    const state = this.states.get(source.name)
    if (!state) return 0
    const due = this.due.get(source) ?? this.dueAfter(source, state)
    this.due.set(source, due)
    return due
  }

  private dueAfter(source: Source, state: SourceState): Instant {
    const ends = this.standingOf(source).flatMap(({ validUntil }) => validUntil ?? [])
    const share = this.tools.chance.bytes(1)[0]! / 255
    return nextVisit(source, state, ends.length === 0 ? undefined : Math.min(...ends), share)
  }

  private async lookAt(source: Source, known: ReadFile): Promise<void> {
    const now = await lookAgain(source.file!.path, source, known, this.when())
    this.files.set(source, now)
    for (const event of this.changesOf(source, known, now)) {
      await this.tools.copies.note(fileState(source, now, this.tools.clock.now()), event)
      this.tools.tell(event)
    }
  }

  private changesOf(source: Source, before: ReadFile, now: ReadFile): readonly AuditEvent[] {
    const at = this.tools.clock.now()
    if (now.problem !== undefined && before.problem === undefined)
      return [{ at, what: 'metadata.failed', result: 'failed', facts: { source: source.name, problem: now.problem } }]
    return now.idps.flatMap(({ idp }): AuditEvent[] => {
      const old = before.idps.find(each => each.idp.entityId === idp.entityId)
      if (old && essenceOf(old.idp) === essenceOf(idp)) return []
      const facts = old ? factsOf(differenceOf({ idp: old.idp }, { idp })) : { first: true }
      return [{ at, what: 'metadata.taken', result: 'ok', idp: idp.entityId, facts: { source: source.name, ...facts } }]
    })
  }

  private when(): When {
    return { at: this.tools.clock.now(), skew: this.tools.skew }
  }

  private standingOf(source: Source): readonly Copy[] {
    const kept = this.copies.filter(copy => copy.source === source.name && standing([copy], source))
    if (source.wanted) return source.wanted.flatMap(wanted => kept.find(({ entityId }) => entityId === wanted) ?? [])
    return kept.sort((one, other) => other.lastSeen - one.lastSeen).slice(0, 1)
  }

  /** The first entry of the settings that knows an IdP has the word. */
  private rebuild(): void {
    const current = new Map<string, TrustedIdp>()
    const parsed = new Map<string, KnownIdp>()
    this.statuses = this.sources.flatMap(source => {
      const known =
        this.files.get(source)?.idps ?? this.standingOf(source).flatMap(copy => this.read(copy, source, parsed))
      for (const { idp } of known) if (!current.has(idp.entityId)) current.set(idp.entityId, idp)
      return this.statusesOf(source, known)
    })
    this.parsed = parsed
    this.current = current
  }

  private read(copy: Copy, source: Source, parsed: Map<string, KnownIdp>): readonly KnownIdp[] {
    const version = [copy.id, copy.lastSeen, copy.validUntil].join(' ')
    try {
      const known = this.parsed.get(version) ?? knownIdp(copy.xml, copy.validUntil, copy.lastSeen, source)
      parsed.set(version, known)
      return [known]
    } catch (error) {
      // written by a version of the bridge that took what this one refuses: the next visit says why
      if (error instanceof MetadataError) return []
      throw error
    }
  }

  private statusesOf(source: Source, known: readonly KnownIdp[]): readonly IdpStatus[] {
    const file = this.files.get(source)
    const state = this.states.get(source.name)
    const [staleSince, problem] = file ? [file.staleSince, file.problem] : [state?.failingSince, state?.problem]
    const base = {
      source: source.name,
      remote: !file,
      ...(staleSince !== undefined && { staleSince }),
      ...(problem !== undefined && { problem }),
    }
    const isPending = (entityId: string) =>
      this.copies.some(copy => copy.state === 'pending' && copy.source === source.name && copy.entityId === entityId)
    const found = known.map(({ idp, validUntil, seenAt }): IdpStatus => {
      const { entityId } = idp
      const until = validUntil === undefined ? {} : { validUntil }
      return { ...base, entityId, fetchedAt: seenAt, ...until, pending: isPending(entityId) }
    })
    const expected = source.wanted ?? (known.length > 0 ? [] : [undefined])
    const absent = expected.filter(entityId => !known.some(({ idp }) => idp.entityId === entityId))
    return [
      ...found,
      ...absent.map(entityId => ({ ...base, ...(entityId !== undefined && { entityId }), pending: false })),
    ]
  }
}

const fileState = ({ name }: Source, { problem, staleSince }: ReadFile, at: Instant): SourceState => ({
  source: name,
  triedAt: at,
  rules: '',
  failures: problem === undefined ? 0 : 1,
  ...(problem === undefined ? { succeededAt: at } : { problem }),
  ...(staleSince !== undefined && { failingSince: staleSince }),
})
