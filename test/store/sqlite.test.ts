/** The contracts on SQLite, and what only a database file can do. */
import { copyFileSync } from 'node:fs'
import { openStore } from '../../src/store/open.js'
import { auditContract } from '../contract/audit.js'
import { codesContract } from '../contract/codes.js'
import { attemptsContract } from '../contract/attempts.js'
import { consentsContract } from '../contract/consents.js'
import { destructionsContract } from '../contract/destructions.js'
import { copiesContract } from '../contract/copies.js'
import { intakeContract } from '../contract/intake.js'
import { linksContract } from '../contract/links.js'
import { loginsContract } from '../contract/logins.js'
import { logoutsContract } from '../contract/logouts.js'
import { obeyedLogoutsContract } from '../contract/obeyed-logouts.js'
import { noticesContract } from '../contract/notices.js'
import { pseudonymsContract } from '../contract/pseudonyms.js'
import { requestsContract } from '../contract/requests.js'
import { retentionContract } from '../contract/retention.js'
import { rosterContract } from '../contract/roster.js'
import { enteringContract } from '../contract/entering.js'
import { sessionsContract } from '../contract/sessions.js'
import { visitsContract } from '../contract/visits.js'
import type { Open } from '../contract/samples.js'
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

const drivers: readonly (readonly [string, Open])[] = [
  ['SQLite file', openCopy],
  ['SQLite in memory', () => openStore(options('sqlite::memory:'))],
]

for (const [driver, open] of drivers) {
  loginsContract(driver, open)
  intakeContract(driver, open)
  sessionsContract(driver, open)
  enteringContract(driver, open)
  visitsContract(driver, open)
  linksContract(driver, open)
  requestsContract(driver, open)
  codesContract(driver, open)
  attemptsContract(driver, open)
  logoutsContract(driver, open)
  obeyedLogoutsContract(driver, open)
  noticesContract(driver, open)
  rosterContract(driver, open)
  retentionContract(driver, open)
  auditContract(driver, open)
  consentsContract(driver, open)
  destructionsContract(driver, open)
  copiesContract(driver, open)
  pseudonymsContract(driver, open)
}
