/** The contracts, on every database that the bridge knows. */
import { copyFileSync } from 'node:fs'
import { openStore } from '../../src/store/open.js'
import { auditContract } from '../contract/audit.js'
import { chainContract } from '../contract/chain.js'
import { codesContract } from '../contract/codes.js'
import { attemptsContract } from '../contract/attempts.js'
import { confirmationsContract } from '../contract/confirmations.js'
import { consentsContract } from '../contract/consents.js'
import { creationsContract } from '../contract/creations.js'
import { destructionsContract } from '../contract/destructions.js'
import { copiesContract } from '../contract/copies.js'
import { intakeContract } from '../contract/intake.js'
import { linksContract } from '../contract/links.js'
import { loginsContract } from '../contract/logins.js'
import { logoutsContract } from '../contract/logouts.js'
import { obeyedLogoutsContract } from '../contract/obeyed-logouts.js'
import { noticesContract } from '../contract/notices.js'
import { messagesContract } from '../contract/messages.js'
import { pseudonymsContract } from '../contract/pseudonyms.js'
import { racesContract } from '../contract/races.js'
import { requestsContract } from '../contract/requests.js'
import { retentionContract } from '../contract/retention.js'
import { rateCountsContract } from '../contract/rate-counts.js'
import { rosterContract } from '../contract/roster.js'
import { enteringContract } from '../contract/entering.js'
import { sessionsContract } from '../contract/sessions.js'
import { watchingContract } from '../contract/watching.js'
import { visitsContract } from '../contract/visits.js'
import type { Open } from '../contract/samples.js'
import { emptyOf, openNodes } from '../support/nodes.js'
import { postgresServer } from '../support/postgres.js'
import { redisServer } from '../support/redis.js'
import { options, temporaryFile } from './databases.js'

let template: string | undefined

/** A copy of one empty database: to make its tables anew would cost each test a dozen waits for the disk. */
async function openCopy(): ReturnType<Open> {
  if (template === undefined) {
    template = temporaryFile()
    await (await openStore(options(`sqlite:${template}`))).close()
  }
  const file = temporaryFile()
  copyFileSync(template, file)
  return openStore(options(`sqlite:${file}`))
}

const postgres = await postgresServer()
const redis = await redisServer()

/** The same with what is short-lived in Redis, which outlives the file. */
async function openBesideRedis(): ReturnType<Open> {
  const store = await openStore({ ...options('sqlite::memory:'), shortLived: redis!.options() })
  return {
    ...store,
    async close() {
      await emptyOf(redis!, store)
      await store.close()
    },
  }
}

const drivers: readonly (readonly [string, Open])[] = [
  ['SQLite file', openCopy],
  ['SQLite in memory', () => openStore(options('sqlite::memory:'))],
  ...(postgres ? [['PostgreSQL, four nodes', openNodes(postgres, 4)] as const] : []),
  ...(postgres && redis ? [['PostgreSQL and Redis, four nodes', openNodes(postgres, 4, redis)] as const] : []),
]

for (const [driver, open] of drivers) {
  loginsContract(driver, open)
  intakeContract(driver, open)
  sessionsContract(driver, open)
  enteringContract(driver, open)
  visitsContract(driver, open)
  watchingContract(driver, open)
  linksContract(driver, open)
  creationsContract(driver, open)
  requestsContract(driver, open)
  codesContract(driver, open)
  attemptsContract(driver, open)
  rateCountsContract(driver, open)
  logoutsContract(driver, open)
  obeyedLogoutsContract(driver, open)
  noticesContract(driver, open)
  rosterContract(driver, open)
  retentionContract(driver, open)
  auditContract(driver, open)
  confirmationsContract(driver, open)
  messagesContract(driver, open)
  chainContract(driver, open)
  consentsContract(driver, open)
  destructionsContract(driver, open)
  copiesContract(driver, open)
  pseudonymsContract(driver, open)
  racesContract(driver, open)
}

// the ports that Redis takes over; all of them together stand on PostgreSQL
if (redis)
  for (const contract of [
    ...[loginsContract, sessionsContract, enteringContract, visitsContract, rateCountsContract],
    ...[logoutsContract, obeyedLogoutsContract, noticesContract, retentionContract],
  ])
    contract('SQLite and Redis', openBesideRedis)
