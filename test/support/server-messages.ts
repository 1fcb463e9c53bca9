/** Messages of the bridge's server to a journal's, as the bridge writes them and as liars do. */
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'

export const BRIDGE = 'https://vhod.school.example'
const SHARED = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
export const kitSettings = { bridge: BRIDGE, journal: 'sgo', audience: 'sgo', alg: 'HS256', key: SHARED }

export const seconds = (): number => Math.floor(Date.now() / 1000)

type Make = (claims?: object, header?: object, key?: string) => Promise<string>

/** @param usual what such a message says beside the moment and who says it to whom */
export const messageOf =
  (typ: string, usual: object, lives = 60): Make =>
  (claims = {}, header = {}, key = SHARED) =>
    new SignJWT({
      ...{ iss: BRIDGE, aud: 'sgo', iat: seconds(), exp: seconds() + lives, jti: randomUUID() },
      ...{ ...usual, ...claims },
    })
      .setProtectedHeader({ alg: 'HS256', typ, ...header })
      .sign(Buffer.from(key))

/** Whatever a message is for, these are none. */
export const liesOf = (
  make: Make,
  others: readonly string[],
): readonly (readonly [string, () => Promise<string>])[] => [
  ['nothing', () => Promise.resolve('')],
  ['a key of their own', () => make({}, {}, 'x'.repeat(32))],
  ...others.map(typ => [`a message of type ${typ}`, () => make({}, { typ })] as const),
  ['another audience', () => make({ aud: 'eljur' })],
  ['another issuer', () => make({ iss: 'https://evil.example' })],
  ['expired', () => make({ iat: seconds() - 300, exp: seconds() - 180 })],
  ['from the future', () => make({ iat: seconds() + 90 })],
  ['no number', () => make({ jti: 1 })],
]
