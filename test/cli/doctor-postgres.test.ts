import { expect } from 'chai'
import { postgresServer } from '../support/postgres.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { run } from './desk.js'

const server = await postgresServer()

if (server)
  describe('command: doctor, over PostgreSQL', () => {
    let town: TestTown
    let database: string
    before(async () => {
      const storage = await server.storage()
      database = String(storage['database'])
      town = await startTestTown({ more: { storage } })
    })
    after(() => town.close())

    const ask = (statement: string) => server.ask(database, statement)
    const doctor = async () => (await run(['doctor', '--config', town.prepared.configFile])).out

    it('warns of what a power cut would undo, as long as it is switched off', async () => {
      // the server of the tests waits for no disk
      expect(await doctor())
        .to.match(/! yellow +database +the PostgreSQL server runs with fsync = off, full_page_writes = off, synchronous_commit = off: a power cut/)
        .and.match(/fix: switch it on: docs\/postgresql\.md/) // prettier-ignore
      // of this database and of nobody else's
      await ask(`alter database ${database.replace(/^.*\//, '')} set synchronous_commit = local`)
      expect(await doctor()).to.match(/runs with fsync = off, full_page_writes = off: /)
    })
  })
