import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { newRequestNumber, parseRequestNumber } from '../../src/base/request-number.js'

describe('request number', () => {
  it('is read back as it was printed', () => {
    const number = newRequestNumber(systemChance)
    expect(parseRequestNumber(number.toLowerCase().replace('-', ' '))).to.equal(number)
  })
})
