import { expect } from 'chai'
import fc from 'fast-check'
import { nearMiss } from '../../src/settings/near-miss.js'
import { isOrigin, isProxyAddress, milliseconds } from '../../src/settings/values.js'

describe('values of settings', () => {
  it('reads durations', () => {
    expect(['90s', '10m', '8h', '7d', '0s'].map(milliseconds)).to.deep.equal([
      90_000, 600_000, 28_800_000, 604_800_000, 0,
    ])
    for (const text of ['', '10', 'm', '1.5h', '-1m', '10 m', '10M', '1w', '10m ', '９s', '1e3s', '9999999s'])
      expect(milliseconds(text), text).to.equal(undefined)
  })

  it('knows an origin', () => {
    for (const text of ['https://a.example', 'https://a.example:8443', 'http://localhost:8080', 'http://127.0.0.1'])
      expect(isOrigin(text), text).to.equal(true)
    for (const text of [
      'https://a.example/',
      'https://a.example:443',
      'https://A.example',
      'https://u@a.example',
      'https://a.example?x',
      'https://вход.рф',
      'http://a.example',
      'http://localhost.evil.example',
      'http://localhost:8080/',
      'ftp://a.example',
      'a.example',
      '',
    ])
      expect(isOrigin(text), text).to.equal(false)
  })

  it('knows addresses of proxies, and that the whole internet is none', () => {
    for (const text of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8']) expect(isProxyAddress(text), text).to.equal(true)
    for (const text of ['0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', 'proxy', '10.0.0.1:80', ''])
      expect(isProxyAddress(text), text).to.equal(false)
  })

  const known = ['publicUrl', 'listen', 'idle', 'clockSkew', 'entityId']
  it('guesses what was meant', () => {
    const guesses = {
      publicURL: 'publicUrl',
      public_url: 'publicUrl',
      lsiten: 'listen',
      clockskw: 'clockSkew',
      idel: 'idle',
    }
    for (const [written, meant] of Object.entries(guesses)) expect(nearMiss(written, known), written).to.equal(meant)
    for (const written of ['', 'x', 'port', 'unrelated', 'идти'])
      expect(nearMiss(written, known), written).to.equal(undefined)
  })

  it('guesses every word from one slip', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.nat(8), fc.string({ minLength: 0, maxLength: 1 }), (word, at, sign) => {
        const place = Math.min(at, word.length - 1)
        expect(nearMiss(word.slice(0, place) + sign + word.slice(place + 1), known)).to.equal(word)
      }),
    )
  })
})
