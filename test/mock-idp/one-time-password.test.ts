/** Codes of devices, held to the vectors of their specifications. */
import { expect } from 'chai'
import fc from 'fast-check'
import { acceptHotp, acceptTotp, base32, hotp, timeStep, totp } from '../../src/mock-idp/accounts/one-time-password.js'

const secret = Buffer.from('12345678901234567890')

describe('mock IdP: codes of devices', () => {
  it('are those of RFC 4226, appendix D', () => {
    const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
    expect(codes.map((_, counter) => hotp(secret, counter))).to.deep.equal(codes)
  })

  it('are those of RFC 6238, appendix B', () => {
    const sha256 = Buffer.from('12345678901234567890123456789012')
    const sha512 = Buffer.from('1234567890123456789012345678901234567890123456789012345678901234')
    const rows = [
      [59, '94287082', '46119246', '90693936'],
      [1111111109, '07081804', '68084774', '25091201'],
      [1111111111, '14050471', '67062674', '99943326'],
      [1234567890, '89005924', '91819424', '93441116'],
      [2000000000, '69279037', '90698825', '38618901'],
      [20000000000, '65353130', '77737706', '47863826'],
    ] as const
    for (const [seconds, one, two, five] of rows) {
      const step = timeStep(seconds * 1000)
      expect(hotp(secret, step, 8)).to.equal(one)
      expect(hotp(sha256, step, 8, 'sha256')).to.equal(two)
      expect(hotp(sha512, step, 8, 'sha512')).to.equal(five)
    }
  })

  it('by time stand for one step before and after, and each once', () => {
    const at = 1_111_111_109_000
    const code = totp(secret, at)
    for (const late of [-30_000, 0, 30_000]) expect(acceptTotp(secret, code, at + late, -1)).to.equal(timeStep(at))
    for (const late of [-60_000, 60_000]) expect(acceptTotp(secret, code, at + late, -1)).to.equal(undefined)
    expect(acceptTotp(secret, code, at, timeStep(at))).to.equal(undefined)
  })

  it('by counter are found a few presses ahead, and never behind', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -5, max: 9 }), (next, ahead) => {
        if (next + ahead < 0) return
        const accepted = acceptHotp(secret, hotp(secret, next + ahead), next)
        if (ahead >= 0 && ahead < 5) expect(accepted).to.equal(next + ahead + 1)
        else expect(accepted).to.equal(undefined)
      }),
      { examples: [[0, 0], [7, 4], [7, 5], [7, -1]] },
    )
  }) // prettier-ignore

  it('have their secret written as RFC 4648, section 10, writes it', () => {
    const rows = [['', ''], ['f', 'MY'], ['fo', 'MZXQ'], ['foo', 'MZXW6'], ['foob', 'MZXW6YQ'], ['foobar', 'MZXW6YTBOI']] // prettier-ignore
    for (const [plain, text] of rows) expect(base32(Buffer.from(plain!))).to.equal(text)
  })
})
