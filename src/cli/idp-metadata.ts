/** What we know of the IdPs by fetched metadata: how fresh it is, what changed, and the decision whether a change counts. */
import { openStoreOf } from '../compose.js'
import { sourcesOf, trustTools } from '../compose-trust.js'
import { systemChance } from '../base/chance.js'
import { loadConfiguration, type Configuration } from '../settings/configuration.js'
import { approve, earlier, reject, rollBack, standing } from '../trust/decide.js'
import { describeDifference, differenceOf, type Difference } from '../trust/difference.js'
import { createDownload } from '../trust/download.js'
import { knownIdp } from '../trust/files.js'
import { rememberedTrust } from '../trust/keep.js'
import type { Copies, Copy, Revision, Source } from '../trust/ports.js'
import { visit } from '../trust/visit.js'
import { CONFIG, JSON_FLAG, newCommand, type CommandMaker } from './command.js'
import { say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { oneLine, shownTime } from './printable.js'

interface Flags {
  readonly config: string
  readonly json?: true
}

/** What every action works with. */
interface Work {
  readonly desk: Desk
  readonly configuration: Configuration
  readonly copies: Copies
  readonly flags: Flags
}

const actions: Readonly<Record<string, (work: Work, of: string | undefined) => Promise<ExitCode>>> = {
  list,
  refresh,
  show,
  approve: (work, id) => decide(work, id, 'approved'),
  reject: (work, id) => decide(work, id, 'rejected'),
  rollback,
}

export const idpMetadata: CommandMaker = (desk, finish) =>
  newCommand(desk, 'idp-metadata', {
    about:
      'Shows how fresh the metadata of the IdPs are, fetches them now, shows what changed, and says yes or no to a change. ' +
      'A running bridge notices within a minute.',
    examples: [
      'list',
      'refresh',
      'show',
      'approve Xk3_9aQ2bD',
      'reject Xk3_9aQ2bD',
      'rollback https://idp.example/idp',
    ],
    exitCodes: '0 fine, 1 something is stale or waits for a decision, 2 this cannot be done',
  })
    .argument('<action>', Object.keys(actions).join(', '))
    .argument('[of]', 'approve and reject: the change; rollback: the entityID')
    .option(...CONFIG)
    .option(...JSON_FLAG)
    .action(async (action: string, of: string | undefined, flags: Flags) => {
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined
      if (!act) throw new UnusableInput(`${oneLine(action)} is no action. Known: ${Object.keys(actions).join(', ')}.`)
      const configuration = loadConfiguration(flags.config, desk.env)
      const store = await openStoreOf(configuration)
      try {
        finish(await act({ desk, configuration, copies: store.copies, flags }, of))
      } finally {
        await store.close()
      }
    })

const toolsOf = ({ desk, configuration, copies }: Work) => {
  const { authorities } = desk.network
  const fetch = createDownload({ authorities, allowHttp: configuration.settings.demo })
  return trustTools(configuration, { copies, clock: desk.clock, chance: systemChance, tell: () => undefined, fetch })
}

async function list(work: Work): Promise<ExitCode> {
  const { desk, configuration, flags } = work
  const trust = await rememberedTrust(sourcesOf(configuration), toolsOf(work))
  const idps = trust.status()
  if (flags.json) sayJson(desk, { idps })
  else
    for (const { entityId, source, fetchedAt, validUntil, staleSince, problem, pending } of idps)
      say(
        desk,
        oneLine(entityId ?? '(not fetched yet)'),
        `  from         ${oneLine(source)}${fetchedAt === undefined ? '' : `, seen ${shownTime(fetchedAt)}`}`,
        ...(validUntil === undefined ? [] : [`  valid until  ${shownTime(validUntil)}`]),
        ...(staleSince === undefined ? [] : [`  stale since  ${shownTime(staleSince)}: ${oneLine(problem ?? '')}`]),
        ...(pending ? ['  a change waits: npx --no-install bridge idp-metadata show'] : []),
      )
  return idps.some(({ staleSince, pending, entityId }) => staleSince !== undefined || pending || entityId === undefined)
    ? 1
    : 0
}

async function refresh(work: Work): Promise<ExitCode> {
  for (const source of sourcesOf(work.configuration)) if (!source.file) await visit(source, toolsOf(work))
  return list(work)
}

interface Change {
  readonly source: Source
  readonly copy: Copy
  readonly difference: Difference | undefined
}

/** Every change that somebody may still decide about, with what it would change in what we go by now. */
async function changes({ configuration, copies, desk }: Work): Promise<readonly Change[]> {
  const all = await copies.all()
  return sourcesOf(configuration).flatMap(source =>
    all
      .filter(copy => copy.source === source.name && (copy.state === 'pending' || copy.state === 'rejected'))
      .map((copy): Change => {
        const active = standing(
          all.filter(each => each.source === source.name && each.entityId === copy.entityId),
          source,
        )
        const side = ({ xml, validUntil }: Copy) => knownIdp(xml, validUntil, desk.clock.now(), source)
        return { source, copy, difference: active && differenceOf(side(active), side(copy)) }
      }),
  )
}

async function show(work: Work): Promise<ExitCode> {
  const { desk, flags } = work
  const waiting = (await changes(work)).filter(({ copy }) => copy.state === 'pending')
  const shown = waiting.map(({ copy, difference }) => ({
    change: copy.id,
    entityId: copy.entityId,
    source: copy.source,
    since: new Date(copy.firstSeen).toISOString(),
    lines: difference ? describeDifference(difference) : [],
  }))
  if (flags.json) sayJson(desk, { changes: shown })
  else if (shown.length === 0) say(desk, 'No change waits.')
  else
    for (const { change, entityId, source, lines } of shown)
      say(
        desk,
        `Change ${change} of ${oneLine(entityId)}, from ${oneLine(source)}`,
        ...lines.map(line => `  ${oneLine(line).replace(/^([^+-])/, '  $1')}`),
        '  Compare the SHA-256 of a new key with the IdP by telephone, then:',
        `    npx --no-install bridge idp-metadata approve ${change}`,
        `    npx --no-install bridge idp-metadata reject ${change}`,
      )
  return shown.length > 0 ? 1 : 0
}

async function decide(work: Work, id: string | undefined, decision: 'approved' | 'rejected'): Promise<ExitCode> {
  const { desk, copies, flags } = work
  const found = (await changes(work)).find(({ copy }) => copy.id === id)
  if (!found)
    throw new UnusableInput(
      `No change ${id === undefined ? 'was named' : `${oneLine(id)} waits`}. See: npx --no-install bridge idp-metadata show`,
    )
  const { copy, difference } = found
  const now = desk.clock.now()
  const revision = await copies.revise(copy, known =>
    decision === 'approved' ? approve(known, copy.id, now, difference) : reject(known, copy.id, now),
  )
  return told(work, revision, flags, `${decision}: change ${copy.id} of ${oneLine(copy.entityId)}.`)
}

async function rollback(work: Work, entityId: string | undefined): Promise<ExitCode> {
  const { desk, configuration, copies, flags } = work
  const all = (await copies.all()).filter(copy => copy.entityId === entityId)
  const source = sourcesOf(configuration).find(({ name }) => all.some(copy => copy.source === name))
  const before =
    source &&
    earlier(
      all.filter(copy => copy.source === source.name),
      source,
    )
  if (!before)
    throw new UnusableInput(
      entityId === undefined
        ? 'Name the entityID of the IdP. See: npx --no-install bridge idp-metadata list'
        : `Of ${oneLine(entityId)} no earlier copy is kept.`,
    )
  const now = desk.clock.now()
  if (source.whenExpired === 'refuse' && before.validUntil !== undefined && before.validUntil <= now)
    throw new UnusableInput(
      `The earlier copy of ${oneLine(before.entityId)} was valid until ${shownTime(before.validUntil)} only, so nobody could sign in by it.`,
    )
  const revision = await copies.revise(before, known => rollBack(known, now, source))
  return told(
    work,
    revision,
    flags,
    `rolled back: ${oneLine(before.entityId)} as it was on ${shownTime(before.lastSeen)}.`,
  )
}

function told({ desk }: Work, { write }: Revision, { json }: Flags, sentence: string): ExitCode {
  if (write.length === 0)
    throw new UnusableInput('Somebody else decided in the meantime. See: npx --no-install bridge idp-metadata show')
  if (json) sayJson(desk, { done: sentence })
  else say(desk, `${sentence[0]!.toUpperCase()}${sentence.slice(1)} A running bridge goes by it within a minute.`)
  return 0
}
