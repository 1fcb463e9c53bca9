import { createPublicKey } from 'node:crypto'
import type { PublicKeys, TokenKey } from './connector.js'
import { algorithmOf } from './token.js'

/**
 * What journals need to check our tokens (RFC 7517): every key that signs or has lately signed. Public halves only.
 *
 * @throws RangeError naming a key that signs nothing
 */
export function publicKeys(tokenKeys: readonly TokenKey[]): PublicKeys {
  return {
    keys: tokenKeys.map(({ id, privateKey }) => {
      const alg = algorithmOf(privateKey)
      if (!alg) throw new RangeError(`token key ${id}: neither EC P-256 nor RSA of at least 2048 bits`)
      return { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: id, use: 'sig', alg }
    }),
  }
}
