/**
 * The real bridge in a process of its own: settings, SQLite file and log in a temporary folder. Its parent posts and asks for
 * figures, and may say where the folder shall lie.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { projectFile } from '../../src/base/project-file.js'
import { compose, nature } from '../../src/compose.js'
import { prepareDemo } from '../../src/demo/prepare.js'
import { importRoster } from '../../src/identity/roster-import.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { warmUp } from '../../src/saml/gate.js'
import { serve } from '../../src/serve.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { answerParent, type Ready } from './child.js'

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

const { below = tmpdir() } = JSON.parse(process.argv[2]!) as { below?: string }
const folder = await mkdtemp(join(below, 'bench-bridge-'))
const port = await freePort()
const idpUrl = 'http://127.0.0.1:9'
const town = {
  bridge: `http://127.0.0.1:${port}`,
  idp: idpUrl,
  journals: 'http://127.0.0.1:9',
  listen: { host: '127.0.0.1', port },
}
const prepared = await prepareDemo(
  folder,
  town,
  Date.now() - 86_400_000,
  certificatePem => idpMetadata(idpUrl + path.metadata, idpUrl, [{ privateKeyPem: '', certificatePem }]),
  'rsa-2048',
)
const log = pino({ base: null }, pino.destination({ dest: join(folder, 'bridge.log'), sync: true }))
const bridge = await compose(loadConfiguration(prepared.configFile, {}), log)
warmUp()
const csv = await readFile(projectFile('docs/examples/roster-school-1.csv'))
await importRoster(bridge.store.roster, csv, {
  journal: 'sgo',
  school: 'school-1',
  dryRun: false,
  now: nature.clock.now(),
})
const server = await serve(bridge, town.listen)
const ready: Ready = {
  url: town.bridge,
  metadata: bridge.web.metadata(),
  idp: { entityId: idpUrl + path.metadata, ...prepared.idp },
  decryptionPem: await readFile(join(folder, 'certs', 'sp-encryption.key'), 'utf8'),
}
answerParent(ready, async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
