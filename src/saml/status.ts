import { Refusal } from '../base/refusal.js'
import { ns, status } from '../words/saml-names.js'
import { attribute, childNamed, type XmlElement } from './tree.js'

const PREFIX = 'urn:oasis:names:tc:SAML:2.0:status:'

/** saml-core 3.2.2.2. Others are not repeated: a refusal quotes no message. */
const KNOWN = new Set([
  'Success', 'Requester', 'Responder', 'VersionMismatch', 'AuthnFailed', 'InvalidAttrNameOrValue', 'InvalidNameIDPolicy',
  'NoAuthnContext', 'NoAvailableIDP', 'NoPassive', 'NoSupportedIDP', 'PartialLogout', 'ProxyCountExceeded', 'RequestDenied',
  'RequestUnsupported', 'RequestVersionDeprecated', 'RequestVersionTooHigh', 'RequestVersionTooLow', 'ResourceNotRecognized',
  'TooManyResponses', 'UnknownAttrProfile', 'UnknownPrincipal', 'UnsupportedBinding',
]) // prettier-ignore

/**
 * An error status is explained, signed or not, and ends nothing: whoever can post one can only make us show a page.
 *
 * @throws Refusal `idp.declined` with `status` and, where the IdP says more, `detail`
 */
export function checkStatus(message: XmlElement): void {
  const code = codeIn(childNamed(message, ns.protocol, 'Status'))
  const value = code && attribute(code, 'Value')
  if (value === status.success) return
  const detail = code && codeIn(code)
  throw new Refusal('idp.declined', {
    status: known(value),
    ...(detail === undefined ? {} : { detail: known(attribute(detail, 'Value')) }),
  })
}

const codeIn = (parent: XmlElement | undefined): XmlElement | undefined =>
  parent && childNamed(parent, ns.protocol, 'StatusCode')

const known = (value = ''): string =>
  value.startsWith(PREFIX) && KNOWN.has(value.slice(PREFIX.length)) ? value : 'other'
