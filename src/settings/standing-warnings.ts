import { isThisMachine, readDatabaseAddress } from '../base/database-address.js'
import { readShortLivedAddress } from '../base/short-lived-address.js'
import type { Finding } from './explain.js'
import type { Settings } from './settings.js'
import { isRemote } from './values.js'

/** What somebody switched on knowingly. A closed list, so that each may be the label of a figure. */
export const standingKinds = [
  'legacy-esia',
  'enveloped-requests',
  'cbc-signed-response',
  'cbc-any',
  'unsolicited',
  'metadata-unsigned',
  'metadata-for-ever',
  'metadata-expired-taken',
  'self-test',
  'metrics-everywhere',
  'database-plain',
  'short-lived-plain',
  'consent-not-asked',
  'demo',
] as const
export type StandingKind = (typeof standingKinds)[number]

export interface StandingWarning extends Finding {
  readonly kind: StandingKind
}

/** Told again at every start, by check-config, doctor and the figures: nobody remembers why after a year. */
export function standingWarnings(settings: Settings): readonly StandingWarning[] {
  const own = (on: boolean, kind: StandingKind, key: string, message: string): readonly StandingWarning[] =>
    on ? [{ kind, path: [key], message }] : []
  return [
    ...settings.identityProviders.flatMap(ofIdp),
    ...own(
      settings.selfTest,
      'self-test',
      'selfTest',
      '/self-test is open to everybody who can sign in; close it when the set-up is done',
    ),
    ...(settings.metrics && ['0.0.0.0', '::', '*'].includes(settings.metrics.host)
      ? [
          {
            kind: 'metrics-everywhere' as const,
            path: ['metrics', 'host'],
            message: 'the figures are served on every network of this machine; name the one that your monitoring uses',
          },
        ]
      : []),
    ...plainDatabase(settings),
    ...plainShortLived(settings),
    ...own(
      settings.consent === undefined,
      'consent-not-asked',
      'consent',
      'nobody is asked for consent to the processing of personal data; without another ground for it, write this section: docs/ru/soglasie.md',
    ),
    ...own(settings.demo, 'demo', 'demo', 'this is a demonstration; remove it for real use'),
  ]
}

function plainDatabase({ storage: { database, postgres } }: Settings): readonly StandingWarning[] {
  const address = readDatabaseAddress(database)
  if (postgres?.tls !== 'off' || address?.kind !== 'postgres' || isThisMachine(address.host)) return []
  const message = 'everybody on the way to the database can read and change what the bridge writes'
  return [{ kind: 'database-plain', path: ['storage', 'postgres', 'tls'], message }]
}

function plainShortLived({ storage: { shortLived } }: Settings): readonly StandingWarning[] {
  const address = shortLived === undefined ? undefined : readShortLivedAddress(shortLived)
  if (!address || address.tls || isThisMachine(address.host)) return []
  const message = 'everybody on the way to the short-lived records can delete or repeat them; write rediss://'
  return [{ kind: 'short-lived-plain', path: ['storage', 'shortLived'], message }]
}

function ofIdp(idp: Settings['identityProviders'][number], i: number): readonly StandingWarning[] {
  const warn = (on: boolean, kind: StandingKind, key: string, message: string): readonly StandingWarning[] =>
    on ? [{ kind, path: ['identityProviders', i, key], message }] : []
  return [
    ...warn(
      idp.profile === 'legacy-esia',
      'legacy-esia',
      'profile',
      'takes signatures with rsa-sha1 and sha1, which can be forged with effort',
    ),
    ...warn(
      idp.requestSignature === 'enveloped',
      'enveloped-requests',
      'requestSignature',
      'our requests go out with an rsa-sha1 signature inside, and RelayState is not signed',
    ),
    ...warn(
      idp.cbc === 'signed-response',
      'cbc-signed-response',
      'cbc',
      'takes aes-cbc inside a signed Response: ask the IdP for aes-gcm',
    ),
    ...warn(
      idp.cbc === 'any',
      'cbc-any',
      'cbc',
      'takes aes-cbc outside a signed Response: the ciphertext can be played with',
    ),
    ...warn(
      idp.acceptUnsolicited === 'i-accept-login-csrf',
      'unsolicited',
      'acceptUnsolicited',
      'lets a strange page sign its visitor in as somebody else',
    ),
    ...warn(
      isRemote(idp.metadata) && idp.signedBy === undefined,
      'metadata-unsigned',
      'metadata',
      'is fetched without signedBy: whoever takes over that web server decides who may sign in',
    ),
    ...warn(
      idp.signedBy !== undefined && idp.maxValidity === 'none',
      'metadata-for-ever',
      'maxValidity',
      'lets anybody who kept old signed metadata offer them for ever',
    ),
    ...warn(
      idp.whenExpired === 'warn' && (isRemote(idp.metadata) || idp.signedBy !== undefined),
      'metadata-expired-taken',
      'whenExpired',
      'goes on trusting keys whose publisher may have taken them back',
    ),
  ]
}
