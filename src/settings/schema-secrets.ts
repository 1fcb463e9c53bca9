/** Where secrets and keys lie. The YAML is copied, mailed and committed, so they never stand in it. */
import * as z from 'zod'
import type { SecretRef } from '../journals/connector.js'
import { section, setting } from './walk.js'
import { line } from './values.js'

const file = setting(line(1_000).exactOptional(), {
  about: 'File that holds the secret; a relative path starts at the folder of this YAML file.',
  allowed: 'the path of a file',
  example: 'certs/session.key',
})

const env = setting(
  z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .exactOptional(),
  {
    about: 'Environment variable that holds the secret, instead of a file.',
    allowed: 'the name of an environment variable: Latin letters, digits and _',
    example: 'BRIDGE_SECRET',
  },
)

const id = setting(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), {
  about: 'Name of the key, written beside everything made with it; never give it to another key.',
  allowed: '1 to 32 Latin letters, digits, - or _',
  example: 'd1',
})

interface Place {
  readonly file?: string
  readonly env?: string
}

const onePlace = (place: Place, context: z.RefinementCtx) => {
  if ((place.file === undefined) !== (place.env === undefined)) return
  context.addIssue({ code: 'custom', message: 'must name exactly one place: either `file` or `env`' })
}

/** Where one secret lies. */
export const secretPlace = z.strictObject({ file, env }).superRefine(onePlace)
const named = z.strictObject({ id, file, env }).superRefine(onePlace)

/** One secret of somebody else's making. */
export const secretAt = (about: string, example: { readonly file: string } | { readonly env: string }) =>
  setting(secretPlace.exactOptional(), { about, allowed: '`{ file: … }` or `{ env: … }`', example })

const unnamedList = (about: string, file: string) =>
  setting(z.array(secretPlace).min(1), {
    about,
    allowed: 'a list of at least one `{ file: … }` or `{ env: … }`',
    example: [{ file }],
  })

const namedList = (about: string, id: string, file: string) =>
  setting(z.array(named).min(1), {
    about,
    allowed: 'a list of at least one `{ id: …, file: … }` or `{ id: …, env: … }`',
    example: [{ id, file }],
  })

export const secretsSection = section(
  'Secrets of the bridge. Each is a list: the first is used, all are accepted, so that a new one is put in front of an old one.',
  {
    session: unnamedList('Signs the session cookie; at least 32 bytes.', 'certs/session.key'),
    lookup: namedList(
      'Finds a person by СНИЛС without storing it; 32 bytes. Whoever has it can compute every number: keep it apart from the data and their backup.',
      'l1',
      'certs/lookup.key',
    ),
    data: namedList(
      'Encrypts personal fields in the database (AES-256-GCM); 32 bytes. Without it they are lost.',
      'd1',
      'certs/data.key',
    ),
    tokens: namedList(
      'Signs what journals get; a private key of EC P-256 or RSA 2048 and more, never one of the SAML keys. The id is the `kid` of the JWKS.',
      't1',
      'certs/token.key',
    ),
  },
)

const keyFile = (about: string, example: string) =>
  setting(line(1_000), { about, allowed: 'the path of a file (PEM, DER or PKCS#12)', example })

export const keyStates = ['next', 'current', 'retired'] as const

const day = (about: string, example: string) =>
  setting(
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      // Date makes the 2nd of March of 2026-02-30
      .refine(text => new Date(Date.parse(text) || 0).toISOString().startsWith(text))
      .exactOptional(),
    { about, allowed: 'a day like 2026-12-31 (it begins at 00:00 UTC)', example },
  )

const keyPair = (name: string) =>
  z.strictObject({
    key: keyFile('Private key, RSA 2048 and more.', `certs/sp-${name}.key`),
    cert: setting(line(1_000).exactOptional(), {
      about:
        'Certificate of this key, as the IdP gets it in our metadata; without it, it must stand in the file of the key.',
      allowed: 'the path of a file (PEM, DER or PKCS#7; a chain may stand in it)',
      example: `certs/sp-${name}.crt`,
    }),
    passphrase: secretAt('Where the password of the key file is, when it has one.', {
      file: `certs/sp-${name}.password`,
    }),
    state: setting(z.enum(keyStates).exactOptional(), {
      about:
        'Place in a change of keys (see rotate-certs): `next` is published and waits, `current` signs and stands first in our metadata, `retired` goes.',
      allowed: `one of ${keyStates.join(', ')}; exactly one of a list is current: the first one without a state, when none says so`,
      example: 'current',
    }),
    from: day('Of a `next` one: the day on which it is planned to become current.', '2026-12-01'),
    until: day(
      'Of a `retired` one: the day on which it leaves our metadata (it still decrypts). Of a `current` one: the planned day of the change.',
      '2026-12-15',
    ),
  })

export const keyPairs = (about: string, name: string) =>
  setting(z.array(keyPair(name)).min(1), {
    about,
    allowed:
      'a list of at least one `- { key: …, cert: … }`; where it is needed also `state: next`, current or retired, ' +
      '`from: 2026-12-01`, `until: 2026-12-15` and `passphrase: { file: … }`',
    example: [{ key: `certs/sp-${name}.key`, cert: `certs/sp-${name}.crt` }],
  })

/** For a place that was read by this schema, which knows that there is exactly one. */
export function secretRef({ file, env }: Place): SecretRef {
  return file === undefined ? { env: env! } : { file }
}
