import { expect } from 'chai'
import { traceOf } from '../../src/web/trace.js'

const ID = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('traceparent', () => {
  it('gives the trace-id and the flags (W3C Trace Context, 3.2)', () => {
    expect(traceOf(`00-${ID}-00f067aa0ba902b7-01`)).to.deep.equal({ id: ID, flags: '01' })
    expect(traceOf(`01-${ID}-00f067aa0ba902b7-00-of a version to come`)).to.deep.equal({ id: ID, flags: '00' })
  })

  for (const [why, header] of [
    ['no header', undefined],
    ['two headers', `00-${ID}-00f067aa0ba902b7-01, 00-${ID}-00f067aa0ba902b7-01`],
    ['more behind version 00', `00-${ID}-00f067aa0ba902b7-01-x`],
    ['version ff', `ff-${ID}-00f067aa0ba902b7-01`],
    ['a trace-id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent-id of zeros', `00-${ID}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${ID.toUpperCase()}-00f067aa0ba902b7-01`],
    ['text of a stranger', 'Ёжикова"\n{}'],
  ] as const) {
    it(`takes nothing from ${why}`, () => {
      expect(traceOf(header)).to.equal(undefined)
    })
  }
})
