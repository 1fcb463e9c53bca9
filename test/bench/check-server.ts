/** The real bridge in a process of its own, with one person inside a journal that stands behind a proxy. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { compose } from '../../src/compose.js'
import { prepareDemo } from '../../src/demo/prepare.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { serve } from '../../src/serve.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { entryOf } from '../contract/connector.js'
import { HOUR, key, session, signIn } from '../contract/samples.js'
import { answerParent } from './child.js'

const folder = await mkdtemp(join(tmpdir(), 'bench-check-'))
const nowhere = 'http://127.0.0.1:9'
const town = { bridge: nowhere, idp: nowhere, journals: nowhere, listen: { host: '127.0.0.1', port: 0 } }
const prepared = await prepareDemo(
  folder,
  town,
  Date.now() - 86_400_000,
  certificatePem => idpMetadata(nowhere + path.metadata, nowhere, [{ privateKeyPem: '', certificatePem }]),
  'rsa-2048',
)
const log = pino({ base: null }, pino.destination({ dest: join(folder, 'bridge.log'), sync: true }))
const bridge = await compose(loadConfiguration(prepared.configFile, {}), log)

const now = Date.now()
await signIn(bridge.store, session('session-1', { idleEndsAt: now + HOUR, endsAt: now + 8 * HOUR }))
const { content } = bridge.web.ports.journals.get('headers')!.door.handOff(entryOf()).deposit!
const secret = 'A'.repeat(27)
await bridge.store.visits.open(secret, { journal: 'headers', session: key('session-1'), content }, now)

const server = await serve(bridge, town.listen)
answerParent(
  {
    url: `http://127.0.0.1:${server.port}/auth/headers/check`,
    metadata: `vhod-visit-headers=${secret}`,
    idp: { entityId: '', ...prepared.idp },
    decryptionPem: '',
  },
  async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  },
)
