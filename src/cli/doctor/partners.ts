/** Those whom browsers are sent to: do they answer, what do their clocks say, which certificates end. */
import { trustOf } from '../../compose.js'
import { redirectEndpoint } from '../../saml/samlify-entities.js'
import { daysLeft, expiriesOf, SOON, withValidity } from '../../settings/expiries.js'
import type { Trust } from '../../saml/trust.js'
import { ask, NoAnswer, type Answer } from '../network.js'
import { oneLine, shownTime } from '../printable.js'
import { driftRemark } from './public-address.js'
import { green, red, skipped, yellow, type Patient, type Remark } from './patient.js'

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

/** By which names connectors know where browsers go; `home` of some is a path of `site`. */
type Addresses = Readonly<Partial<Record<'url' | 'site' | 'home', string | URL>>>

const addressOf = ({ url, site, home }: Addresses): string | URL | undefined =>
  [url, site, home].find(each => each !== undefined && URL.canParse(String(each)))

export async function journals(patient: Patient): Promise<readonly Remark[]> {
  const remarks = await Promise.all(
    patient.configuration.settings.journals.map(async ({ journal, connector }) => {
      const address = addressOf(connector.block as Addresses)
      if (address === undefined)
        return [skipped('journal', `the journal ${journal.title}: its connector (${connector.kind}) names no address`)]
      const { remarks: found } = await reach(patient, 'journal', `the journal ${journal.title}`, new URL(address))
      return found
    }),
  )
  return remarks.flat()
}

/** Octets: what a federation publishes is large. */
const MOST = 64 * 1024 * 1024

const THEM = { idp: 'the people of the IdP', journal: 'the makers of the journal', metadata: 'whoever publishes the metadata' } as const // prettier-ignore
const WRONG_ADDRESS = {
  idp: 'fetch the current metadata of the IdP: npx --no-install bridge idp-metadata refresh, or a new file from its people',
  journal: 'correct the url of the connector; its makers know it',
  metadata: 'ask the IdP where its metadata are now, and correct `metadata` in identityProviders',
} as const

/** Asks without any parameter: whatever it answers, it is there, unless it says that it knows no such address. */
export async function reach(
  { network }: Patient,
  check: 'idp' | 'journal' | 'metadata',
  who: string,
  url: URL,
): Promise<{ readonly remarks: readonly Remark[]; readonly answer?: Answer }> {
  const at = `${who} (${url.origin}${url.pathname})`
  try {
    const answer = await ask(network, url, { most: MOST })
    const { status, tls } = answer
    if (tls?.fault !== undefined)
      return { answer, remarks: [red(check, `${at} shows a certificate that ${check === 'metadata' ? 'the bridge does' : 'browsers do'} not trust (${tls.fault})`, `tell ${THEM[check]}`)] } // prettier-ignore
    if (status === 404 || status === 410)
      return { answer, remarks: [red(check, `${at} answers ${status}: there is nothing`, WRONG_ADDRESS[check])] } // prettier-ignore
    if (status >= 500)
      return {
        answer,
        remarks: [yellow(check, `${at} answers ${status}`, `look again in a while; then tell ${THEM[check]}`)],
      }
    return { answer, remarks: [green(check, `${at} answers`)] }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { remarks: [red(check, `${at} ${error.message}`, check === 'metadata' ? `see whether the firewall lets this machine out; else tell ${THEM[check]}` : `if browsers reach it and only this machine does not, it is no trouble for people; else tell ${THEM[check]}`)] } // prettier-ignore
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
