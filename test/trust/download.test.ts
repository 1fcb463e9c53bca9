import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createDownload } from '../../src/trust/download.js'
import { FetchError } from '../../src/trust/ports.js'
import { makeParties, startPublisher, type Behaviour, type Publisher } from '../support/publisher.js'

const MOST = 1024 * 1024

describe('fetching metadata', () => {
  let publisher: Publisher
  let authorities: readonly string[]
  before(async () => {
    const parties = await makeParties()
    authorities = [parties.server.certificatePem]
    publisher = await startPublisher(parties)
  })
  after(() => publisher.close())

  const fetchFrom = (address: string, options = {}) => createDownload({ authorities, ...options })(address, MOST, {})
  const textOf = async (address = publisher.address): Promise<string> => {
    const fetched = await fetchFrom(address)
    return fetched.is === 'new' ? Buffer.from(fetched.octets).toString() : 'same'
  }
  async function complaint(address = publisher.address, options = {}): Promise<string> {
    try {
      await fetchFrom(address, options)
    } catch (error) {
      if (error instanceof FetchError) return error.message
      throw error
    }
    throw new Error('it was fetched')
  }
  const leadTo =
    (status: number, location: string): Behaviour =>
    ({ url }, response) => {
      if (url === '/metadata') response.writeHead(status, { location })
      response.end('<fine/>')
    }

  it('gives the octets, and what to ask with the next time', async () => {
    publisher.publish('<Ж/>', { etag: '"1"', 'last-modified': 'Tue, 01 Sep 2026 08:00:00 GMT' })
    const fetched = await fetchFrom(publisher.address)
    expect(fetched).to.deep.include({ is: 'new', etag: '"1"', lastModified: 'Tue, 01 Sep 2026 08:00:00 GMT' })
    expect(await createDownload({ authorities })(publisher.address, MOST, { etag: '"1"' })).to.deep.equal({
      is: 'same',
    })
    expect(publisher.asked.at(-1)?.etag).to.equal('"1"')
  })

  for (const status of [301, 302, 303, 307, 308])
    it(`IIP-MD02 follows a redirect with ${status}, relative or absolute`, async () => {
      publisher.behave(leadTo(status, '/elsewhere'))
      expect(await textOf()).to.equal('<fine/>')
      publisher.behave(leadTo(status, new URL('/elsewhere', publisher.address).href))
      expect(await textOf()).to.equal('<fine/>')
    })

  const troubles: readonly (readonly [string, Behaviour, RegExp])[] = [
    ['a server error', (_, response) => void response.writeHead(500).end('secret words'), /answers with status 500$/],
    ['an empty answer', (_, response) => void response.end(), /sends nothing$/],
    ['a body that is cut off', (_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('<half', () => response.destroy())
    }, /broke the connection off/],
    ['a body without end', (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20)));
      }
      response.on('drain', more)
      more()
    }, /sends more than 1 MiB$/],
    ['a redirect in a circle', leadTo(302, '/metadata'), /more than 5 times$/],
    ['a redirect to http', leadTo(302, 'http://localhost/metadata'), /not https \(http:\/\/localhost\)$/],
    ['a redirect to a file', leadTo(302, 'file:///etc/passwd'), /not https \(file:\/\/\)$/],
    ['a redirect to nothing', leadTo(302, 'https://'), /no address$/],
    ['a packed answer', (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'), /packed/],
  ] // prettier-ignore
  for (const [what, behaviour, sentence] of troubles)
    it(`tells ${what}, and nothing of what was sent`, async () => {
      publisher.behave(behaviour)
      expect(await complaint())
        .to.match(sentence)
        .and.not.match(/secret|half/)
    })

  it('gives up a server that never answers', async () => {
    publisher.behave(() => undefined)
    expect(await complaint(publisher.address, { timeout: 150 })).to.match(/does not answer in time$/)
  })

  it('tells a name that nobody knows, and a port where nobody listens', async () => {
    expect(await complaint('https://nobody.invalid/')).to.match(/nobody\.invalid .*DNS/)
    expect(await complaint('https://localhost:1/')).to.match(/localhost:1 refuses the connection$/)
  })

  it('trusts no certificate of an unknown authority or of another name', async () => {
    publisher.publish('<fine/>')
    expect(await complaint(publisher.address, { authorities: [] })).to.match(/NODE_EXTRA_CA_CERTS$/)
    expect(await complaint(publisher.address.replace('localhost', '127.0.0.1'))).to.match(/another name|refuses/)
  })

  it('fetches over http for a demonstration only', async () => {
    const plain = createServer((_, response) => void response.end('<fine/>'))
    await new Promise<void>(resolve => plain.listen(0, 'localhost', resolve))
    const address = `http://localhost:${(plain.address() as AddressInfo).port}/`
    expect(await complaint(address)).to.match(/not https/)
    expect(await fetchFrom(address, { allowHttp: true })).to.include({ is: 'new' })
    await new Promise(resolve => plain.close(resolve))
  })
})
