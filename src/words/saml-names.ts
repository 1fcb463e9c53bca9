/** Names and limits of SAML 2.0 and its relatives, each with the section that fixes it. */

export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  mdui: 'urn:oasis:names:tc:SAML:metadata:ui',
  alg: 'urn:oasis:names:tc:SAML:metadata:algsupport',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  dsig11: 'http://www.w3.org/2009/xmldsig11#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  xs: 'http://www.w3.org/2001/XMLSchema',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
  xmlns: 'http://www.w3.org/2000/xmlns/',
  /** SOAP 1.1. */
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  esia: 'urn:esia:shibboleth:2.0:mdext',
} as const

/** saml-bindings 3. */
export const binding = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  soap: 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP',
} as const

/** saml-core 8.3. */
export const nameIdFormat = {
  entity: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
} as const

/** saml-core 3.2.2.2. */
export const status = {
  success: 'urn:oasis:names:tc:SAML:2.0:status:Success',
  requester: 'urn:oasis:names:tc:SAML:2.0:status:Requester',
  responder: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
  authnFailed: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed',
  requestDenied: 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied',
  noPassive: 'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
  unknownPrincipal: 'urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal',
  versionMismatch: 'urn:oasis:names:tc:SAML:2.0:status:VersionMismatch',
  partialLogout: 'urn:oasis:names:tc:SAML:2.0:status:PartialLogout',
} as const

/** saml-profiles 3.3. */
export const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
/** saml-core 8.2.2. */
export const ATTRNAME_URI = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'
/** saml-authn-context 3.4.20. */
export const PASSWORD_PROTECTED = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
/** saml-core 3.7.3. */
export const LOGOUT_BY_USER = 'urn:oasis:names:tc:SAML:2.0:logout:user'

/** xmldsig-core 6, RFC 6931, xmlenc-core 5. */
export const algorithm = {
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  excC14nWithComments: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
  rsaSha1: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  rsaSha384: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
  rsaSha512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  ecdsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
  ecdsaSha384: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384',
  rsaOaepMgf1p: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  rsaOaep: 'http://www.w3.org/2009/xmlenc11#rsa-oaep',
  rsa15: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5',
  mgf1Sha1: 'http://www.w3.org/2009/xmlenc11#mgf1sha1',
  mgf1Sha256: 'http://www.w3.org/2009/xmlenc11#mgf1sha256',
  aes128Gcm: 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  aes192Gcm: 'http://www.w3.org/2009/xmlenc11#aes192-gcm',
  aes256Gcm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  aes128Cbc: 'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  aes192Cbc: 'http://www.w3.org/2001/04/xmlenc#aes192-cbc',
  aes256Cbc: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
} as const

/** Behind the `#`: `rsa-sha256`, `aes128-cbc`; what settings call an algorithm. */
export const algorithmByName: ReadonlyMap<string, string> = new Map(
  [
    algorithm.sha256, algorithm.sha384, algorithm.sha512,
    algorithm.rsaSha256, algorithm.rsaSha384, algorithm.rsaSha512, algorithm.ecdsaSha256, algorithm.ecdsaSha384,
    algorithm.rsaOaepMgf1p, algorithm.rsaOaep,
    algorithm.aes128Gcm, algorithm.aes192Gcm, algorithm.aes256Gcm,
    algorithm.aes128Cbc, algorithm.aes192Cbc, algorithm.aes256Cbc,
  ].map(uri => [uri.slice(uri.indexOf('#') + 1), uri]),
) // prettier-ignore

/** xmlenc-core 3.1: what an EncryptedData holds. */
export const ENCRYPTED_ELEMENT = 'http://www.w3.org/2001/04/xmlenc#Element'

/** Attribute names of ESIA (docs/sources.md#esia). */
export const esiaAttribute = {
  userId: 'urn:mace:dir:attribute:userId',
  lastName: 'urn:mace:dir:attribute:lastName',
  firstName: 'urn:mace:dir:attribute:firstName',
  middleName: 'urn:mace:dir:attribute:middleName',
  snils: 'urn:esia:personSNILS',
  birthDate: 'urn:esia:birthDate',
  email: 'urn:esia:personEMail',
  mobile: 'urn:esia:personMobilePhone',
  assuranceLevel: 'urn:esia:assuranceLevel',
  trusted: 'urn:esia:personTrusted',
  authnMethod: 'urn:esia:authnMethod',
  globalRole: 'urn:esia:globalRole',
  orgOgrn: 'urn:esia:orgOGRN',
  orgInn: 'urn:esia:orgINN',
  orgOid: 'urn:esia:orgOid',
  orgName: 'urn:esia:orgName',
  orgPosition: 'urn:esia:orgPosition',
  groups: 'urn:esia:memberOfGroups',
} as const
