/** The IdP's metadata, with the addresses that Shibboleth's paths give it. */
import { binding, nameIdFormat, ns } from '../words/saml-names.js'
import type { IdpKey } from './respond.js'
import { certificateText } from './sign.js'
import { attributes, escapeXml } from './xml.js'

export const path = {
  metadata: '/idp/shibboleth',
  metadataSaml: '/idp/profile/Metadata/SAML',
  singleSignOn: '/idp/profile/SAML2/Redirect/SSO',
  singleLogout: '/idp/profile/SAML2/Redirect/SLO',
  singleLogoutPost: '/idp/profile/SAML2/POST/SLO',
  singleLogoutSoap: '/idp/profile/SAML2/SOAP/SLO',
  unsolicited: '/idp/profile/SAML2/Unsolicited/SSO',
} as const

const keyDescriptor = (key: IdpKey): string =>
  `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${ns.ds}"><ds:X509Data><ds:X509Certificate>` +
  `${certificateText(key.certificatePem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`

const endpoint = (name: string, location: string, by: keyof typeof binding = 'redirect'): string =>
  `<md:${name}${attributes({ Binding: binding[by], Location: location })}/>`

const logoutPaths = { redirect: path.singleLogout, post: path.singleLogoutPost, soap: path.singleLogoutSoap } as const

/** @param logoutBy how it takes requests for logout, the liked ones first */
export function idpMetadata(
  entityId: string,
  baseUrl: string,
  keys: readonly IdpKey[],
  logoutBy: readonly (keyof typeof logoutPaths)[] = ['redirect', 'post', 'soap'],
): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<md:EntityDescriptor xmlns:md="${ns.metadata}" entityID="${escapeXml(entityId)}">` +
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="${ns.protocol}">` +
    `<md:Extensions><mdui:UIInfo xmlns:mdui="${ns.mdui}"><mdui:DisplayName xml:lang="ru">Учебный стенд (не Госуслуги)` +
    `</mdui:DisplayName></mdui:UIInfo></md:Extensions>${keys.map(keyDescriptor).join('')}` +
    logoutBy.map(by => endpoint('SingleLogoutService', baseUrl + logoutPaths[by], by)).join('') +
    `<md:NameIDFormat>${nameIdFormat.transient}</md:NameIDFormat>` +
    endpoint('SingleSignOnService', baseUrl + path.singleSignOn) +
    `</md:IDPSSODescriptor></md:EntityDescriptor>\n`
  )
}
