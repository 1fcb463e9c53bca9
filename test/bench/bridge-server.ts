/**
 * The real bridge in a process of its own: settings, SQLite file and log in a temporary folder. Its parent posts and asks for
 * figures, and may say where the folder shall lie, name a PostgreSQL database, or give a folder that it has prepared, in which
 * several of them may work.
 */
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { compose } from '../../src/compose.js'
import { path } from '../../src/mock-idp/metadata.js'
import { warmUp } from '../../src/saml/gate.js'
import { serve } from '../../src/serve.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { answerParent, type Ready } from './child.js'
import { idpUrl, importDemoPeople, prepareTown, type BenchTown } from './town.js'

interface Given {
  readonly below?: string
  readonly postgres?: string
  /** Made and removed by the parent. */
  readonly made?: BenchTown
}

const given = JSON.parse(process.argv[2]!) as Given
const { below = tmpdir(), postgres } = given
const storage =
  postgres === undefined ? undefined : { database: postgres, postgres: { password: { env: 'PGPASSWORD' } } }
const { folder, town, prepared } = given.made ?? (await prepareTown({ below, storage }))
const log = pino({ base: null }, pino.destination({ dest: join(folder, `bridge-${process.pid}.log`), sync: true }))
const bridge = await compose(loadConfiguration(prepared.configFile, process.env), log)
warmUp()
if (!given.made) await importDemoPeople(bridge.store)
const server = await serve(bridge, { ...town.listen, ...(given.made && { port: 0 }) })
const ready: Ready = {
  url: `http://127.0.0.1:${server.port}`,
  publicUrl: town.bridge,
  metadata: bridge.web.metadata(),
  idp: { entityId: idpUrl + path.metadata, ...prepared.idp },
  decryptionPem: await readFile(join(folder, 'certs', 'sp-encryption.key'), 'utf8'),
}
answerParent(ready, async () => {
  await server.close()
  if (!given.made) await rm(folder, { recursive: true })
})
