/** What check-journal must find: which precaution a journal leaves out, and which doors stand open then. */
import type { Ran } from './desk.js'
import type { CheckWeakness, CreateWeakness } from './weak-checker.js'
import type { AskerKind, Carelessness } from './weak-asker.js'
import type { Weakness } from './weak-journal.js'

interface Door {
  readonly id: string
  readonly result: string
}

export const openDoors = (ran: Ran): string[] =>
  (ran.json()['doors'] as Door[]).filter(({ result }) => result === 'open').map(({ id }) => id)

export const signedHoles: readonly (readonly [Weakness, readonly string[], { readonly requireState?: true }?])[] = [
  ['signature', ['broken-signature', 'no-signature', 'alg-none', 'other-key', 'own-key', 'other-account']],
  ['alg', ['alg-none', 'logout-unsigned']],
  ['jwk', ['own-key']],
  ['typ', ['logout-as-entry']],
  ['iss', ['other-issuer']],
  ['aud', ['other-audience']],
  ['iat', ['too-early']],
  ['exp', ['expired']],
  ['replay', ['replay', 'twice-at-once']],
  ['race', ['twice-at-once']],
  ['fixation', ['session-kept']],
  ['clean-address', ['token-stays']],
  ['state-missing', ['state-missing'], { requireState: true }],
  ['state-invented', ['state-invented', 'state-foreign']],
  ['state-foreign', ['state-foreign']],
  ['return-any', ['return-elsewhere', 'return-lookalike', 'return-user', 'return-slashes', 'return-backslash']],
  ['return-prefix', ['return-lookalike', 'return-user']],
  ['return-slashes', ['return-slashes', 'return-backslash']],
  ['return-beside', ['return-beside']],
  ['return-start', ['return-at-start']],
  ['logout-signature', ['logout-other-key', 'logout-unsigned']],
  ['logout-times', ['logout-expired']],
  ['logout-aud', ['logout-other-audience']],
  ['logout-typ', ['entry-as-logout']],
  ['logout-deaf', ['logout-unheard']],
  ['overtaken', ['logout-overtaken']],
]

export const askerHoles: readonly (readonly [AskerKind, Carelessness, readonly string[]])[] = [
  [
    'handle',
    'any-answer',
    [
      'expired',
      'other-audience',
      'invented',
      'bridge-ailing',
      'replay',
      'state-missing',
      'state-invented',
      'state-foreign',
      'logout-overtaken',
    ],
  ],
  ['handle', 'ailing', ['bridge-ailing']],
  ['handle', 'cached', ['replay']],
  ['handle', 'state-missing', ['state-missing']],
  ['handle', 'state-invented', ['state-invented', 'state-foreign']],
  ['handle', 'state-foreign', ['state-foreign']],
  ['handle', 'clean-address', ['token-stays']],
  [
    'handle',
    'return-any',
    ['return-elsewhere', 'return-lookalike', 'return-user', 'return-slashes', 'return-backslash'],
  ],
  ['handle', 'return-start', ['return-at-start']],
  ['handle', 'logout-deaf', ['logout-unheard']],
  ['cas', 'any-answer', ['expired', 'other-audience', 'invented', 'bridge-ailing', 'other-service', 'replay']],
  ['cas', 'ailing', ['bridge-ailing']],
  ['cas', 'service', ['other-service']],
  ['cas', 'logout-any', ['logout-stranger']],
  ['cas', 'logout-login', ['logout-stranger']],
  ['cas', 'logout-deaf', ['logout-unheard']],
  ['forum', 'signature', ['no-signature', 'other-key', 'other-account', 'changed-field']],
  ['forum', 'signature-absent', ['no-signature']],
  ['forum', 'nonce', ['replay', 'state-missing', 'state-invented', 'state-foreign']],
  ['forum', 'nonce-kept', ['replay']],
  ['forum', 'state-foreign', ['state-foreign']],
  ['forum', 'return-start', ['return-at-start']],
  ['headers', 'spelling', ['header-inside']],
  ['headers', 'header', ['header-inside']],
  ['headers', 'unasked', ['header-outside', 'header-inside']],
  ['headers', 'struck', ['header-struck']],
  ['headers', 'cached', ['logout-unheard']],
]

export const checkHoles: readonly (readonly [CheckWeakness, readonly string[]])[] = [
  ['deaf', ['check-honest']],
  ['signature', ['check-other-key', 'check-unsigned']],
  ['alg', ['check-unsigned']],
  ['times', ['check-stale']],
  ['aud', ['check-other-audience']],
  ['typ', ['check-other-type']],
  ['replay', ['check-replay']],
]

/** The same of one that makes accounts. */
export const createHoles: readonly (readonly [CreateWeakness, readonly string[]])[] = [
  ['deaf', ['create-honest', 'create-same-key']],
  ['keys', ['create-same-key']],
  ...checkHoles.slice(1).map(([lets, doors]) => [lets, doors.map(door => door.replace('check-', 'create-'))] as const),
]
