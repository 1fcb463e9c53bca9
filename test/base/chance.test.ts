import { expect } from 'chai'
import { randomId, type Chance } from '../../src/base/chance.js'

const drawing = (first: number): Chance => ({ bytes: count => Buffer.alloc(count, 7).fill(first, 0, 1) })

describe('randomId', () => {
  it('is 27 characters of base64url', () => {
    for (let first = 0; first < 256; first++) expect(randomId(drawing(first))).to.match(/^[\w-]{27}$/)
  })

  it('never begins with a hyphen: on a command line it would be an option', () => {
    const dashed = drawing(0xf8)
    expect(dashed.bytes(20).toString('base64url')).to.match(/^-/)
    expect(randomId(dashed)).to.equal(dashed.bytes(20).toString('base64url').replace('-', 'A'))
  })
})
