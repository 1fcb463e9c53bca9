/** Metadata that are in use, from files and fetched ones alike: what is wrong in them, whether they are fresh. */
import { lintMetadata } from '../../saml/lint/lint.js'
import type { Finding } from '../../saml/metadata-finding.js'
import { describeFinding } from '../../saml/metadata.js'
import type { IdpStatus } from '../../saml/trust.js'
import { oneLine, shownTime } from '../printable.js'
import { reach } from './partners.js'
import { green, quoted, red, skipped, verbatim, yellow, type Patient, type Remark, type Said } from './patient.js'

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
  if (told.length > 0) return told.map(finding => ofFinding(oneLine(title), finding))
  const well = {
    en: `nothing is wrong with the metadata of ${oneLine(title)}`,
    ru: `метаданные ${oneLine(title)} в порядке`,
  }
  return [green('metadata', well)]
}

/** Metadata are judged in English only. */
function ofFinding(title: string, finding: Finding): Remark {
  const fix = oneLine(describeFinding(finding).split('; ').slice(1).join('; '))
  return yellow(
    'metadata',
    {
      en: `${title}: ${oneLine(finding.what)}`,
      ru: `${title}: замечание к метаданным ${quoted(oneLine(finding.what))}`,
    },
    { en: fix, ru: `перешлите замечание администраторам IdP; совет проверки ${quoted(fix)}` },
  )
}

async function ofAddresses(patient: Patient): Promise<readonly Remark[]> {
  const { trust, configuration, now } = patient
  const addresses = configuration.identityProviders
    .filter(({ metadataXml }) => metadataXml === undefined)
    .map(each => each.metadata)
  const reached = await Promise.all(
    addresses.map(async address => (await reach(patient, 'metadata', ADDRESS, new URL(address))).remarks),
  )
  if (!trust) return [...reached.flat(), ...addresses.map(each => unseen(oneLine(each)))]
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

const ADDRESS = { en: 'the address of metadata', ru: 'адрес метаданных' }

const unseen = (address: string): Remark =>
  skipped('metadata', {
    en: `the copies of ${address}: they lie in the database, which does not open`,
    ru: `копии с ${address}: они лежат в базе, а она не открывается`,
  })

const REFRESH = 'npx --no-install bridge idp-metadata refresh'

const whoseOf = ({ entityId, source }: IdpStatus): string => oneLine(entityId ?? source)

/** Of metadata that are fetched: whether they come, and whether somebody has to decide about a change. */
export function freshness(status: IdpStatus): readonly Remark[] {
  const { staleSince, problem, pending, fetchedAt } = status
  const whose = whoseOf(status)
  const because: Said =
    problem === undefined ? verbatim('') : { en: `: ${oneLine(problem)}`, ru: `; причина ${quoted(oneLine(problem))}` }
  if (fetchedAt === undefined) {
    const what = {
      en: `nothing is known of ${whose} yet${because.en}`,
      ru: `о ${whose} пока ничего не известно${because.ru}`,
    }
    return [red('metadata', what, verbatim(REFRESH))]
  }
  const remarks = [
    ...(staleSince === undefined ? [] : [stale(whose, staleSince, because)]),
    ...(pending ? [waiting(whose)] : []),
  ]
  if (remarks.length > 0) return remarks
  const time = shownTime(fetchedAt)
  return [
    green('metadata', {
      en: `the metadata of ${whose} are fresh (${time})`,
      ru: `метаданные ${whose} свежие (${time})`,
    }),
  ]
}

const stale = (whose: string, since: number, because: Said): Remark =>
  yellow(
    'metadata',
    {
      en: `the metadata of ${whose} are stale since ${shownTime(since)}${because.en}`,
      ru: `метаданные ${whose} не обновляются с ${shownTime(since)}${because.ru}`,
    },
    {
      en: `mend what the sentence names, then: ${REFRESH}; until then the last good copy counts`,
      ru: `устраните эту причину, потом: ${REFRESH}; до тех пор действует последняя хорошая копия`,
    },
  )

const waiting = (whose: string): Remark =>
  yellow(
    'metadata',
    {
      en: `a change in the metadata of ${whose} waits for a decision`,
      ru: `изменение в метаданных ${whose} ждёт вашего решения`,
    },
    {
      en: 'npx --no-install bridge idp-metadata show, compare with the IdP by telephone, then idp-metadata approve or reject',
      ru: 'npx --no-install bridge idp-metadata show, сверьте с администраторами IdP по телефону, потом idp-metadata approve или reject',
    },
  )

const DAY = 86_400_000

/** The copy was cut out of its federation, whose validUntil may be the nearer one. */
function validity(status: IdpStatus, now: number): readonly Remark[] {
  const { validUntil } = status
  if (validUntil === undefined || validUntil > now + DAY) return []
  const [whose, time] = [whoseOf(status), shownTime(validUntil)]
  const fix = {
    en: `${REFRESH}; if that brings nothing newer, ask whoever publishes the metadata`,
    ru: `${REFRESH}; если новее ничего нет, спросите тех, кто публикует метаданные`,
  }
  const ended = {
    en: `the copy of ${whose} was valid until ${time} only: unless whenExpired is warn, nobody can sign in there`,
    ru: `копия ${whose} действовала только до ${time}: если whenExpired не warn, войти там никто не может`,
  }
  const ends = {
    en: `the copy of ${whose} is valid until ${time} only`,
    ru: `копия ${whose} действует только до ${time}`,
  }
  return [yellow('metadata', validUntil <= now ? ended : ends, fix)]
}
