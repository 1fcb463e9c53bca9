/** The mock IdP as a program of its own. */
import { expect } from 'chai'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { Browser } from '../support/browser.js'
import { at, makeParties, startStand } from './stand.js'

const program = projectFile('dist/src/mock-idp/main.js')

describe('mock IdP: program', () => {
  let folder: string
  let keys: string[]
  before(async () => {
    const { key } = await makeParties()
    folder = mkdtempSync(join(tmpdir(), 'mock-idp-'))
    writeFileSync(join(folder, 'idp.key'), key.privateKeyPem)
    writeFileSync(join(folder, 'idp.crt'), key.certificatePem)
    keys = ['--key', join(folder, 'idp.key'), '--cert', join(folder, 'idp.crt')]
  })
  after(() => rmSync(folder, { recursive: true }))

  it('starts, says where it is, and serves its metadata', async () => {
    const child = spawn(process.execPath, [program, '--port', '0', ...keys])
    try {
      const [words] = (await once(child.stdout, 'data')) as [Buffer]
      const address = /metadata: (\S+)/.exec(words.toString())![1]!
      expect((await new Browser().get(address)).text).to.include(`entityID="${address}"`)
    } finally {
      child.kill()
    }
  })

  it('says in one line that the port is taken, or that a file is missing, and ends with 2', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const taken = spawnSync(process.execPath, [program, '--port', String(port), ...keys], { encoding: 'utf8' })
    server.close()
    expect(taken).to.include({ status: 2, stderr: 'The port is taken by another program; choose one with --port.\n' })
    const missing = spawnSync(process.execPath, [program, ...keys, '--sp-metadata', 'nowhere.xml'], {
      encoding: 'utf8',
    })
    expect(missing).to.include({ status: 2, stderr: 'nowhere.xml: there is no such file.\n' })
  })
})

describe('mock IdP: metadata of service providers', () => {
  let xml: string
  before(async () => (xml = spMetadata((await makeParties()).sp)))

  const unusable: readonly (readonly [string, (xml: string) => string, RegExp])[] = [
    ['no XML', () => 'nonsense', /well-formed/],
    ['cut short', text => text.slice(0, -9), /well-formed/],
    ['a DTD', text => text.replace('?>', '?><!DOCTYPE a>'), /document type/],
    ['no service provider', text => text.replaceAll('SPSSODescriptor', 'Other'), /not metadata/],
    ['no address for answers', text => text.replaceAll('HTTP-POST', 'PAOS'), /AssertionConsumerService/],
    ['a broken certificate', text => text.replace(/(<ds:X509Certificate>)[^<]{20}/g, '$1AAAA'), /certificate/],
  ]
  for (const [name, change, words] of unusable) {
    it(`is refused: ${name}`, () => {
      expect(change(xml)).not.to.equal(xml)
      expect(() => readServiceProvider(change(xml))).to.throw(words)
    })
  }

  it('that is broken where it is published leaves the request unanswered, and is read when it is mended', async () => {
    let published = 'nonsense'
    const server = createServer((_request, response) => response.end(published))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const stand = await startStand({ serviceProviders: [address] })
    const browser = new Browser()
    expect((await browser.get(stand.request())).status).to.equal(400)
    published = xml
    expect((await browser.get(stand.request())).status).to.equal(200)
    published = 'nonsense'
    stand.clock.time = at + 60_000
    expect((await browser.get(stand.request())).status).to.equal(200)
    await stand.idp.close()
    server.close()
  })
})
