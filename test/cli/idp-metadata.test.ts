import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import {
  alone,
  IDP_ONE,
  makeParties,
  pinned,
  startPublisher,
  type Parties,
  type Publisher,
} from '../support/publisher.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

describe('bridge idp-metadata', () => {
  let folder: Folder
  let parties: Parties
  let publisher: Publisher
  before(async () => {
    folder = await makeFolder()
    parties = await makeParties()
    publisher = await startPublisher(parties)
    const yaml = readFileSync(folder.config, 'utf8')
    const written = yaml.replace('metadata: idp.xml', `metadata: ${publisher.address}`)
    expect(written).to.not.equal(yaml)
    writeFileSync(folder.config, written)
  })
  after(async () => {
    await publisher.close()
    await folder.remove()
  })

  const ask = (...args: string[]) =>
    run(['idp-metadata', ...args, '--config', folder.config], {
      network: { authorities: [parties.server.certificatePem] },
    })
  const publish = (...keys: (0 | 1 | 2)[]) => publisher.publish(alone({ keys: keys.map(i => parties.keys[i]) }))

  it('fetches, shows a change with the fingerprints, and lets a person decide', async () => {
    expect(await ask('list')).to.include({ code: 1 })
    publish(0)
    expect((await ask('refresh')).out).to.match(/https:\/\/one\.example\/idp\n {2}from /)
    expect(await ask('show')).to.deep.include({ code: 0, out: 'No change waits.\n' })
    publish(1)
    const after = await ask('refresh')
    expect(after).to.include({ code: 1 })
    expect(after.out).to.match(/a change waits/)
    const shown = await ask('show')
    expect(shown.out).to.include(`+ signs with ${pinned(parties.keys[1]).fingerprint}`)
    expect(shown.out).to.include(`- signs with ${pinned(parties.keys[0]).fingerprint}`)
    const id = /^Change (\S+)/.exec(shown.out)![1]!
    expect(await ask('reject', id)).to.include({ code: 0 })
    expect(await ask('list')).to.include({ code: 0 })
    expect((await ask('approve', id)).out).to.match(/^Approved: change .* within a minute\.\n$/)
    const validated = await run(['list-certs', '--config', folder.config])
    expect(validated.out).to.include(pinned(parties.keys[1]).fingerprint)
    expect((await ask('rollback', IDP_ONE)).out).to.match(/^Rolled back: https:\/\/one\.example\/idp/)
    expect((await run(['list-certs', '--config', folder.config])).out).to.include(pinned(parties.keys[0]).fingerprint)
  })

  it('says what cannot be done, and why', async () => {
    expect(await ask('dance')).to.deep.include({ code: 2 })
    expect((await ask('approve', 'nothing')).err).to.match(/No change nothing waits\. See: .* show/)
    expect((await ask('rollback', 'https://nobody.example')).err).to.match(/no earlier copy is kept/)
  })

  it('tells a source that fails', async () => {
    publisher.behave((_, response) => void response.writeHead(500).end())
    const failed = await ask('refresh')
    expect(failed).to.include({ code: 1 })
    expect(failed.out).to.match(/stale since .* status 500/)
    expect((await ask('list', '--json')).json()).to.have.property('schemaVersion')
  })
})
