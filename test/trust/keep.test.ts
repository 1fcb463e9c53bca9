/** The live trust over a real https server and a real database, with a clock that the test moves. */
import { expect } from 'chai'
import { approve, reject, rollBack } from '../../src/trust/decide.js'
import { keepTrust } from '../../src/trust/keep.js'
import { alone, IDP_ONE, until } from '../support/publisher.js'
import { DAY, HOUR, IDP_TWO, makeStage, MINUTE } from './stage.js'

const SSO_TWO = 'https://elsewhere.example/sso'

describe('trust that is kept fresh', () => {
  const { world, stage } = makeStage()
  const { source, tools, noNetwork, keysOf, finger, publishKeys, aggregate, later, waiting, decide, whats } = stage

  describe('IIP-MD02 refreshed from an address', () => {
    it('has the IdP at once, and after a restart without network', async () => {
      publishKeys(0)
      expect(keysOf(await keepTrust([source()], tools()))).to.deep.equal([finger(0)])
      const restarted = await keepTrust([source()], noNetwork())
      expect(keysOf(restarted)).to.deep.equal([finger(0)])
      expect(restarted.idps).to.have.length(1)
      expect(restarted.status()).to.deep.equal([
        { entityId: IDP_ONE, source: world.publisher.address, remote: true, fetchedAt: world.now, pending: false },
      ])
    })

    it('starts without the network it never had, tells what is missing, and catches up', async () => {
      world.publisher.behave((_, response) => void response.writeHead(503).end())
      const trust = await keepTrust([source()], tools())
      expect(trust.idps).to.deep.equal([])
      expect(trust.status()[0]).to.include({ staleSince: world.now, remote: true }).and.not.have.property('entityId')
      expect(trust.status()[0]?.problem).to.match(/answers with status 503/)
      publishKeys(0)
      await later(trust, 2 * MINUTE)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      expect(trust.status()[0]).to.not.have.property('problem')
      expect(whats()).to.deep.equal(['metadata.failed', 'metadata.taken'])
    })

    it('asks no sooner than it is due, and only whether anything changed', async () => {
      world.publisher.publish(alone({ keys: [world.parties.keys[0]] }), { etag: '"7"' })
      const trust = await keepTrust([source()], tools())
      const asked = world.publisher.asked.length
      await later(trust, 4 * HOUR)
      expect(world.publisher.asked.length).to.equal(asked)
      await later(trust, 2 * HOUR)
      expect(world.publisher.asked.slice(asked).map(({ etag }) => etag)).to.deep.equal(['"7"'])
      expect(keysOf(trust)).to.deep.equal([finger(0)])
    })

    it('fetches everything again when the settings judge by other rules than the last time', async () => {
      world.publisher.publish(alone({ keys: [world.parties.keys[0]] }), { etag: '"7"' })
      await keepTrust([source()], tools())
      world.now += 7 * HOUR
      const strict = await keepTrust([source({ longest: 30 * DAY })], tools())
      await strict.tick()
      expect(world.publisher.asked.at(-1)?.etag).to.equal(undefined)
      expect(strict.status()[0]?.problem).to.match(/validUntil/)
    })

    const troubles: readonly (readonly [string, () => void, RegExp])[] = [
      ['a server error', () => world.publisher.behave((_, response) => void response.writeHead(500).end()), /status 500/],
      ['a web page', () => world.publisher.publish('<!DOCTYPE html><html><p>Войдите, Иванов</html>'), /web page/],
      ['half a file', () => world.publisher.publish(alone({ keys: [world.parties.keys[0]] }).slice(0, -30)), /cannot be read/],
      ['another encoding', () => world.publisher.behave((_, response) => void response.end(Buffer.from([0x3c, 0xcf, 0x3e]))), /not UTF-8/],
      ['other XML', () => world.publisher.publish('<a/>'), /no SAML metadata/],
      ['an IdP without keys', () => world.publisher.publish(alone({ keys: [] })), /no certificate/],
      ['several IdPs where one is meant', () => world.publisher.publish(aggregate()), /2 identity providers.*entityId/],
      ['another IdP under the same address', () => world.publisher.publish(alone({ entityId: IDP_TWO, keys: [world.parties.keys[2]] })), /another IdP now/],
      ['metadata whose time is over', () => world.publisher.publish(alone({ keys: [world.parties.keys[1]], more: until(world.now - DAY) })), /validUntil is past/],
    ] // prettier-ignore
    for (const [what, spoil, sentence] of troubles)
      it(`keeps the last good copy when it gets ${what}, and says so once`, async () => {
        publishKeys(0)
        const trust = await keepTrust([source()], tools())
        spoil()
        await later(trust)
        const failing = world.now
        await later(trust, 3 * MINUTE)
        expect(keysOf(trust)).to.deep.equal([finger(0)])
        expect(trust.find(IDP_TWO)).to.equal(undefined)
        expect(trust.status()[0]).to.include({ entityId: IDP_ONE, staleSince: failing })
        expect(trust.status()[0]?.problem)
          .to.match(sentence)
          .and.not.match(/Иванов/)
        expect(whats()).to.deep.equal(['metadata.taken', 'metadata.failed'])
        expect(keysOf(await keepTrust([source()], noNetwork())), 'after a restart').to.deep.equal([finger(0)])
      })
  })

  describe('a change', () => {
    it('waits for a person, who sees it at once and decides once', async () => {
      publishKeys(0)
      const trust = await keepTrust([source()], tools())
      world.publisher.publish(alone({ keys: [world.parties.keys[1]], sso: SSO_TWO }))
      await later(trust)
      await later(trust)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      expect(trust.status()[0]).to.include({ pending: true })
      expect(whats()).to.deep.equal(['metadata.taken', 'metadata.held'])
      expect(world.events[1]?.facts).to.deep.include({
        keysAdded: finger(1).slice(0, 16),
        keysRemoved: finger(0).slice(0, 16),
        addressesAdded: 1,
        addressesRemoved: 1,
      })
      const { id } = await waiting()
      await decide(copies => approve(copies, id, world.now, undefined))
      await trust.tick()
      expect(keysOf(trust), 'without a restart').to.deep.equal([finger(1)])
      expect(trust.find(IDP_ONE)?.singleSignOn[0]?.location).to.equal(SSO_TWO)
      expect(trust.status()[0]).to.include({ pending: false })
    })

    it('that was refused is not asked about again, until the source says something else', async () => {
      publishKeys(0)
      const trust = await keepTrust([source()], tools())
      publishKeys(1)
      await later(trust)
      const { id } = await waiting()
      await decide(copies => reject(copies, id, world.now))
      await later(trust)
      expect(await waiting()).to.equal(undefined)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      publishKeys(0, 2)
      await later(trust)
      expect(await waiting()).to.not.equal(undefined)
    })

    it('that the source takes back waits no longer', async () => {
      publishKeys(0)
      const trust = await keepTrust([source()], tools())
      publishKeys(1)
      await later(trust)
      publishKeys(0)
      await later(trust)
      expect(await waiting()).to.equal(undefined)
    })

    it('can be taken back, and stays so', async () => {
      publishKeys(0)
      const trust = await keepTrust([source()], tools())
      publishKeys(1)
      await later(trust)
      const { id } = await waiting()
      await decide(copies => approve(copies, id, world.now, undefined))
      await trust.tick()
      await decide(copies => rollBack(copies, world.now, source()))
      await trust.tick()
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      await later(trust)
      expect(keysOf(trust), 'the source still says otherwise').to.deep.equal([finger(0)])
      await decide(copies => approve(copies, id, world.now, undefined))
      await trust.tick()
      expect(keysOf(trust), 'and a person may come round').to.deep.equal([finger(1)])
    })

    it('that only adds signing keys is taken at once where the settings accept it', async () => {
      publishKeys(0)
      const accepting = source({ newSigningKeys: 'accept' })
      const trust = await keepTrust([accepting], tools())
      publishKeys(0, 1)
      await later(trust)
      expect(keysOf(trust)).to.deep.equal([finger(0), finger(1)])
      publishKeys(1)
      await later(trust)
      expect(keysOf(trust), 'a key that goes is another matter').to.deep.equal([finger(0), finger(1)])
      world.publisher.publish(
        alone({ keys: [world.parties.keys[0], world.parties.keys[1], world.parties.keys[2]], sso: SSO_TWO }),
      )
      await later(trust)
      expect(keysOf(trust), 'so is an address').to.deep.equal([finger(0), finger(1)])
    })

    it('that decides nothing is taken at once: title, dates, a renewed certificate of the same key', async () => {
      world.publisher.publish(alone({ keys: [world.parties.keys[0]], title: 'Один' }))
      const trust = await keepTrust([source()], tools())
      world.publisher.publish(alone({ keys: [world.parties.keys[0]], title: 'Первый', more: until(world.now + DAY) }))
      await later(trust)
      expect(trust.find(IDP_ONE)).to.include({ title: 'Первый', usableUntil: trust.status()[0]?.validUntil })
      expect(whats()).to.deep.equal(['metadata.taken'])
    })

    it('that waits and only adds keeps the old state good for longer; one that takes away does not', async () => {
      world.publisher.publish(alone({ keys: [world.parties.keys[0]], more: until(world.now + DAY) }))
      const trust = await keepTrust([source()], tools())
      const far = world.now + 5 * DAY
      world.publisher.publish(alone({ keys: [world.parties.keys[0], world.parties.keys[1]], more: until(far) }))
      await later(trust, 13 * HOUR)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      expect(trust.find(IDP_ONE)?.usableUntil).to.equal(far)
      world.publisher.publish(alone({ keys: [world.parties.keys[1]], more: until(world.now + 9 * DAY) }))
      await later(trust, 3 * DAY)
      expect(trust.find(IDP_ONE)?.usableUntil).to.equal(far)
    })
  })

  describe('a second program on the same database', () => {
    it('neither doubles a copy nor asks twice', async () => {
      publishKeys(0)
      const [one, two] = await Promise.all([keepTrust([source()], tools()), keepTrust([source()], tools())])
      publishKeys(1)
      world.now += 7 * HOUR
      await Promise.all([one.tick(), two.tick()])
      expect((await world.store.copies.all()).map(({ state }) => state)).to.have.members(['active', 'pending'])
      expect(whats()).to.deep.equal(['metadata.taken', 'metadata.held'])
    })
  })
})
