/** Metadata that a pinned key must have signed (IIP-MD03), and how long they count (IIP-MD04). */
import { expect } from 'chai'
import { keepTrust } from '../../src/trust/keep.js'
import type { Source } from '../../src/trust/ports.js'
import { entity, federationOf, IDP_ONE, pinned, signedBy, until } from '../support/publisher.js'
import { DAY, HOUR, IDP_TWO, makeStage, MINUTE } from './stage.js'

describe('trust: IIP-MD03 signed by a pinned key', () => {
  const { world, stage } = makeStage()
  const { source, signedSource, tools, noNetwork, keysOf, finger, aggregate, publishSigned, later } = stage
  const wanted = [IDP_ONE, IDP_TWO]
  const problemOf = async (change: Partial<Source> = {}): Promise<string | undefined> => {
    const trust = await keepTrust([signedSource({ wanted, ...change })], tools())
    expect(trust.idps).to.deep.equal([])
    return trust.status()[0]?.problem
  }

  it('gives every entity that is wanted, at any depth, each by its own name', async () => {
    publishSigned()
    const trust = await keepTrust([signedSource({ wanted })], tools())
    expect(trust.idps.map(({ entityId }) => entityId)).to.deep.equal(wanted)
    expect(keysOf(trust, IDP_TWO)).to.deep.equal([finger(1)])
    expect(trust.find('https://three.example/idp')).to.equal(undefined)
  })

  it('looks at no date, issuer or name of the certificate around the key', async () => {
    publishSigned()
    const bare = { ...pinned(world.parties.federation), notAfter: 0 }
    expect((await keepTrust([signedSource({ wanted, signers: [bare] })], tools())).idps).to.have.length(2)
  })

  it('refuses what is not signed', async () => {
    world.publisher.publish(aggregate())
    expect(await problemOf()).to.match(/not signed/)
  })

  it('refuses what another key signed, also one of another source', async () => {
    world.publisher.publish(signedBy(aggregate(), world.parties.server))
    expect(await problemOf()).to.match(/not by the key of signedBy/)
    expect(await problemOf({ signers: [pinned(world.parties.keys[0])] })).to.match(/not by the key of signedBy/)
  })

  it('refuses what was changed after it was signed', async () => {
    const xml = signedBy(aggregate(), world.parties.federation)
    const changed = xml.replace('https://one.example/sso', 'https://evil.example/sso')
    expect(changed).to.not.equal(xml)
    world.publisher.publish(changed)
    expect(await problemOf()).to.match(/signature does not hold \(saml\.altered\)/)
  })

  it('refuses a signature that covers only one of the entities', async () => {
    const inner = entity({ keys: [world.parties.keys[0]], more: ' ID="_inner"' })
    world.publisher.publish(signedBy(federationOf([inner], until(world.now + DAY)), world.parties.federation, '_inner'))
    expect(await problemOf()).to.match(/not signed/)
  })

  it('reads no entity that hides where the signature does not reach', async () => {
    const xml = signedBy(aggregate(), world.parties.federation)
    const smuggled = entity({ entityId: 'https://evil.example', keys: [world.parties.keys[2]] })
    const hidden = xml.replace('<ds:X509Data>', `${smuggled}<ds:X509Data>`)
    expect(hidden).to.not.equal(xml)
    world.publisher.publish(hidden)
    const trust = await keepTrust([signedSource({ wanted: [...wanted, 'https://evil.example'] })], tools())
    expect(trust.find('https://evil.example')).to.equal(undefined)
  })

  it('goes by no copy that was fetched before the key was pinned', async () => {
    world.publisher.publish(aggregate())
    await keepTrust([source({ wanted })], tools())
    const trust = await keepTrust([signedSource({ wanted })], noNetwork())
    expect(trust.idps).to.deep.equal([])
  })

  it('IIP-MD04 SDP-MD03 refuses a validUntil that is missing, past, too far ahead or no time', async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /does not say until when/],
      [until(world.now - HOUR), /validUntil is past/],
      [until(world.now + 31 * DAY), /further ahead than maxValidity/],
      [' validUntil="tomorrow"', /is no time/],
      [' validUntil="2026-13-01T00:00:00Z"', /is no time/],
    ]
    for (const [attributes, sentence] of cases) {
      publishSigned(aggregate(attributes))
      expect(await problemOf(), attributes).to.match(sentence)
    }
  })

  it('IIP-MD04 takes them where the settings say so, and IIP-G01 lets the clocks differ', async () => {
    for (const [attributes, change] of [
      ['', { longest: Infinity }],
      [until(world.now + 31 * DAY), { longest: 32 * DAY }],
      [until(world.now - HOUR), { whenExpired: 'warn' }],
      [until(world.now - 2 * MINUTE), {}],
    ] as const) {
      publishSigned(aggregate(attributes))
      const { longest, ...rest } = signedSource({ wanted, ...change })
      const relaxed = longest === Infinity ? rest : { ...rest, ...(longest !== undefined && { longest }) }
      expect((await keepTrust([relaxed], tools())).idps, attributes).to.have.length(2)
    }
  })

  it('the earliest validUntil around an entity is its end; where the settings only warn there is none', async () => {
    const inner = entity({ keys: [world.parties.keys[0]], more: until(world.now + DAY) })
    publishSigned(federationOf([inner], until(world.now + 7 * DAY)))
    const strict = await keepTrust([signedSource()], tools())
    expect(strict.find(IDP_ONE)?.usableUntil).to.equal(world.now + DAY)
    const mild = await keepTrust([signedSource({ whenExpired: 'warn' })], tools())
    expect(mild.find(IDP_ONE)).to.not.have.property('usableUntil')
    expect(mild.status()[0]?.validUntil).to.equal(world.now + DAY)
  })

  it('an entity that the federation no longer lists stays until its time is over, and is told of', async () => {
    publishSigned()
    const trust = await keepTrust([signedSource({ wanted })], tools())
    publishSigned(federationOf([entity({ keys: [world.parties.keys[0]] })], until(world.now + 9 * DAY)))
    await later(trust)
    expect(keysOf(trust, IDP_TWO)).to.deep.equal([finger(1)])
    expect(trust.find(IDP_ONE)?.usableUntil, 'the other one is refreshed').to.be.above(world.now + 8 * DAY)
    expect(trust.status()[1]?.problem).to.match(/no entity https:\/\/two\.example/)
  })
})
