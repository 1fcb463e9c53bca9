import { expect } from 'chai'
import { FailedCalls } from '../../src/login/failed-calls.js'

describe('failed calls of journals', () => {
  const open = () => {
    const clock = { at: 1_000_000, now: () => clock.at }
    const calls = new FailedCalls(clock)
    const fail = (times: number, address: (i: number) => string, journal = 'sgo') => {
      for (let i = 0; i < times; i++) calls.failed(address(i), journal)
    }
    return { clock, calls, fail }
  }
  const from = (address: string) => () => address
  const everywhere = (i: number) => `10.0.${i >> 8}.${i & 255}`

  it('are twenty a minute from one address, then the address waits until its minute is over', () => {
    const { clock, calls, fail } = open()
    fail(19, from('192.0.2.1'))
    expect(calls.tooMany('192.0.2.1', 'eljur')).to.equal(undefined)
    fail(1, from('192.0.2.1'))
    expect(calls.tooMany('192.0.2.1', 'eljur')).to.deep.equal({ seconds: 60, whose: 'address', first: true })
    expect(calls.tooMany('192.0.2.2', 'eljur')).to.equal(undefined)
    clock.at += 59_001
    expect(calls.tooMany('192.0.2.1', 'eljur')).to.deep.equal({ seconds: 1, whose: 'address', first: false })
    clock.at += 999
    expect(calls.tooMany('192.0.2.1', 'eljur')).to.equal(undefined)
    fail(1, from('192.0.2.1'))
    expect(calls.tooMany('192.0.2.1', 'eljur')).to.equal(undefined)
  })

  it('are counted together for the addresses of one IPv6 network', () => {
    const { calls, fail } = open()
    fail(20, i => `2001:db8:0:1::${(i + 1).toString(16)}`)
    expect(calls.tooMany('2001:db8:0:1:ffff:1:2:3', '')).to.include({ whose: 'address' })
    expect(calls.tooMany('2001:db8:0:2::1', '')).to.equal(undefined)
    fail(20, from('::1'))
    expect(calls.tooMany('::2', '')).to.include({ whose: 'address' })
    expect(calls.tooMany('::ffff:192.0.2.1', '')).to.equal(undefined)
  })

  it('are two hundred a minute in the name of one journal, and do not shut it out where it has proved itself', () => {
    const { clock, calls, fail } = open()
    calls.succeeded('192.0.2.1', 'sgo')
    fail(200, everywhere)
    expect(calls.tooMany('192.0.2.2', 'sgo')).to.include({ whose: 'journal' })
    expect(calls.tooMany('192.0.2.2', 'eljur'), 'another journal').to.equal(undefined)
    expect(calls.tooMany('192.0.2.1', 'sgo'), 'its own server').to.equal(undefined)
    fail(20, from('192.0.2.1'))
    expect(calls.tooMany('192.0.2.1', 'sgo'), 'who fails there, too').to.include({ whose: 'address' })
    clock.at += 60_000
    expect(calls.tooMany('192.0.2.2', 'sgo')).to.equal(undefined)
  })

  it('take no more memory than ten thousand addresses need', () => {
    const { calls, fail } = open()
    fail(20, from('192.0.2.1'))
    fail(10_001, everywhere)
    expect(calls.tooMany('192.0.2.1', 'eljur'), 'the oldest count gave way').to.equal(undefined)
    expect(calls.tooMany('192.0.2.1', 'sgo')).to.include({ whose: 'journal' })
  })
})
