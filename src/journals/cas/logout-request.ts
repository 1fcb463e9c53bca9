import { isoTime, type Instant } from '../../base/clock.js'
import { element } from '../../base/xml-writer.js'
import { ns } from '../../words/saml-names.js'

/**
 * Tells a service that the session behind a ticket has ended (CAS Protocol 3.0, Appendix C). Clients look for the ticket
 * with regular expressions: prefixes, order and the name that is not used must stand as everywhere.
 */
export const logoutRequest = (id: string, at: Instant, ticket: string): string =>
  element(
    'samlp:LogoutRequest',
    { 'xmlns:samlp': ns.protocol, 'xmlns:saml': ns.assertion, ID: id, Version: '2.0', IssueInstant: isoTime(at) },
    element('saml:NameID', {}, '@NOT_USED@'),
    element('samlp:SessionIndex', {}, ticket),
  ).xml
