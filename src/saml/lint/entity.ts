import { algorithm, nameIdFormat, ns } from '../../words/saml-names.js'
import { samlRoles } from '../metadata-entity.js'
import {
  attribute,
  childElements,
  childNamed,
  childrenNamed,
  elementsOf,
  isNamed,
  textOf,
  type XmlElement,
} from '../tree.js'
import type { Looked } from './lint.js'

export function remarkEntity(looked: Looked): void {
  const { entity, role, within, remark } = looked
  if (samlRoles(entity).length > 1)
    remark('several-roles', samlRoles(entity)[1]!, 'the entity has several IDPSSODescriptors for SAML 2.0', 'ask the IdP which is meant: the bridge uses the first') // prettier-ignore
  if (!['true', '1'].includes(attribute(role, 'WantAuthnRequestsSigned') ?? 'false'))
    remark('wants-unsigned', role, 'the IdP does not insist on signed requests (WantAuthnRequestsSigned)', 'nothing: ours are signed') // prettier-ignore
  const formats = childrenNamed(role, ns.metadata, 'NameIDFormat').map(each => textOf(each).trim())
  if (formats.length > 0 && !formats.includes(nameIdFormat.transient))
    remark('no-transient', role, 'the IdP lists NameID formats without transient', 'ask the IdP which one it will send; the bridge asks for transient') // prettier-ignore
  if (attribute(role, 'errorURL') === undefined)
    remark('no-error-url', role, 'there is no errorURL', 'nothing: our pages name the school instead')
  remarkNames(looked)
  remarkContacts(looked)
  remarkTwins(looked)
  for (const each of within) remarkExtensions(looked, each)
}

/** Of the others in the file; the one that is meant was found, so it stands there once. */
function remarkTwins({ notes, remark }: Looked): void {
  const seen = new Set<string>()
  for (const each of elementsOf(notes.document.root)) {
    const entityId = isNamed(each, ns.metadata, 'EntityDescriptor') ? attribute(each, 'entityID') : undefined
    if (entityId === undefined) continue
    if (seen.has(entityId)) {
      remark('duplicate-entity', each, 'an entityID stands twice in the file', 'tell the publisher: nobody can say which of the two counts') // prettier-ignore
      return
    }
    seen.add(entityId)
  }
}

function remarkNames({ role, entity, remark }: Looked): void {
  const extensions = childNamed(role, ns.metadata, 'Extensions')
  const info = extensions && childNamed(extensions, ns.mdui, 'UIInfo')
  if (!info || childrenNamed(info, ns.mdui, 'DisplayName').length === 0)
    remark('no-display-name', entity, 'there is no name for people to read (mdui:DisplayName)', 'write a `title` into the settings') // prettier-ignore
}

function remarkContacts({ entity, role, remark }: Looked): void {
  const contacts = [entity, role].flatMap(each => childrenNamed(each, ns.metadata, 'ContactPerson'))
  const mails = contacts.flatMap(each => childrenNamed(each, ns.metadata, 'EmailAddress'))
  const helpful = contacts.filter(
    each =>
      ['technical', 'support'].includes(attribute(each, 'contactType') ?? '') &&
      childNamed(each, ns.metadata, 'EmailAddress'),
  )
  if (helpful.length === 0)
    remark('no-contact', entity, 'no technical or support contact with an e-mail address', 'ask whom to write to when something fails, and write it down') // prettier-ignore
  const odd = mails.find(each => !textOf(each).trim().startsWith('mailto:'))
  if (odd) remark('contact-form', odd, 'an e-mail address does not begin with mailto:', 'nothing: people will understand it') // prettier-ignore
}

/** Extensions that are about somebody else's business, or that we read. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  ns.mdui, ns.alg, ns.esia, ns.ds,
  'urn:oasis:names:tc:SAML:metadata:attribute', 'urn:oasis:names:tc:SAML:metadata:rpi',
  'urn:mace:shibboleth:metadata:1.0', 'urn:oasis:names:tc:SAML:metadata:profile',
  'urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol', 'urn:oasis:names:tc:SAML:profiles:SSO:request-init',
]) // prettier-ignore

function remarkExtensions(looked: Looked, within: XmlElement): void {
  const extensions = childNamed(within, ns.metadata, 'Extensions')
  if (!extensions) return
  const stranger = childElements(extensions).find(each => !KNOWN_EXTENSIONS.has(each.ns))
  if (stranger)
    looked.remark('unknown-extension', stranger, 'an extension that we do not know', 'nothing: it is ignored')
  remarkAlgorithms(looked, extensions)
}

const STRONG: ReadonlySet<string> = new Set([
  algorithm.sha256, algorithm.sha384, algorithm.sha512, algorithm.rsaSha256, algorithm.rsaSha384, algorithm.rsaSha512,
  algorithm.ecdsaSha256, algorithm.ecdsaSha384,
]) // prettier-ignore

/** SAML V2.0 Metadata Profile for Algorithm Support 1.0. */
function remarkAlgorithms({ remark }: Looked, extensions: XmlElement): void {
  for (const local of ['DigestMethod', 'SigningMethod']) {
    const declared = childrenNamed(extensions, ns.alg, local)
    if (declared.length > 0 && !declared.some(each => STRONG.has(attribute(each, 'Algorithm') ?? '')))
      remark('legacy-only', declared[0]!, `the IdP declares no ${local} of our allow-list`, 'ask whether it can use sha256 and rsa-sha256; only the profile legacy-esia takes SHA-1') // prettier-ignore
  }
}
