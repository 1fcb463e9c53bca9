/** Where records are kept: a file beside the bridge, or a PostgreSQL server, and what is short-lived in Redis where that is wanted. */
import * as z from 'zod'
import { readDatabaseAddress } from '../base/database-address.js'
import { readShortLivedAddress } from '../base/short-lived-address.js'
import { secretAt } from './schema-secrets.js'
import { line } from './values.js'
import { section, setting } from './walk.js'

const postgres = section('How a PostgreSQL server is reached; without `database: postgres://…` nobody looks at it.', {
  password: secretAt('Where the password of the user is, when the server asks for one.', {
    file: 'certs/postgres.password',
  }),
  tls: setting(z.enum(['verify', 'off']).exactOptional(), {
    about:
      'TLS to the server, which must show a certificate for the name in `database`. Left out: `verify`, and `off` where the server is this machine.',
    allowed: 'verify or off',
    example: 'verify',
  }),
  ca: setting(line(1_000).exactOptional(), {
    about: "Certificate of the authority that signed the server's, when it is not one that Node.js knows.",
    allowed: 'the path of a PEM file',
    example: 'certs/postgres-ca.crt',
  }),
  connections: setting(z.int().min(2).max(500).prefault(10), {
    about:
      "How many connections this bridge opens at most; together with its other users below the server's max_connections.",
    allowed: 'a whole number from 2 to 500',
    example: 10,
  }),
})

const redis = section('How the server of `shortLived` is reached; without `shortLived` nobody looks at it.', {
  password: secretAt('Where the password is, when the server asks for one.', { file: 'certs/redis.password' }),
  ca: setting(line(1_000).exactOptional(), {
    about: "With `rediss://`: certificate of the authority that signed the server's, when Node.js does not know it.",
    allowed: 'the path of a PEM file',
    example: 'certs/redis-ca.crt',
  }),
})

export const storageSection = section('Where the bridge keeps its records.', {
  database: setting(
    z
      .string()
      .refine(text => readDatabaseAddress(text) !== undefined)
      .prefault('sqlite:data/bridge.db'),
    {
      about:
        'The database: a file, whose relative path starts at the folder of this YAML file, or a PostgreSQL server (docs/postgresql.md).',
      allowed:
        '`sqlite:` and the path of a file, or `postgres://USER@HOST:PORT/DATABASE` without a password; through a socket: `postgres://USER@/DATABASE?host=/var/run/postgresql`',
      example: 'sqlite:data/bridge.db',
    },
  ),
  postgres: postgres.exactOptional(),
  shortLived: setting(
    z
      .string()
      .refine(text => readShortLivedAddress(text) !== undefined)
      .exactOptional(),
    {
      about:
        'A Redis or Valkey server for what ends by itself, such as logins and sessions, where several bridges share much work (docs/redis.md). Left out: all is in the database.',
      allowed: '`redis://HOST:PORT` or, with TLS, `rediss://USER@HOST:PORT/NUMBER`, without a password',
      example: 'rediss://redis.school.example:6379',
    },
  ),
  redis: redis.exactOptional(),
})
