/** Large metadata are read beside the event loop, and mean the same there. */
import { expect } from 'chai'
import { MetadataError } from '../../src/saml/metadata.js'
import { LARGE, readAside } from '../../src/trust/aside.js'
import { readPublication, type Demands } from '../../src/trust/publication.js'
import {
  entity,
  federationOf,
  IDP_ONE,
  makeParties,
  pinned,
  signedBy,
  until,
  type Parties,
} from '../support/publisher.js'

const DAY = 86_400_000

describe('metadata of a whole federation', () => {
  let parties: Parties
  let octets: Buffer
  let signed: Buffer
  const when = { at: Date.now(), skew: 0 }
  const demands = (change: Partial<Demands> = {}): Demands => ({
    signers: [],
    wanted: [IDP_ONE],
    whenExpired: 'refuse',
    ...change,
  })
  const crowd = (count: number): string => {
    const { keys } = parties
    const others = Array.from({ length: count }, (_, i) => entity({ entityId: `https://${i}.example/idp`, keys }))
    return federationOf([...others, entity({ keys: [keys[0]] })], until(when.at + DAY))
  }
  before(async () => {
    parties = await makeParties()
    octets = Buffer.from(crowd(1_000))
    signed = Buffer.from(signedBy(crowd(170), parties.federation))
    expect(Math.min(octets.length, signed.length)).to.be.above(LARGE)
  })

  /** Turns of the event loop until the work is done. */
  async function turnsDuring(work: Promise<unknown>): Promise<number> {
    let turns = 0
    let done = false
    const count = (): void => {
      turns++
      if (!done) setImmediate(count)
    }
    setImmediate(count)
    await work.finally(() => (done = true))
    return turns
  }

  it('leaves the event loop to those who log in', async () => {
    expect(await turnsDuring(readAside(octets, demands(), when))).to.be.above(100)
  })

  it('says the same there as here, with the pinned key across the border', async () => {
    const pinnedTo = demands({ signers: [pinned(parties.federation)], longest: 7 * DAY })
    const found = await readAside(signed, pinnedTo, when)
    expect(found).to.deep.equal(readPublication(signed, pinnedTo, when))
    expect(found.signedBy).to.equal(pinned(parties.federation).fingerprint)
    expect(found.entities.map(({ entityId }) => entityId)).to.deep.equal([IDP_ONE])
  })

  it('refuses there what is refused here, in the same words', async () => {
    const strict = demands({ signers: [pinned(parties.server)] })
    for (const [text, code] of [
      [signed, 'untrusted-signature'],
      [octets, 'unsigned'],
      [octets.subarray(0, -20), 'not-xml'],
    ] as const) {
      const error: unknown = await readAside(text, strict, when).catch((each: unknown) => each)
      expect(error, code).to.be.instanceOf(MetadataError)
      expect((error as MetadataError).problems.map(each => each.code)).to.deep.equal([code])
    }
  })
})
