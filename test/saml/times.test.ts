import { expect } from 'chai'
import fc from 'fast-check'
import { parseTime } from '../../src/saml/times.js'

describe('times', () => {
  it('reads what Date writes, to the millisecond', () => {
    const range = { min: Date.parse('1000-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59.999Z') }
    fc.assert(fc.property(fc.integer(range), at => parseTime(new Date(at).toISOString()) === at))
  })

  const read: readonly (readonly [string, string])[] = [
    ['2026-09-01T08:00:00Z', '2026-09-01T08:00:00.000Z'],
    ['2026-09-01T08:00:00.5Z', '2026-09-01T08:00:00.500Z'],
    ['2026-09-01T08:00:00.123999999Z', '2026-09-01T08:00:00.123Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
  ]
  for (const [text, as] of read) it(text, () => expect(new Date(parseTime(text)!).toISOString()).to.equal(as))

  const refused = [
    '', 'Z', '2026-09-01', '2026-09-01T08:00:00', '2026-09-01T08:00:00+00:00', '2026-09-01T08:00:00z', '2026-09-01t08:00:00Z',
    '2026-09-01 08:00:00Z', '2026-09-01T08:00Z', '2026-09-01T08:00:00.Z', '2026-09-01T08:00:00.1234567890123Z', '2026-09-01T08:00:00,5Z',
    '2026-09-01T24:00:00Z', '2026-09-01T08:60:00Z', '2026-09-01T08:00:60Z', '2026-13-01T08:00:00Z', '2026-00-01T08:00:00Z',
    '2026-02-29T08:00:00Z', '2026-09-31T08:00:00Z', '2026-09-00T08:00:00Z', '12026-09-01T08:00:00Z', '-026-09-01T08:00:00Z', '0026-09-01T08:00:00Z',
    '2026-09-01T08:00:00.5 Z', '２026-09-01T08:00:00Z',
  ] // prettier-ignore
  for (const text of refused) it(`${text || '(nothing)'} is none`, () => expect(parseTime(text)).to.equal(undefined))
})
