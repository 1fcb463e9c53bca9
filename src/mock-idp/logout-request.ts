/**
 * A LogoutRequest of the IdP over any of three bindings, honest or spoilt in one named way. Knows nothing of HTTP.
 *
 *   draft -> XML -> signed -> query, form or envelope
 */
import { deflateRawSync } from 'node:zlib'
import { randomXmlId, type Chance } from '../base/chance.js'
import { isoTime, type Instant } from '../base/clock.js'
import { nameIdFormat, ns } from '../words/saml-names.js'
import { encryptAssertion, modernEncryption } from './encrypt.js'
import type { Tools } from './fault.js'
import type { LogoutFault } from './logout-faults.js'
import type { ServiceProvider } from './service-provider.js'
import { signatureValue, signElement, type SignatureForm, type Signer } from './sign.js'
import { strangerLike } from './stranger.js'
import { attributes, escapeXml } from './xml.js'

export type Way = 'redirect' | 'post' | 'soap'

/** Every field may be spoilt, so every field is here. Undefined leaves the attribute or element out. */
export interface LogoutDraft {
  readonly id: string
  readonly version: string
  readonly issuer: string | undefined
  readonly destination: string | undefined
  readonly issueInstant: string
  readonly notOnOrAfter: string | undefined
  readonly nameId: string
  readonly nameIdAttributes: Readonly<Record<string, string | undefined>>
  /** Instead of the NameID. */
  readonly otherId?: string
  readonly encrypted: boolean
  readonly sessionIndexes: readonly string[]
  /** XML inside samlp:Extensions; empty leaves the element out. */
  readonly extensions: string
}

export interface LogoutOrder {
  readonly entityId: string
  readonly signer: Signer
  readonly form: SignatureForm
  readonly provider: ServiceProvider
  readonly by: Way
  readonly nameId: string
  /** None: all sessions. */
  readonly sessionIndexes: readonly string[]
  readonly encrypted?: boolean
  readonly relayState?: string
  readonly fault?: LogoutFault | undefined
  readonly now: Instant
  readonly chance: Chance
}

export type MadeLogout = { readonly id: string; readonly xml: string } & (
  | { readonly by: 'redirect'; readonly to: string }
  | { readonly by: 'post'; readonly to: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly by: 'soap'; readonly to: string; readonly body: string }
)

const MINUTE = 60_000

/** What a trick with a logout has at hand. */
export interface LogoutTools extends Pick<Tools, 'signer' | 'chance' | 'recipient'> {
  readonly order: LogoutOrder
  stranger(): Signer
}

export function makeLogout(order: LogoutOrder): MadeLogout {
  const { fault, provider, by, signer, form, chance } = order
  const to = provider.logoutUrls[by]
  if (to === undefined) throw new RangeError(`the service provider takes no logout by ${by}`)
  const recipient = provider.encryptionCertificates[0] ?? ''
  const tools: LogoutTools = { order, signer, chance, recipient, stranger: () => strangerLike(signer) }
  const draft = (fault?.draft ?? same)(honestDraft(order, to), tools)
  const hand = fault?.signer?.(tools) ?? signer
  const written = (fault?.xml ?? same)(write(draft, tools), tools)
  const inside = by !== 'redirect' && fault?.unsigned !== true
  const signed = inside ? signElement(written, draft.id, hand, fault?.form?.(form) ?? form) : written
  const xml = (fault?.signedXml ?? same)(signed, tools)
  return { id: draft.id, xml, ...sent(order, to, xml, hand) }
}

const same = <T>(value: T): T => value

const honestDraft = (
  { entityId, nameId, sessionIndexes, encrypted = false, now, chance }: LogoutOrder,
  to: string,
) => ({
  id: randomXmlId(chance),
  version: '2.0',
  issuer: entityId,
  destination: to,
  issueInstant: isoTime(now),
  notOnOrAfter: isoTime(now + 5 * MINUTE),
  nameId,
  nameIdAttributes: { Format: nameIdFormat.transient },
  encrypted,
  sessionIndexes,
  extensions: '',
})

function write(draft: LogoutDraft, { recipient, chance }: LogoutTools): string {
  const head = attributes({
    'xmlns:saml2p': ns.protocol,
    Destination: draft.destination,
    ID: draft.id,
    IssueInstant: draft.issueInstant,
    NotOnOrAfter: draft.notOnOrAfter,
    Version: draft.version,
  })
  const issuer =
    draft.issuer === undefined
      ? ''
      : `<saml2:Issuer xmlns:saml2="${ns.assertion}" Format="${nameIdFormat.entity}">${escapeXml(draft.issuer)}</saml2:Issuer>`
  const extensions = draft.extensions === '' ? '' : `<saml2p:Extensions>${draft.extensions}</saml2p:Extensions>`
  const name = `<saml2:NameID${attributes({ 'xmlns:saml2': ns.assertion, ...draft.nameIdAttributes })}>${escapeXml(draft.nameId)}</saml2:NameID>`
  const sealed = (): string =>
    encryptAssertion(name, recipient, modernEncryption, chance).replaceAll('EncryptedAssertion', 'EncryptedID')
  const indexes = draft.sessionIndexes.map(index => `<saml2p:SessionIndex>${escapeXml(index)}</saml2p:SessionIndex>`)
  return (
    `<saml2p:LogoutRequest${head}>${issuer}${extensions}${draft.otherId ?? (draft.encrypted ? sealed() : name)}` +
    `${indexes.join('')}</saml2p:LogoutRequest>`
  )
}

function sent(order: LogoutOrder, to: string, xml: string, signer: Signer) {
  const { fault, relayState, form } = order
  if (order.by === 'soap') {
    const body = `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="${ns.soap}"><S:Body>${xml}</S:Body></S:Envelope>`
    return { by: 'soap', to, body: fault?.envelope?.(body) ?? body } as const
  }
  if (order.by === 'post') {
    const fields = {
      SAMLRequest: Buffer.from(xml).toString('base64'),
      ...(relayState !== undefined && { RelayState: relayState }),
    }
    return { by: 'post', to, fields } as const
  }
  const deflated = fault?.deflated?.(xml) ?? deflateRawSync(xml)
  const pairs = [`SAMLRequest=${encodeURIComponent(deflated.toString('base64'))}`]
  if (relayState !== undefined) pairs.push(`RelayState=${encodeURIComponent(relayState)}`)
  const { signature: algorithm } = fault?.form?.(form) ?? form
  pairs.push(`SigAlg=${encodeURIComponent(algorithm)}`)
  const octets = pairs.join('&')
  const signature = encodeURIComponent(signatureValue(octets, signer, algorithm))
  const query = fault?.unsigned === true ? pairs.slice(0, -1).join('&') : `${octets}&Signature=${signature}`
  return { by: 'redirect', to: `${to}?${fault?.query?.(query) ?? query}` } as const
}
