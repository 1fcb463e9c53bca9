import { expect } from 'chai'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder, type Folder } from './folder.js'
import { run } from './desk.js'

describe('sp-metadata', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))

  it('prints ours before the IdP has sent its own and any journal has its key', async () => {
    const home = dirname(folder.config)
    rmSync(join(home, 'idp.xml'))
    rmSync(join(home, 'certs', 'sgo.key'))
    const { code, out } = await run(['sp-metadata', '--config', folder.config])
    expect(code).to.equal(0)
    expect(out).to.include('EntityDescriptor').and.to.include('SPSSODescriptor')
    expect((await run(['check-config', '--config', folder.config])).code, 'the rest is still missing').to.equal(1)
  })

  it('needs our own keys', async () => {
    rmSync(join(dirname(folder.config), 'certs', 'sp-signing.key'))
    const { code, err } = await run(['sp-metadata', '--config', folder.config])
    expect(code).to.equal(2)
    expect(err).to.include('sp-signing.key').and.to.include('make-certs')
  })
})
