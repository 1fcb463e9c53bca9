/** Metadata that are in use, from files and fetched ones alike: what is wrong in them, whether they are fresh. */
import { lintMetadata } from '../../saml/lint/lint.js'
import { describeFinding } from '../../saml/metadata.js'
import type { IdpStatus } from '../../saml/trust.js'
import { oneLine, shownTime } from '../printable.js'
import { reach } from './partners.js'
import { green, red, skipped, yellow, type Patient, type Remark } from './patient.js'

export async function metadata(patient: Patient): Promise<readonly Remark[]> {
  return [...ofFiles(patient), ...(await ofAddresses(patient))]
}

function ofFiles({ configuration, now }: Patient): readonly Remark[] {
  return configuration.identityProviders.flatMap(({ metadataXml, entityId, title }) => {
    if (metadataXml === undefined) return []
    const wanted = entityId === undefined ? [undefined] : [entityId].flat()
    return linted(
      title,
      wanted.map(each => ({ xml: metadataXml, ...(each !== undefined && { entityId: each }) })),
      now,
    )
  })
}

interface InUse {
  readonly xml: string
  readonly entityId?: string
}

/** What only informs is for `check-metadata` to tell. */
function linted(title: string, all: readonly InUse[], at: number): readonly Remark[] {
  const serious = all.flatMap(({ xml, ...which }) =>
    lintMetadata(Buffer.from(xml), { at, ...which }).findings.filter(({ severity }) => severity !== 'info'),
  )
  // several endpoints may earn the same sentence
  const told = [...new Map(serious.map(finding => [finding.what, finding])).values()]
  if (told.length === 0) return [green('metadata', `nothing is wrong with the metadata of ${oneLine(title)}`)]
  return told.map(
    finding =>
    yellow('metadata', `${oneLine(title)}: ${oneLine(finding.what)}`, oneLine(describeFinding(finding).split('; ').slice(1).join('; '))), // prettier-ignore
  )
}

async function ofAddresses(patient: Patient): Promise<readonly Remark[]> {
  const { trust, configuration, now } = patient
  const addresses = configuration.identityProviders
    .filter(({ metadataXml }) => metadataXml === undefined)
    .map(each => each.metadata)
  const reached = await Promise.all(
    addresses.map(async address => (await reach(patient, 'metadata', 'the address of metadata', new URL(address))).remarks), // prettier-ignore
  )
  if (!trust)
    return [...reached.flat(), ...addresses.map(each => skipped('metadata', `the copies of ${oneLine(each)}: they lie in the database, which does not open`))] // prettier-ignore
  const known = trust.status().filter(({ remote }) => remote)
  return [
    ...reached.flat(),
    ...known.flatMap(status => [...freshness(status), ...validity(status, now)]),
    ...known.flatMap(({ entityId }) => {
      const idp = entityId === undefined ? undefined : trust.find(entityId)
      return idp ? linted(idp.title, [{ xml: idp.metadataXml, entityId: idp.entityId }], now) : []
    }),
  ]
}

const whoseOf = ({ entityId, source }: IdpStatus): string => oneLine(entityId ?? source)

/** Of metadata that are fetched: whether they come, and whether somebody has to decide about a change. */
export function freshness(status: IdpStatus): readonly Remark[] {
  const { staleSince, problem, pending, fetchedAt } = status
  const whose = whoseOf(status)
  const because = problem === undefined ? '' : `: ${oneLine(problem)}`
  if (fetchedAt === undefined)
    return [red('metadata', `nothing is known of ${whose} yet${because}`, 'npx --no-install bridge idp-metadata refresh')] // prettier-ignore
  const remarks: readonly Remark[] = [
    ...(staleSince === undefined
      ? []
      : [yellow('metadata', `the metadata of ${whose} are stale since ${shownTime(staleSince)}${because}`, 'mend what the sentence names, then: npx --no-install bridge idp-metadata refresh; until then the last good copy counts')]), // prettier-ignore
    ...(pending
      ? [yellow('metadata', `a change in the metadata of ${whose} waits for a decision`, 'npx --no-install bridge idp-metadata show, compare with the IdP by telephone, then idp-metadata approve or reject')] // prettier-ignore
      : []),
  ]
  return remarks.length > 0
    ? remarks
    : [green('metadata', `the metadata of ${whose} are fresh (${shownTime(fetchedAt)})`)]
}

const DAY = 86_400_000

/** The copy was cut out of its federation, whose validUntil may be the nearer one. */
function validity(status: IdpStatus, now: number): readonly Remark[] {
  const { validUntil } = status
  if (validUntil === undefined || validUntil > now + DAY) return []
  const fix = 'npx --no-install bridge idp-metadata refresh; if that brings nothing newer, ask whoever publishes the metadata' // prettier-ignore
  return validUntil <= now
    ? [yellow('metadata', `the copy of ${whoseOf(status)} was valid until ${shownTime(validUntil)} only: unless whenExpired is warn, nobody can sign in there`, fix)] // prettier-ignore
    : [yellow('metadata', `the copy of ${whoseOf(status)} is valid until ${shownTime(validUntil)} only`, fix)]
}
