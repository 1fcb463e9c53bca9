/** What an identity provider answers, and what is wrong with its messages. */
export const idpRefusals = {
  'idp.unknown': { status: 400, fault: 'operator', meaning: 'No metadata of this identity provider is installed.' },
  'idp.not-for-journal': {
    status: 403,
    fault: 'journal',
    meaning: 'This journal does not admit people for whom this identity provider vouches.',
  },
  'idp.metadata-expired': {
    status: 503,
    fault: 'operator',
    meaning: 'The metadata of this identity provider is past its validUntil, and no fresh copy could be had.',
  },
  'idp.declined': {
    status: 403,
    fault: 'idp',
    meaning: 'The identity provider answered with an error status, and says no more than that it could not.',
  },
  'idp.authn-failed': {
    status: 403,
    fault: 'person',
    meaning: 'The identity provider could not authenticate the person (AuthnFailed).',
  },
  'idp.request-denied': {
    status: 403,
    fault: 'person',
    meaning:
      'The identity provider answered RequestDenied: the person cancelled or refused, or its own rules forbid it.',
  },
  'idp.no-authn-context': {
    status: 403,
    fault: 'person',
    meaning: 'The identity provider cannot sign this person in as strongly as it was asked to (NoAuthnContext).',
  },
  'idp.no-passive': {
    status: 403,
    fault: 'idp',
    meaning: 'The identity provider answered NoPassive, although it was allowed to ask the person.',
  },
  'idp.unknown-principal': {
    status: 403,
    fault: 'person',
    meaning: 'The identity provider does not know this person (UnknownPrincipal).',
  },
  'idp.name-id-policy': {
    status: 403,
    fault: 'operator',
    meaning: 'The identity provider cannot give the kind of NameID that we ask for (InvalidNameIDPolicy).',
  },
  'idp.request-unsupported': {
    status: 403,
    fault: 'operator',
    meaning: 'The identity provider does not support our request: its form, version or binding.',
  },
  'idp.requester': {
    status: 403,
    fault: 'operator',
    meaning:
      'The identity provider finds our request at fault (Requester): mostly we are not registered there, or with other keys.',
  },

  'saml.too-large': { status: 413, fault: 'idp', meaning: 'The message exceeds 256 KiB.' },
  'saml.not-base64': { status: 400, fault: 'idp', meaning: 'The message is not strict base64 (RFC 4648, section 4).' },
  'saml.not-utf8': { status: 400, fault: 'idp', meaning: 'The message is not UTF-8.' },
  'saml.declaration': {
    status: 400,
    fault: 'idp',
    meaning: 'The XML declaration names another version than 1.0 or another encoding than UTF-8.',
  },
  'saml.doctype': {
    status: 400,
    fault: 'idp',
    meaning: 'The message contains a document type declaration (saml-core 1.3: forbidden here).',
  },
  'saml.processing-instruction': {
    status: 400,
    fault: 'idp',
    meaning: 'The message contains a processing instruction.',
  },
  'saml.too-complex': {
    status: 400,
    fault: 'idp',
    meaning: 'The message exceeds the caps on depth, nodes, attributes or namespace declarations.',
  },
  'saml.not-xml': {
    status: 400,
    fault: 'idp',
    meaning: 'The message is not a well-formed, namespace-well-formed XML document.',
  },
  'saml.duplicate-id': { status: 403, fault: 'idp', meaning: 'Two elements carry the same ID.' },
  'saml.schema': { status: 403, fault: 'idp', meaning: 'The message is not valid against the OASIS schemas.' },
  'saml.not-response': {
    status: 400,
    fault: 'idp',
    meaning: 'The document element is not the message that this address takes.',
  },
  'saml.wrong-issuer': {
    status: 403,
    fault: 'idp',
    meaning: 'The issuer is not the identity provider that this login was sent to.',
  },
  'saml.unsigned': { status: 403, fault: 'idp', meaning: 'Neither the Response nor the Assertion is signed.' },
  'saml.signature-form': {
    status: 403,
    fault: 'idp',
    meaning: 'A signature stands in the wrong place, is doubled, or has another form than SAML allows (saml-core 5.4).',
  },
  'saml.wrapped': {
    status: 403,
    fault: 'idp',
    meaning: 'A signature refers to another element than the one it stands in.',
  },
  'saml.algorithm': {
    status: 403,
    fault: 'idp',
    meaning: 'An algorithm of the message is not on the allow-list of this identity provider.',
  },
  'saml.weak-key': { status: 403, fault: 'idp', meaning: 'The trusted key is too weak or does not fit the algorithm.' },
  'saml.untrusted-key': {
    status: 403,
    fault: 'idp',
    meaning: 'No key of the trusted metadata verifies the signature.',
  },
  'saml.altered': {
    status: 403,
    fault: 'idp',
    meaning: 'The signed element was changed after it was signed (digest differs).',
  },
  'saml.decryption': {
    status: 403,
    fault: 'idp',
    meaning: 'What was encrypted for us cannot be opened with our keys.',
  },
  'saml.assertion-count': {
    status: 403,
    fault: 'idp',
    meaning: 'The Response does not hold exactly one assertion in the place where it must stand.',
  },
  'saml.version': { status: 403, fault: 'idp', meaning: 'Version is not 2.0.' },
  'saml.destination': {
    status: 403,
    fault: 'idp',
    meaning: 'Destination is missing on a signed Response or names another address.',
  },
  'saml.recipient': {
    status: 403,
    fault: 'idp',
    meaning: 'No bearer SubjectConfirmation is addressed to our assertion consumer service.',
  },
  'saml.in-response-to': {
    status: 403,
    fault: 'idp',
    meaning: 'InResponseTo does not name the request of this login.',
  },
  'saml.subject-confirmation': {
    status: 403,
    fault: 'idp',
    meaning: 'No bearer SubjectConfirmation of the form that the browser profile asks for (saml-profiles 4.1.4.2).',
  },
  'saml.expired': { status: 403, fault: 'idp', meaning: 'NotOnOrAfter has passed, clock skew included.' },
  'saml.not-yet-valid': {
    status: 403,
    fault: 'idp',
    meaning: 'NotBefore or IssueInstant lies in the future, clock skew included.',
  },
  'saml.too-old': { status: 403, fault: 'idp', meaning: 'IssueInstant is more than ten minutes old.' },
  'saml.too-long': { status: 403, fault: 'idp', meaning: 'NotOnOrAfter lies more than 24 hours ahead.' },
  'saml.audience': { status: 403, fault: 'idp', meaning: 'The assertion was issued to another service, or to none.' },
  'saml.condition': {
    status: 403,
    fault: 'idp',
    meaning: 'The assertion carries a condition that we do not understand (saml-core 2.5.1).',
  },
  'saml.no-authentication': { status: 403, fault: 'idp', meaning: 'The assertion holds no AuthnStatement.' },
  'saml.authn-context': {
    status: 403,
    fault: 'idp',
    meaning: 'The person signed in by another means than the settings ask this identity provider for.',
  },
  'saml.session-over': {
    status: 403,
    fault: 'idp',
    meaning: 'SessionNotOnOrAfter has passed; no skew is given to a session.',
  },
  'saml.not-reauthenticated': {
    status: 403,
    fault: 'idp',
    meaning: 'A fresh sign-in was demanded, and AuthnInstant is older than the demand.',
  },
  'saml.replayed': { status: 403, fault: 'person', meaning: 'This assertion was used before.' },
} as const
