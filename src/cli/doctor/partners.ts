/** Those whom browsers are sent to: do they answer, what do their clocks say, what is wrong with their metadata. */
import { trustOf } from '../../compose.js'
import { lintMetadata } from '../../saml/lint/lint.js'
import { describeFinding } from '../../saml/metadata.js'
import { redirectEndpoint } from '../../saml/samlify-entities.js'
import { daysLeft, expiriesOf, SOON, withValidity } from '../../settings/expiries.js'
import type { IdpStatus, Trust } from '../../saml/trust.js'
import { ask, NoAnswer, type Answer } from '../network.js'
import { oneLine, shownTime } from '../printable.js'
import { driftRemark } from './public-address.js'
import { green, red, yellow, type Patient, type Remark } from './patient.js'

export async function identityProviders(patient: Patient): Promise<readonly Remark[]> {
  const remarks = await Promise.all(
    trustedBy(patient).idps.map(async idp => {
      const to = redirectEndpoint(idp.singleSignOn)
      const seen = to === undefined ? undefined : await reach(patient, 'idp', `the IdP ${idp.title}`, new URL(to))
      return [...(seen?.remarks ?? []), ...(seen?.answer ? clockOf(patient, idp.entityId, seen.answer) : [])]
    }),
  )
  return remarks.flat()
}

export async function journals(patient: Patient): Promise<readonly Remark[]> {
  const remarks = await Promise.all(
    patient.configuration.settings.journals.map(async ({ journal, connector }) => {
      const { url } = connector.block as { readonly url?: string | URL }
      if (url === undefined) return []
      const { remarks: found } = await reach(patient, 'journal', `the journal ${journal.title}`, new URL(url))
      return found
    }),
  )
  return remarks.flat()
}

/** Asks without any parameter: whatever it answers, it is there, unless it says that it knows no such address. */
async function reach(
  { network }: Patient,
  check: 'idp' | 'journal',
  who: string,
  url: URL,
): Promise<{ readonly remarks: readonly Remark[]; readonly answer?: Answer }> {
  const at = `${who} (${url.origin}${url.pathname})`
  try {
    const answer = await ask(network, url)
    const { status, tls } = answer
    if (tls?.fault !== undefined)
      return { answer, remarks: [red(check, `${at} shows a certificate that browsers do not trust (${tls.fault})`, 'tell them')] } // prettier-ignore
    if (status === 404 || status === 410)
      return { answer, remarks: [red(check, `${at} answers ${status}: there is nothing`, check === 'idp' ? 'fetch the current metadata of the IdP' : 'correct the url of the connector')] } // prettier-ignore
    if (status >= 500)
      return { answer, remarks: [yellow(check, `${at} answers ${status}`, 'look again in a while; then tell them')] }
    return { answer, remarks: [green(check, `${at} answers`)] }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { remarks: [red(check, `${at} ${error.message}`, 'if browsers reach it and only this machine does not, it is no trouble for people; else tell them')] } // prettier-ignore
  }
}

/** RFC 9110 6.6.1: whole seconds, of the machine that answers the web; what the IdP writes into answers is measured apart. */
function clockOf({ configuration, now }: Patient, entityId: string, { headers }: Answer): readonly Remark[] {
  const theirs = Date.parse(headers.date ?? '')
  if (Number.isNaN(theirs)) return []
  const seconds = Math.round((theirs - now) / 1000)
  const what = `the web server of ${oneLine(entityId)} is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} us`
  return [driftRemark(what, seconds, configuration.settings.clockSkew / 1000)]
}

const trustedBy = ({ trust, configuration }: Patient): Trust => trust ?? trustOf(configuration)

export function metadata({ configuration, now, trust }: Patient): readonly Remark[] {
  const files = configuration.identityProviders.flatMap(idp => {
    if (idp.metadataXml === undefined) return []
    const wanted = idp.entityId === undefined ? [undefined] : [idp.entityId].flat()
    const octets = Buffer.from(idp.metadataXml)
    const serious = wanted.flatMap(entityId =>
      lintMetadata(octets, { at: now, ...(entityId !== undefined && { entityId }) }).findings.filter(
        ({ severity }) => severity !== 'info',
      ),
    )
    if (serious.length === 0) return [green('metadata', `nothing is wrong with the metadata of ${idp.title}`)]
    return serious.map(finding =>
      yellow(
        'metadata',
        `${idp.title}: ${oneLine(finding.what)}`,
        oneLine(describeFinding(finding).split('; ').slice(1).join('; ')),
      ),
    )
  })
  return [...files, ...(trust?.status() ?? []).filter(({ remote }) => remote).flatMap(freshness)]
}

/** Of metadata that are fetched: whether they come, and whether somebody has to decide about a change. */
function freshness({ entityId, source, staleSince, problem, pending, fetchedAt }: IdpStatus): readonly Remark[] {
  const whose = oneLine(entityId ?? source)
  if (fetchedAt === undefined)
    return [red('metadata', `nothing is known of ${whose} yet${problem === undefined ? '' : `: ${oneLine(problem)}`}`, 'npx --no-install bridge idp-metadata refresh')] // prettier-ignore
  const remarks = [
    ...(staleSince === undefined
      ? []
      : [yellow('metadata', `the metadata of ${whose} are stale since ${shownTime(staleSince)}: ${oneLine(problem ?? '')}`, 'mend what the sentence names; until then the last good copy counts')]), // prettier-ignore
    ...(pending
      ? [yellow('metadata', `a change in the metadata of ${whose} waits for a decision`, 'npx --no-install bridge idp-metadata show')] // prettier-ignore
      : []),
  ]
  return remarks.length > 0
    ? remarks
    : [green('metadata', `the metadata of ${whose} are fresh (${shownTime(fetchedAt)})`)]
}

export function dates(patient: Patient): readonly Remark[] {
  const { configuration, now } = patient
  const all = expiriesOf({ secrets: configuration.secrets, idps: withValidity(trustedBy(patient)) })
  const near = all.filter(({ notAfter, state }) => state !== 'retired' && notAfter <= now + SOON)
  if (near.length === 0) return [green('keys', 'the keys fit, and no certificate ends within 30 days')]
  return near.map(({ kind, idp, notAfter }) => {
    const left = daysLeft(notAfter, now)
    const whose = idp === undefined ? `our certificate (${kind})` : `${kind} of ${oneLine(idp)}`
    const what = left < 0 ? `${whose} ended on ${shownTime(notAfter)}` : `${whose} ends in ${left} days`
    return yellow('keys', what, idp === undefined ? 'npx --no-install bridge list-certs, and plan the change with the IdP' : 'ask the IdP for its next one; an expired certificate goes on working') // prettier-ignore
  })
}
