import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { startTestTown, type TestTown } from '../support/town.js'
import { ownRedis, redisServer, type RedisServer } from '../support/redis.js'
import { run } from './desk.js'
import { englishIn } from './in-russian.js'

if (await redisServer())
  describe('command: doctor, with short-lived records in Redis', () => {
    let redis: RedisServer
    let town: TestTown
    before(async () => {
      redis = await ownRedis()
      town = await startTestTown({
        more: { storage: { database: 'sqlite:data/bridge.db', shortLived: redis.address } },
      })
    })
    after(() => town.close())
    const doctor = () => run(['doctor', '--config', town.prepared.configFile])

    it('sees that the server takes a write, and says whose keys these are', async () => {
      const { out, code } = await doctor()
      expect(code, out).to.equal(0)
      expect(out).to.match(
        /✓ green +redis +Redis 7\.\d+\.\d+ takes a write, under keys that begin with bridge:\{[\w-]{12}\}:/,
      )
      expect(out).to.match(/✓ green +database/)
    })

    it('sees a clock that is wrong, and a server that keeps its policy to itself', async () => {
      town.clock.forward(2 * 60_000)
      await redis.ask('ACL', 'SETUSER', 'default', '-info')
      const { out } = await run(['doctor', '--config', town.prepared.configFile], { clock: town.clock })
      const russian = await run(['doctor', '--config', town.prepared.configFile, '--language', 'ru'], {
        clock: town.clock,
      })
      await redis.ask('ACL', 'SETUSER', 'default', '+info')
      expect(out).to.match(/! yellow +redis +the server keeps its maxmemory-policy to itself/)
      expect(out).to.match(/! yellow +redis +its clock is 1\d\d s behind ours/)
      expect(russian.out)
        .to.match(/! внимание +Redis +сервер Redis не говорит, какая у него maxmemory-policy/)
        .and.match(/! внимание +Redis +часы сервера Redis отстают от наших на 1\d\d с/)
        .and.match(/✓ хорошо +Redis +Redis неизвестной версии принимает запись/)
      for (const line of russian.out.split('\n')) expect(englishIn(line), line).to.equal(undefined)
    })

    it('is red where the server drops records or is gone, and green about the database all the same', async () => {
      await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
      const dropping = await doctor()
      expect(dropping.code).to.equal(1)
      expect(dropping.out)
        .to.match(/✗ red +redis .*allkeys-lru/)
        .and.match(/fix: Set maxmemory-policy to noeviction/)
      await redis.kill()
      const gone = await doctor()
      expect(gone.out)
        .to.match(/✗ red +redis .*does not answer \(ECONNREFUSED\)/)
        .and.match(/✓ green +database/)
      await redis.start()
    })

    it('warns of a server that everybody on the way can read, or that asks nobody for a password', async () => {
      const yaml = await readFile(town.prepared.configFile, 'utf8')
      const file = join(town.folder, 'plain.yaml')
      await writeFile(file, yaml.replace(redis.address, redis.address.replace('127.0.0.1', 'localhost.localdomain')))
      const { out } = await run(['doctor', '--config', file])
      expect(out).to.match(/! yellow +settings .*everybody on the way to the short-lived records/)
    })
  })
