/** A folder as the demo makes it, and answers of its mock IdP; nothing listens. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemChance } from '../../src/base/chance.js'
import { projectFile } from '../../src/base/project-file.js'
import { prepareDemo, type Prepared } from '../../src/demo/prepare.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { makeResponse, type Order } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { run } from './desk.js'

const town = {
  bridge: 'http://localhost:8080',
  idp: 'http://localhost:8081',
  journals: 'http://localhost:8082',
  listen: { host: 'localhost', port: 8080 },
}
export const acsUrl = `${town.bridge}/saml/acs`
export const spEntityId = `${town.bridge}/saml/metadata`
export const idpEntityId = town.idp + path.metadata

export interface Folder {
  readonly path: string
  readonly config: string
  /** @returns the path of a file with this content */
  file(name: string, content: string | Buffer): Promise<string>
  /** An answer for `mother`, as base64. */
  answer(more?: Partial<Order>): string
  remove(): Promise<void>
}

export async function makeFolder(): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-cli-'))
  const metadata = (certificatePem: string) =>
    idpMetadata(idpEntityId, town.idp, [{ privateKeyPem: '', certificatePem }])
  // keys cost most of a second; one set serves every test of a build
  const keys = projectFile('dist/test-keys')
  await prepareDemo(keys, town, Date.now(), metadata, 'rsa-2048')
  await cp(join(keys, 'certs'), join(folder, 'certs'), { recursive: true })
  const prepared = await prepareDemo(folder, town, Date.now(), metadata, 'rsa-2048')
  const ours = readServiceProvider((await run(['sp-metadata', '--config', prepared.configFile])).out)
  return {
    path: folder,
    config: prepared.configFile,
    async file(name, content) {
      await writeFile(join(folder, name), content)
      return join(folder, name)
    },
    answer: more => makeResponse(orderFor(prepared, ours, more)).base64,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

const orderFor = ({ idp }: Prepared, serviceProvider: Order['serviceProvider'], more: Partial<Order> = {}): Order => ({
  entityId: idpEntityId,
  key: idp,
  serviceProvider,
  acsUrl,
  inResponseTo: '_request',
  person: personOfKey(defaultPeople(), 'mother')!,
  capacity: { role: 'P' },
  now: Date.now(),
  chance: systemChance,
  ...more,
})
