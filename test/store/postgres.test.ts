/** What only a PostgreSQL server can do: be another one, be gone, come back, and refuse. */
import { sql } from 'kysely'
import { expect } from 'chai'
import { readDatabaseAddress } from '../../src/base/database-address.js'
import { openStore, type Store, type StoreOptions } from '../../src/store/open.js'
import { openPostgres, type PostgresAddress } from '../../src/store/postgres.js'
import { openSqlite } from '../../src/store/sqlite.js'
import { StoreError, StoreUnavailable } from '../../src/store/store-error.js'
import { claim, failureOf, session, started, T0, together } from '../contract/samples.js'
import { authority, tlsFor } from '../support/https.js'
import { postgresServer } from '../support/postgres.js'
import { wayTo } from '../support/way.js'
import { options, temporaryFile } from './databases.js'

const server = await postgresServer()

if (server)
  describe('store: PostgreSQL', () => {
    const opened: Store[] = []
    const open = async (settings: StoreOptions) => {
      const store = await openStore(settings)
      opened.push(store)
      return store
    }
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
    })

    const addressOf = ({ database }: StoreOptions) => readDatabaseAddress(database) as PostgresAddress
    const refused = async (settings: StoreOptions, words: RegExp) => {
      const error = await failureOf(openStore(settings))
      expect(error).to.be.instanceOf(StoreError)
      expect(error).to.match(words)
    }

    it('gives nodes that are switched on together one schema', async () => {
      const settings = await server.options('bare')
      const stores = await Promise.all(Array.from({ length: 4 }, () => open(settings)))
      await stores[0]!.logins.start(started())
      expect(await stores[3]!.logins.find('login-1', T0)).to.deep.equal(started())
      const versions = await server.ask(settings.database, 'select version from schema_version order by version')
      expect(new Set(versions.map(({ version }) => version)).size, 'each step once').to.equal(versions.length)
    })

    it('has the tables, columns and indexes that SQLite has', async () => {
      const file = temporaryFile()
      await (await openStore(options(`sqlite:${file}`))).close()
      const sqlite = openSqlite(file)
      const settings = await server.options()
      await open(settings)
      const columns = await server.ask(settings.database, "select table_name || '.' || column_name || ' ' || is_nullable as name from information_schema.columns where table_schema = 'public'") // prettier-ignore
      const known = await sql<{ name: string }>`
        select m.name || '.' || c.name || case when c."notnull" = 1 or c.pk > 0 then ' NO' else ' YES' end as name
        from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and m.name not like 'sqlite_%'`.execute(sqlite)
      const names = (rows: readonly { readonly name?: unknown }[]) => rows.map(({ name }) => String(name)).sort()
      expect(names(columns)).to.deep.equal(names(known.rows))
      const indexes = await server.ask(settings.database, "select indexrelid::regclass::text as name from pg_index where indexrelid >= 16384 and indrelid::regclass::text !~ '^pg_' and not exists (select from pg_constraint where conindid = indexrelid)") // prettier-ignore
      const made = await sql<{ name: string }>`
        select name from sqlite_master where type = 'index' and name not like 'sqlite_%'`.execute(sqlite)
      await sqlite.destroy()
      expect(names(indexes)).to.deep.equal(names(made.rows)).and.not.to.have.length(0)
      const sorted = await server.ask(settings.database, "select count(*)::int as n from information_schema.columns where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'") // prettier-ignore
      expect(sorted, 'texts in the order of their octets').to.deep.equal([{ n: 0 }])
    })

    it('refuses what it cannot use, and says what to do', async () => {
      const settings = await server.options('bare')
      const { database } = settings
      await refused({ ...settings, postgres: { password: 'wrong' } }, /does not let the user bridge in \(28P01\).*storage\.postgres\.password/) // prettier-ignore
      await refused({ ...settings, database: `${database}-gone` }, /has no database bridge_\d+-gone.*createdb --owner=bridge/) // prettier-ignore
      await refused({ ...settings, database: database.replace(/:\d+/, ':1') }, /127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/) // prettier-ignore
      await refused({ ...settings, postgres: { ...settings.postgres, tls: 'verify' } }, /cannot be reached by TLS/)
      await server.ask('postgres', "create database latin encoding 'SQL_ASCII' template template0")
      await refused({ ...settings, database: database.replace(/bridge_\d+/, 'latin') }, /SQL_ASCII.*UTF8/)
      await server.ask('postgres', "create role guest login password 'guest'")
      await refused({ ...settings, database: database.replace('bridge@', 'guest@'), postgres: { password: 'guest' } }, /does not let the user guest make its tables.*owner to guest/) // prettier-ignore
      await server.ask(database, 'create table recipes (name text)')
      await refused(settings, /belongs to another program/)
    })

    it('holds the server by TLS to the name in the settings, and to the authority that is named there', async () => {
      const settings = await server.options()
      await server.speakTls(await tlsFor({ name: 'localhost' }))
      const { certificatePem: ca } = await authority()
      const by = (host: string, postgres: StoreOptions['postgres']) => ({
        ...{ ...settings, database: settings.database.replace('127.0.0.1', host) },
        postgres: { ...settings.postgres, tls: 'verify' as const, ...postgres },
      })
      try {
        await open(by('localhost', { ca }))
        const ways = await server.ask('postgres', "select ssl, version from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'esia-school-bridge' and datname like 'bridge%' and ssl") // prettier-ignore
        expect(ways[0]).to.deep.equal({ ssl: true, version: 'TLSv1.3' })
        await refused(by('localhost', {}), /cannot be reached by TLS.*storage\.postgres\.ca/)
        await refused(by('127.0.0.1', { ca }), /cannot be reached by TLS \(ERR_TLS_CERT_ALTNAME_INVALID\)/)
      } finally {
        await server.speakTls(undefined)
      }
    })

    it('takes numbers that are no whole milliseconds of a fraction of time', async () => {
      const store = await open({ ...(await server.options()), limits: { idle: 100_001, absolute: 8 * 3_600_000 } })
      await store.logins.start(started())
      await store.logins.claim(claim())
      await store.sessions.touch(session().key, T0 + 60_000)
    })

    it('loses nothing and does nothing twice when the connection breaks in the middle of a claim', async () => {
      const settings = await server.options()
      const store = await open(settings)
      await store.logins.start(started())
      const holder = await openPostgres(addressOf(settings), settings.postgres)
      const broken = await holder.transaction().execute(async trx => {
        await trx.updateTable('logins').set({ chosen: null }).where('id', '=', 'login-1').execute()
        const claiming = failureOf(store.logins.claim(claim()))
        await until(async () => (await blocked(settings.database)) > 0)
        await server.ask(settings.database, "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") // prettier-ignore
        return claiming
      })
      await holder.destroy()
      expect(broken).to.be.instanceOf(StoreUnavailable).and.include({ reason: '57P01' })
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      const answers = await together(i => store.logins.claim(claim({ session: session(`session-${i}`) })))
      expect(answers.filter(answer => answer === 'claimed')).to.have.length(1)
    })

    const blocked = async (database: string): Promise<number> => {
      const rows = await server.ask(database, "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") // prettier-ignore
      return Number(rows[0]!['n'])
    }

    it('is unavailable while the server is gone, and goes on with the same pool when it is back', async () => {
      const store = await open(await server.options())
      await store.logins.start(started())
      await server.stop()
      try {
        for (const ask of [store.check(), store.logins.find('login-1', T0), store.logins.claim(claim())])
          expect(await failureOf(ask)).to.be.instanceOf(StoreUnavailable)
      } finally {
        await server.start()
      }
      await store.check()
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      expect(await store.logins.claim(claim())).to.equal('claimed')
    })

    it('gives up on a server that has gone without a word, and takes a new connection afterwards', async () => {
      const settings = await server.options()
      const way = await wayTo(server.port)
      const database = settings.database.replace(/:\d+/, `:${way.port}`)
      const store = await open({ ...settings, database, postgres: { ...settings.postgres, connections: 2, statementWithin: 4_000, silentFor: 100 } }) // prettier-ignore
      await store.logins.start(started())
      way.swallow(true)
      const asked = [store.check(), store.logins.find('login-1', T0)].map(failureOf)
      for (const error of await Promise.all(asked)) expect(error).to.be.instanceOf(StoreUnavailable)
      way.swallow(false)
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      await store.close()
      opened.splice(0)
      await way.close()
    })
  })

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setImmediate(resolve))
}
