/** PostgreSQL for the tests: one server for the whole run, and an empty database for whoever asks. It waits for no disk. */
import type { ServerOptions } from 'node:https'
import { chown, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { openStore, type StoreOptions } from '../../src/store/open.js'
import { options } from '../store/databases.js'
import { PASSWORD, startPostgres, USER, type PostgresProgram } from './postgres-program.js'
import { missing } from './require.js'

const TEMPLATE = 'bridge_template'
const FOR_TESTS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '300' }

type Row = Readonly<Record<string, unknown>>

export interface PostgresServer extends Pick<PostgresProgram, 'port' | 'folder' | 'stop' | 'start'> {
  /** How to open a database that nobody has used: with our tables, or a bare one. */
  options(like?: 'ours' | 'bare'): Promise<StoreOptions>
  /** The section `storage` of a bridge.yaml for such a database. */
  storage(): Promise<Row>
  /** One statement from outside the bridge. @param database its address, or the name of one */
  ask(database: string, statement: string): Promise<readonly Row[]>
  /** With that key and certificate from now on, or without TLS again. */
  speakTls(identity: ServerOptions | undefined): Promise<void>
}

let running: Promise<PostgresServer | undefined> | undefined
const last: (() => Promise<unknown>)[] = []

/** Done after the last test, while the server still runs. */
export const atTheEnd = (close: () => Promise<unknown>): unknown => last.unshift(close)

after(async () => {
  for (const close of last) await close()
})

/** @returns undefined where it cannot run: then its tests are skipped, and that is said in one line */
export const postgresServer = (): Promise<PostgresServer | undefined> => (running ??= begin().catch(cannotRun))

function cannotRun(error: unknown): undefined {
  const why = error instanceof Error ? error.message.split('\n')[0] : 'its program ended at once'
  missing(`PostgreSQL did not start (${why})`, 'npm ci, with optional packages and their install scripts')
}

async function begin(): Promise<PostgresServer> {
  const server = await startPostgres(FOR_TESTS)
  const { port, folder } = server
  last.push(() => server.close())
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 })
  const databases = await databasesAt(port, passwordFile)
  const speakTls: PostgresServer['speakTls'] = async identity => {
    const data = join(folder, 'data')
    const { uid, gid } = await stat(data)
    const files = identity ? { 'server.key': identity.key as string, 'server.crt': identity.cert as string } : {}
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(data, name), text, { mode: 0o600 })
      await chown(join(data, name), uid, gid)
    }
    const wanted = identity ? 'on' : 'off'
    await databases.ask('postgres', `alter system set ssl = ${wanted}`)
    await databases.ask('postgres', 'select pg_reload_conf()')
    while ((await databases.ask('postgres', 'show ssl'))[0]?.['ssl'] !== wanted);
  }
  return { ...databases, ...server, speakTls }
}

async function databasesAt(
  port: number,
  passwordFile: string,
): Promise<Pick<PostgresServer, 'options' | 'storage' | 'ask'>> {
  const at = (name: string) => ({
    ...options(`postgres://${USER}@127.0.0.1:${port}/${name}`),
    postgres: { password: PASSWORD },
  })
  const ask: PostgresServer['ask'] = async (database, statement) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database: database.replace(/^.*\//, '') }) // prettier-ignore
    await client.connect()
    return client.query<Row>(statement).then(({ rows }) => rows).finally(() => client.end()) // prettier-ignore
  }
  await ask('postgres', `create database ${TEMPLATE}`)
  await (await openStore(at(TEMPLATE))).close()
  await ask(TEMPLATE, 'delete from key_checks')
  await ask(TEMPLATE, 'delete from key_holders')

  let made = 0
  const fresh = async (like: 'ours' | 'bare' = 'ours') => {
    const name = `bridge_${++made}`
    await ask('postgres', `create database ${name} template ${like === 'ours' ? TEMPLATE : 'template0'}`)
    return at(name)
  }
  return {
    ask,
    options: fresh,
    async storage() {
      const { database } = await fresh()
      return { database, postgres: { password: { file: passwordFile }, connections: 5 } }
    },
  }
}
