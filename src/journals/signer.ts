/** Which key signs what one journal gets, as its settings say. */
import { z } from 'zod'
import type { DoorTools } from './connector.js'
import { openSharedKeys, sharedKeys } from './shared-key.js'
import { algorithmOf, sharedKeySigner, tokenAlgorithms, tokenKeySigner, type Signer } from './token.js'

/** For the block of a connector whose messages are JWTs. */
export const signerSettings = {
  alg: z.enum(tokenAlgorithms).meta({
    description:
      'How tokens are signed: HS256 with a key shared with this one journal, ES256 or RS256 with our token key (JWKS).',
    example: 'HS256',
  }),
  key: sharedKeys.optional().meta({
    description:
      'HS256 only: where the shared key lies. Text of at least 32 characters, used as it stands. While it is being changed a list, `[{ id: k2, env: … }, { id: k1, env: … }]`: the first signs, and its id is the `kid` of the token.',
    allowed: '`{ env: … }`, `{ file: … }`, or a list of up to three of them with an id each',
    example: { env: 'SGO_KEY' },
  }),
}

type SignerBlock = z.output<z.ZodObject<typeof signerSettings>>

/** @returns what is wrong with `key` */
export function wrongKey({ alg, key }: SignerBlock): string | undefined {
  if (alg === 'HS256' && !key) return 'HS256 needs the key shared with the journal, e.g. { env: SGO_KEY }'
  return alg !== 'HS256' && key ? `${alg} signs with our token key; remove this line` : undefined
}

/** @throws RangeError naming the key that is missing or too weak */
export function openSigner({ alg, key }: SignerBlock, tools: DoorTools): Signer {
  if (alg === 'HS256') {
    if (!key) throw new RangeError('key: HS256 needs the key shared with the journal')
    const [{ octets, id }] = openSharedKeys(key, tools)
    return sharedKeySigner(octets, id)
  }
  const fitting = tools.tokenKeys.find(({ privateKey }) => algorithmOf(privateKey) === alg)
  if (!fitting) throw new RangeError(`alg: no token key fits ${alg}; ${NEEDED[alg]}`)
  return tokenKeySigner(alg, fitting)
}

const NEEDED = {
  ES256: 'an EC P-256 key is needed',
  RS256: 'an RSA key of at least 2048 bits is needed',
} as const
