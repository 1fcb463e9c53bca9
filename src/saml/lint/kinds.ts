/**
 * Every kind of mistake that `check-metadata` knows. docs/metadata-checks.md is printed from this table; a test holds a
 * specimen of each kind that earns exactly it.
 */
interface Kind {
  /** Usually; where it stops nobody (an encryption key, say) an error is only a warning. */
  readonly severity: 'error' | 'warning' | 'info'
  readonly meaning: string
}

export const kinds = {
  'web-page': { severity: 'error', meaning: 'The file is a web page that shows metadata, or a login page.' },
  encoding: { severity: 'error', meaning: 'The file is not UTF-8: Notepad saved it as "Unicode", or it declares another encoding.' },
  'not-xml': { severity: 'error', meaning: 'The file is cut off, damaged or no XML at all.' },
  'duplicate-id': { severity: 'error', meaning: 'Two elements carry the same ID, so that a signature could mean either.' },
  'private-key': { severity: 'error', meaning: 'The file holds a private key, which is now known to whoever saw the file.' },
  'not-metadata': { severity: 'error', meaning: 'The file is XML, but no SAML metadata.' },
  'sp-metadata': { severity: 'error', meaning: 'The file describes a service provider, perhaps ourselves, and no IdP.' },
  'no-idp': { severity: 'error', meaning: 'The entity has no IDPSSODescriptor.' },
  'no-protocol': { severity: 'error', meaning: 'The IDPSSODescriptor does not say which protocols it speaks (protocolSupportEnumeration).' },
  'no-saml2': { severity: 'error', meaning: 'The IdP speaks other protocols, but not SAML 2.0.' },
  'which-entity': { severity: 'error', meaning: 'The file holds several entities, or not the one that was asked for.' },
  'duplicate-entity': { severity: 'warning', meaning: 'The same entityID stands twice in the file.' },
  'several-roles': { severity: 'warning', meaning: 'The entity has several IDPSSODescriptors for SAML 2.0; the first is used.' },
  'no-entity-id': { severity: 'error', meaning: 'entityID is missing.' },
  'entity-id-space': { severity: 'error', meaning: 'entityID contains white space.' },
  'entity-id-long': { severity: 'error', meaning: 'entityID is longer than 1024 characters.' },
  'entity-id-no-uri': { severity: 'warning', meaning: 'entityID is no absolute URI.' },

  'no-key': { severity: 'error', meaning: 'There is no certificate at all.' },
  'no-signing-key': { severity: 'error', meaning: 'No usable certificate is meant for signing.' },
  'pem-header': { severity: 'error', meaning: 'A certificate stands in the file with its "-----BEGIN CERTIFICATE-----" line.' },
  'unreadable-key': { severity: 'error', meaning: 'A certificate or key cannot be read: damaged, cut off, or GOST.' },
  'weak-key': { severity: 'error', meaning: 'An RSA key has fewer than 2048 bits, or a key is of a kind or curve that no allowed algorithm uses.' },
  'small-exponent': { severity: 'warning', meaning: 'An RSA key has a public exponent below 65537.' },
  'certificate-expired': { severity: 'warning', meaning: 'A certificate has expired. Only its key counts, so it works.' },
  'certificate-not-yet-valid': { severity: 'warning', meaning: 'A certificate begins to be valid in the future.' },
  'certificate-signature': { severity: 'info', meaning: 'A certificate is itself signed with MD5 or SHA-1. Only its key counts.' },
  'certificate-trailing': { severity: 'warning', meaning: 'Behind a certificate stand further octets in the same element, such as a chain.' },
  'certificate-chain': { severity: 'info', meaning: 'A KeyDescriptor holds several certificates; the first is the key, the others are not trusted.' },
  'carriage-return': { severity: 'info', meaning: 'A certificate holds carriage returns written as &#13;.' },
  'key-without-use': { severity: 'info', meaning: 'A KeyDescriptor has no use: it counts for signing and encryption.' },
  'several-signing-keys': { severity: 'info', meaning: 'There are several signing keys: a change of keys is under way. All are accepted.' },

  'no-sso-redirect': { severity: 'error', meaning: 'There is no SingleSignOnService with the HTTP-Redirect binding.' },
  'no-slo-redirect': { severity: 'warning', meaning: 'There is no SingleLogoutService with the HTTP-Redirect binding.' },
  'no-slo-soap': { severity: 'info', meaning: 'There is no SingleLogoutService with the SOAP binding.' },
  'endpoint-incomplete': { severity: 'error', meaning: 'An endpoint lacks Binding or Location.' },
  'endpoint-space': { severity: 'error', meaning: 'The address of an endpoint contains white space.' },
  'endpoint-address': { severity: 'error', meaning: 'The address of an endpoint is no absolute web address.' },
  'endpoint-fragment': { severity: 'error', meaning: 'The address of an endpoint has a fragment (#…).' },
  'endpoint-userinfo': { severity: 'error', meaning: 'The address of an endpoint holds a user name or password.' },
  'endpoint-http': { severity: 'warning', meaning: 'The address of an endpoint is http://.' },
  'duplicate-endpoint': { severity: 'info', meaning: 'Two endpoints of one kind have the same binding; the first is used.' },
  'binding-misspelt': { severity: 'warning', meaning: 'A binding is one of SAML but for a space, a capital letter or a slash.' },
  'unknown-binding': { severity: 'info', meaning: 'A binding that is none of SAML 2.0; the endpoint is not used.' },
  'test-host': { severity: 'info', meaning: 'An address is of a test stand: localhost, a private network, .example, .test.' },

  'bad-valid-until': { severity: 'warning', meaning: 'validUntil is no time.' },
  'no-valid-until': { severity: 'info', meaning: 'The file does not say until when it holds: an old copy can be offered for ever.' },
  'metadata-expired': { severity: 'warning', meaning: 'validUntil is past.' },
  'metadata-ends-soon': { severity: 'warning', meaning: 'validUntil is less than a week ahead.' },
  'valid-too-long': { severity: 'info', meaning: 'validUntil is more than two years ahead.' },
  'bad-cache-duration': { severity: 'info', meaning: 'cacheDuration is no duration.' },

  unsigned: { severity: 'info', meaning: 'The metadata is not signed.' },
  'bad-signature': { severity: 'warning', meaning: 'The signature of the metadata does not hold: the file was changed after it was signed.' },
  'signature-form': { severity: 'warning', meaning: 'The signature of the metadata is of a form or algorithm that we do not take.' },
  'weak-signature': { severity: 'warning', meaning: 'The metadata is signed with SHA-1.' },

  schema: { severity: 'warning', meaning: 'The file is not valid against the OASIS schemas.' },
  'byte-order-mark': { severity: 'info', meaning: 'The file begins with a byte order mark.' },
  'unknown-extension': { severity: 'info', meaning: 'An extension that we do not know; it is ignored.' },
  'legacy-only': { severity: 'warning', meaning: 'The IdP declares SHA-1 or MD5 and nothing better.' },
  'refused-encryption': { severity: 'info', meaning: 'The IdP declares an encryption that we refuse (rsa-1_5, tripledes-cbc).' },
  'wants-unsigned': { severity: 'info', meaning: 'WantAuthnRequestsSigned is not true; our requests are signed all the same.' },
  'no-transient': { severity: 'info', meaning: 'The IdP lists NameID formats, and transient is not among them.' },
  'no-error-url': { severity: 'info', meaning: 'There is no errorURL where people could be sent for help (SDP-MD12).' },
  'no-display-name': { severity: 'info', meaning: 'There is no name that people could read (mdui:DisplayName).' },
  'no-contact': { severity: 'info', meaning: 'There is no technical or support contact with an e-mail address.' },
  'contact-form': { severity: 'info', meaning: 'An e-mail address of a contact does not begin with mailto:.' },
} as const satisfies Record<string, Kind> // prettier-ignore

export type FindingKind = keyof typeof kinds
