/** LogoutResponse (saml-core 3.7.3.2). */
import { isoTime, type Instant } from '../base/clock.js'
import { ns, status } from '../words/saml-names.js'
import { attributes, escapeXml } from './xml.js'

/**
 * Success, also when the session was gone before: what the person wanted is true. Two answers to one question would only
 * tell a stranger which sessions exist.
 */
export function logoutResponse(of: {
  readonly id: string
  readonly inResponseTo: string
  readonly issuer: string
  readonly destination: string | undefined
  readonly at: Instant
}): string {
  const head = attributes({
    'xmlns:saml2p': ns.protocol,
    Destination: of.destination,
    ID: of.id,
    InResponseTo: of.inResponseTo,
    IssueInstant: isoTime(of.at),
    Version: '2.0',
  })
  return (
    `<saml2p:LogoutResponse${head}><saml2:Issuer xmlns:saml2="${ns.assertion}">${escapeXml(of.issuer)}</saml2:Issuer>` +
    `<saml2p:Status><saml2p:StatusCode Value="${status.success}"/></saml2p:Status></saml2p:LogoutResponse>`
  )
}
