import { readFile } from 'node:fs/promises'
import { isoTime } from '../base/clock.js'
import { examineAnchors } from '../login/anchoring.js'
import type { Finding, FindingKind } from '../login/chain-ports.js'
import { periodOf, type AuditWork } from './audit-work.js'
import { complain, say, sayJson, UnusableInput, type Desk, type ExitCode } from './desk.js'
import { counted } from './printable.js'

/** Named one by one; whoever rewrites the whole table need not be told a million times. */
const MOST = 200

export async function verifyAudit({ desk, configuration, store, flags }: AuditWork): Promise<ExitCode> {
  const { chain } = store
  const findings: Finding[] = []
  let count = 0
  const found = (finding: Finding) => {
    count += 1
    if (findings.length < MOST) findings.push(finding)
  }
  const elsewhere = flags.anchors === undefined ? [] : await anchorsIn(flags.anchors)
  const examined = await chain.examine(periodOf(flags), found)
  const tokens = [...(await chain.anchors()).map(({ token }) => token), ...elsewhere]
  const anchors = await examineAnchors(chain, examined, tokens, configuration.secrets.tokens, found)
  const { entries, rows, loose } = examined
  if (flags.json) {
    const latest = anchors.latest === undefined ? {} : { latest: isoTime(anchors.latest) }
    sayJson(desk, { whole: count === 0, entries, rows, loose, anchors: { ...anchors, ...latest }, problems: count, findings: findings.map(forPrograms) }) // prettier-ignore
  } else {
    for (const finding of findings) complain(desk, told(finding))
    if (count > findings.length) complain(desk, `… and ${counted(count - findings.length, 'problem')} more.`)
    say(desk, count === 0 ? 'The audit is whole.' : `The audit is not whole: ${counted(count, 'problem')}.`)
    say(desk, ...summary({ entries, rows, loose }, anchors, desk))
  }
  return count === 0 ? 0 : 1
}

/** @throws UnusableInput */
async function anchorsIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UnusableInput(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`)
  })
  const tokens = text.match(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g)?.filter(isAnchor) ?? []
  if (tokens.length === 0)
    throw new UnusableInput(`${file} holds no anchor of the audit. The log has one a day: "anchor of the audit".`)
  return tokens
}

const isAnchor = (token: string): boolean =>
  Buffer.from(token.split('.')[0]!, 'base64url').toString('utf8').includes('"audit-anchor+jwt"')

type Anchors = Awaited<ReturnType<typeof examineAnchors>>

const DAY = 86_400_000

function summary(
  { entries, rows, loose }: { readonly entries: number; readonly rows: number; readonly loose: number },
  { held, unknownKey, pruned, latest }: Anchors,
  { clock }: Desk,
): readonly string[] {
  const old = latest !== undefined && clock.now() - latest > 2 * DAY
  return [
    `${counted(rows, 'row')} in ${counted(entries, 'entry', 'entries')}; ${loose} not taken in yet (a running bridge does it every ten seconds).`,
    `${counted(held, 'anchor')} hold${held === 1 ? 's' : ''}${latest === undefined ? '' : `, the latest of ${isoTime(latest)}`}.`,
    ...(unknownKey > 0 ? [`${counted(unknownKey, 'anchor')} cannot be checked: signed with a key that secrets.tokens does not name.`] : []),
    ...(pruned > 0 ? [`${counted(pruned, 'anchor')} stand for rows that went when they were past their time.`] : []),
    ...(old ? ['The latest anchor is older than two days: either no bridge was running, or the end was cut off. Compare with the log: --anchors.'] : []),
  ] // prettier-ignore
}

const words: Readonly<Record<FindingKind, string>> = {
  'row-changed': 'was changed after it was written',
  'row-missing': 'was taken out',
  'row-inserted': 'was put in',
  'row-doubled': 'stands there twice',
  'row-unproven': 'was not written by the bridge, or was changed before it was taken in',
  'entry-changed': 'was changed',
  'entry-missing': 'was taken out, perhaps with others before it',
  'tail-missing': 'was signed by an anchor, and the chain ends before it: the end was cut off',
  'anchor-forged': 'has a wrong signature',
  'anchor-differs': 'was signed by an anchor with another value: the chain was made anew',
}

function told({ kind, seq, position, at, what, number }: Finding): string {
  const which = seq === undefined ? (position === undefined ? 'An anchor' : `Entry ${position}`) : `Row ${seq}`
  const about = [what, number, at === undefined ? undefined : isoTime(at)].filter(each => each !== undefined)
  return `${which}${about.length === 0 ? '' : ` (${about.join(', ')})`} ${words[kind]}.`
}

const forPrograms = ({ at, ...finding }: Finding) => ({ ...finding, ...(at !== undefined && { at: isoTime(at) }) })
