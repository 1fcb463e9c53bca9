import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
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

/** What the more precise of two codes means for a login: each has another one to act, and another page. */
const CAUSES: Readonly<Record<string, RefusalCode>> = {
  AuthnFailed: 'idp.authn-failed',
  RequestDenied: 'idp.request-denied',
  NoAuthnContext: 'idp.no-authn-context',
  NoPassive: 'idp.no-passive',
  UnknownPrincipal: 'idp.unknown-principal',
  InvalidNameIDPolicy: 'idp.name-id-policy',
  RequestUnsupported: 'idp.request-unsupported',
  UnsupportedBinding: 'idp.request-unsupported',
  VersionMismatch: 'idp.request-unsupported',
  RequestVersionDeprecated: 'idp.request-unsupported',
  RequestVersionTooHigh: 'idp.request-unsupported',
  RequestVersionTooLow: 'idp.request-unsupported',
  Requester: 'idp.requester',
}

/**
 * An error status is explained, signed or not, and ends nothing: whoever can post one can only make us show a page.
 *
 * @throws Refusal `idp.*` with `status` and, where the IdP says more, `detail`
 */
export function checkLoginStatus(message: XmlElement): void {
  const declined = declinedWith(message)
  if (!declined) return
  const { status: first, detail = first } = declined
  throw new Refusal(CAUSES[nameOf(detail)] ?? CAUSES[nameOf(first)] ?? 'idp.declined', declined)
}

/** @throws Refusal `idp.declined` with `status` and, where the IdP says more, `detail` */
export function checkStatus(message: XmlElement): void {
  const declined = declinedWith(message)
  if (declined) throw new Refusal('idp.declined', declined)
}

function declinedWith(message: XmlElement): { status: string; detail?: string } | undefined {
  const code = codeIn(childNamed(message, ns.protocol, 'Status'))
  const value = code && attribute(code, 'Value')
  if (value === status.success) return undefined
  const detail = code && codeIn(code)
  return { status: known(value), ...(detail && { detail: known(attribute(detail, 'Value')) }) }
}

const codeIn = (parent: XmlElement | undefined): XmlElement | undefined =>
  parent && childNamed(parent, ns.protocol, 'StatusCode')

const nameOf = (value: string): string => value.slice(PREFIX.length)

const known = (value = ''): string =>
  value.startsWith(PREFIX) && KNOWN.has(value.slice(PREFIX.length)) ? value : 'other'
