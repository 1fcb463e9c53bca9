/**
 * What we publish about ourselves: signed SP metadata (saml-metadata 2, mdui, algsupport), with the extensions and both forms
 * of requested attributes that IdPs of ESIA's kind read. The order of elements is the schema's.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { isoTime } from '../base/clock.js'
import type { Level } from '../words/person.js'
import { algorithm, ATTRNAME_URI, binding, nameIdFormat, ns } from '../words/saml-names.js'
import type { InTwoLanguages, RequestedAttribute, SpDescription } from './sp-description.js'
import { soapAddress, type SpKey } from './trust.js'
import { element, type Markup } from '../base/xml-writer.js'

const YEAR = 365 * 86_400_000

/** The same description gives the same octets: a changed file means that something changed. */
export function spMetadata(sp: SpDescription): string {
  const children = [extensions(sp), serviceProvider(sp), attributeAuthority(sp), organization(sp), ...contacts(sp)]
  const entity = (ID: string): Markup =>
    element(
      'md:EntityDescriptor',
      {
        'xmlns:md': ns.metadata,
        'xmlns:mdui': ns.mdui,
        'xmlns:alg': ns.alg,
        'xmlns:saml': ns.assertion,
        'xmlns:ds': ns.ds,
        'xmlns:esia': ns.esia,
        ID,
        entityID: sp.entityId,
        validUntil: isoTime(sp.validUntil ?? sp.at + YEAR),
        cacheDuration: 'P1D',
      },
      ...children,
    )
  const digest = createHash('sha256').update(entity('').xml).digest('hex')
  return signed(entity(`_${digest.slice(0, 40)}`).xml, sp.signing[0])
}

const SIGNING_METHODS = [
  [algorithm.rsaSha256, '2048'],
  [algorithm.rsaSha384, '2048'],
  [algorithm.rsaSha512, '2048'],
  [algorithm.ecdsaSha256, '256'],
  [algorithm.ecdsaSha384, '256'],
] as const

/** IIP-MD09: the algorithms we accept; then what ESIA reads to choose roles and the least level of an account. */
function extensions(sp: SpDescription): Markup {
  const digests = [algorithm.sha256, algorithm.sha384, algorithm.sha512]
  return element(
    'md:Extensions',
    {},
    ...digests.map(Algorithm => element('alg:DigestMethod', { Algorithm })),
    ...SIGNING_METHODS.map(([Algorithm, MinKeySize]) => element('alg:SigningMethod', { Algorithm, MinKeySize })),
    element(
      'esia:SupportedGlobalRoles',
      {},
      element('esia:GlobalRole', { ID: 'P' }),
      element('esia:GlobalRole', { ID: 'E' }, element('esia:SupportedOrgTypes', {}, orgType('L'), orgType('A'))),
    ),
    element('esia:SupportedAssuranceLevels', {}, element('esia:AssuranceLevel', { ID: assuranceOf[sp.leastLevel] })),
  )
}

/** L is a legal entity, A a state body: what schools are. */
const orgType = (ID: 'L' | 'A'): Markup => element('esia:OrgType', { ID })

const assuranceOf: Readonly<Record<Level, string>> = { simplified: '10', standard: '20', confirmed: '30' }

function serviceProvider(sp: SpDescription): Markup {
  return element(
    'md:SPSSODescriptor',
    { AuthnRequestsSigned: 'true', WantAssertionsSigned: 'true', protocolSupportEnumeration: ns.protocol },
    element('md:Extensions', {}, userInterface(sp)),
    ...sp.signing.filter(published(sp)).map(key => keyDescriptor('signing', key)),
    ...sp.decryption.filter(published(sp)).map(key => keyDescriptor('encryption', key, encryptionMethods(sp.cbc))),
    element('md:SingleLogoutService', { Binding: binding.redirect, Location: sp.sloUrl }),
    element('md:SingleLogoutService', { Binding: binding.post, Location: sp.sloUrl }),
    element('md:SingleLogoutService', { Binding: binding.soap, Location: soapAddress(sp) }),
    element('md:NameIDFormat', {}, nameIdFormat.transient),
    element('md:AssertionConsumerService', {
      Binding: binding.post,
      Location: sp.acsUrl,
      index: '0',
      isDefault: 'true',
    }),
    attributeService(sp),
  )
}

const published =
  ({ at }: SpDescription) =>
  ({ publishedUntil = Infinity }: SpKey): boolean =>
    at < publishedUntil

function userInterface({ displayName, description, logo }: SpDescription): Markup {
  const size = logo && { width: String(logo.width), height: String(logo.height) }
  return element(
    'mdui:UIInfo',
    {},
    ...localized('mdui:DisplayName', displayName),
    ...localized('mdui:Description', description),
    logo && element('mdui:Logo', size, logo.url),
  )
}

const localized = (name: string, { ru, en }: InTwoLanguages): Markup[] => [
  element(name, { 'xml:lang': 'ru' }, ru),
  element(name, { 'xml:lang': 'en' }, en),
]

function keyDescriptor(use: 'signing' | 'encryption', key: SpKey, methods: readonly Markup[] = []): Markup {
  const der = new X509Certificate(key.certificatePem).raw.toString('base64')
  return element(
    'md:KeyDescriptor',
    { use },
    element('ds:KeyInfo', {}, element('ds:X509Data', {}, element('ds:X509Certificate', {}, der))),
    ...methods,
  )
}

/** The best first; what we decrypt and nothing else. */
function encryptionMethods(cbc: boolean): Markup[] {
  const gcm = [algorithm.aes256Gcm, algorithm.aes192Gcm, algorithm.aes128Gcm]
  const old = cbc ? [algorithm.aes256Cbc, algorithm.aes128Cbc] : []
  return [...gcm, ...old, algorithm.rsaOaep, algorithm.rsaOaepMgf1p].map(Algorithm =>
    element('md:EncryptionMethod', { Algorithm }),
  )
}

/** The usual form of asking for attributes (saml-metadata 2.4.4.1). The schema wants at least one. */
function attributeService(sp: SpDescription): Markup | undefined {
  if (sp.requestedAttributes.length === 0) return undefined
  return element(
    'md:AttributeConsumingService',
    { index: '0', isDefault: 'true' },
    ...localized('md:ServiceName', sp.displayName),
    ...localized('md:ServiceDescription', sp.description),
    ...sp.requestedAttributes.map(wanted =>
      element('md:RequestedAttribute', { ...nameOf(wanted), isRequired: String(wanted.required) }),
    ),
  )
}

/**
 * ESIA's form: IdPs of its kind release what stands here. The schema demands an AttributeService; we answer no attribute
 * queries, so it names the address of this very document.
 */
function attributeAuthority(sp: SpDescription): Markup | undefined {
  if (sp.requestedAttributes.length === 0) return undefined
  return element(
    'md:AttributeAuthorityDescriptor',
    { protocolSupportEnumeration: ns.protocol },
    element('md:AttributeService', { Binding: binding.soap, Location: sp.entityId }),
    ...sp.requestedAttributes.map(wanted => element('saml:Attribute', nameOf(wanted))),
  )
}

const nameOf = ({ name, friendlyName }: RequestedAttribute): Record<string, string | undefined> => ({
  Name: name,
  NameFormat: ATTRNAME_URI,
  FriendlyName: friendlyName,
})

function organization({ organization: { name, nameEn = name, url } }: SpDescription): Markup {
  const names = { ru: name, en: nameEn }
  return element(
    'md:Organization',
    {},
    ...localized('md:OrganizationName', names),
    ...localized('md:OrganizationDisplayName', names),
    ...localized('md:OrganizationURL', { ru: url, en: url }),
  )
}

const contacts = ({ contacts: { technical, support } }: SpDescription): Markup[] =>
  Object.entries({ technical, support }).map(([contactType, address]) =>
    element('md:ContactPerson', { contactType }, element('md:EmailAddress', {}, `mailto:${address}`)),
  )

/** Enveloped, as the first child of the entity (saml-metadata 3). */
function signed(xml: string, key: SpKey | undefined): string {
  if (!key) throw new Error('the service provider has no signing key')
  const signature = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificatePem,
    signatureAlgorithm: algorithm.rsaSha256,
    canonicalizationAlgorithm: algorithm.excC14n,
  })
  signature.addReference({
    xpath: '/*',
    transforms: [algorithm.enveloped, algorithm.excC14n],
    digestAlgorithm: algorithm.sha256,
  })
  signature.computeSignature(xml, { prefix: 'ds', location: { reference: '/*', action: 'prepend' } })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${signature.getSignedXml()}\n`
}
