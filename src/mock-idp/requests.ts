/** AuthnRequest and LogoutRequest: what we read of them once their signature was verified. */
import { binding, ns } from '../words/saml-names.js'
import { BadMessage } from './redirect-binding.js'
import type { ServiceProvider } from './service-provider.js'
import { children, descendants, parseXml, textOf } from './xml.js'

export interface AuthnRequest {
  readonly id: string
  readonly acsUrl: string
  readonly forceAuthn: boolean
  readonly isPassive: boolean
}

export interface LogoutRequest {
  readonly id: string
  readonly nameId: string
  readonly sessionIndexes: readonly string[]
}

function rootOf(xml: string, localName: string): Element {
  try {
    const root = parseXml(xml).documentElement
    if (root.namespaceURI === ns.protocol && root.localName === localName) return root
  } catch {
    throw new BadMessage('Запрос не является правильным документом XML.')
  }
  throw new BadMessage(`Ожидался запрос ${localName}.`)
}

/** UNVERIFIED: only to find whose certificates must verify the message. */
export function issuerOf(xml: string, localName: string): string {
  return textOf(children(rootOf(xml, localName), ns.assertion, 'Issuer')[0])
}

const isTrue = (value: string | null): boolean => value === 'true' || value === '1'

const attribute = (element: Element, name: string): string | undefined => element.getAttribute(name) || undefined

function checkAddress(root: Element, here: string): void {
  const destination = attribute(root, 'Destination')
  if (destination !== undefined && destination !== here) throw new BadMessage('Запрос послан на другой адрес.')
}

/** @param here our own address, which Destination must name */
export function readAuthnRequest(xml: string, provider: ServiceProvider, here: string): AuthnRequest {
  const root = rootOf(xml, 'AuthnRequest')
  checkAddress(root, here)
  const id = attribute(root, 'ID')
  if (id === undefined) throw new BadMessage('В запросе нет ID.')
  const protocol = attribute(root, 'ProtocolBinding')
  if (protocol !== undefined && protocol !== binding.post) throw new BadMessage('Ответ возможен только методом POST.')
  // only addresses of the metadata, or the assertion goes to whoever asks (saml-core 3.4.1)
  const acsUrl = attribute(root, 'AssertionConsumerServiceURL') ?? provider.acsUrls[0]!
  if (!provider.acsUrls.includes(acsUrl)) throw new BadMessage('Адреса для ответа нет в метаданных этой системы.')
  return {
    id,
    acsUrl,
    forceAuthn: isTrue(root.getAttribute('ForceAuthn')),
    isPassive: isTrue(root.getAttribute('IsPassive')),
  }
}

export function readLogoutRequest(xml: string, here: string): LogoutRequest {
  const root = rootOf(xml, 'LogoutRequest')
  checkAddress(root, here)
  const id = attribute(root, 'ID')
  const nameId = textOf(children(root, ns.assertion, 'NameID')[0])
  if (id === undefined || nameId === '') throw new BadMessage('В запросе на выход нет ID или NameID.')
  return { id, nameId, sessionIndexes: children(root, ns.protocol, 'SessionIndex').map(textOf) }
}

export interface LogoutResponse {
  /** The outer code first. */
  readonly status: readonly string[]
  readonly message: string | undefined
}

/** The answer to our own LogoutRequest. */
export function readLogoutResponse(xml: string, here: string): LogoutResponse {
  const root = rootOf(xml, 'LogoutResponse')
  checkAddress(root, here)
  const codes = descendants(root, ns.protocol, 'StatusCode').map(code => code.getAttribute('Value') ?? '')
  const message = textOf(descendants(root, ns.protocol, 'StatusMessage')[0])
  return { status: codes, message: message === '' ? undefined : message }
}
