/** The live trust over a real https server and a real database, with a clock that the test moves. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { systemChance } from '../../src/base/chance.js'
import type { Store } from '../../src/store/open.js'
import { openStore } from '../../src/store/open.js'
import { approve, reject, rollBack } from '../../src/trust/decide.js'
import { createDownload } from '../../src/trust/download.js'
import { keepTrust, type KeptTrust } from '../../src/trust/keep.js'
import type { Copy, Fetch, Source } from '../../src/trust/ports.js'
import { FetchError } from '../../src/trust/ports.js'
import type { Tools } from '../../src/trust/visit.js'
import { options } from '../store/databases.js'
import {
  alone,
  entity,
  federationOf,
  IDP_ONE,
  makeParties,
  pinned,
  signedBy,
  startPublisher,
  until,
  type Parties,
  type Publisher,
} from '../support/publisher.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const IDP_TWO = 'https://two.example/idp'
const SSO_TWO = 'https://elsewhere.example/sso'

describe('trust that is kept fresh', () => {
  let parties: Parties
  let publisher: Publisher
  let store: Store
  let now: number
  let events: AuditEvent[]
  before(async () => {
    parties = await makeParties()
    publisher = await startPublisher(parties)
  })
  after(() => publisher.close())
  beforeEach(async () => {
    store = await openStore(options('sqlite::memory:'))
    now = Date.now()
    events = []
  })
  afterEach(() => store.close())

  const source = (change: Partial<Source> = {}): Source => ({
    name: publisher.address,
    signers: [],
    refresh: 6 * HOUR,
    whenExpired: 'refuse',
    newSigningKeys: 'ask',
    idp: { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false },
    ...change,
  })
  const signedSource = (change: Partial<Source> = {}): Source =>
    source({ signers: [pinned(parties.federation)], longest: 30 * DAY, ...change })
  const tools = (fetch: Fetch = createDownload({ authorities: [parties.server.certificatePem] })): Tools => ({
    copies: store.copies,
    fetch,
    clock: { now: () => now },
    chance: systemChance,
    skew: 3 * MINUTE,
    tell: event => void events.push(event),
  })
  const noNetwork = tools.bind(undefined, () => Promise.reject(new FetchError('the cable is pulled')))
  const keysOf = (trust: KeptTrust, entityId = IDP_ONE) => trust.find(entityId)?.signingKeys.map(key => key.fingerprint)
  const finger = (i: 0 | 1 | 2): string => pinned(parties.keys[i]).fingerprint
  const publishKeys = (...keys: (0 | 1 | 2)[]) => publisher.publish(alone({ keys: keys.map(i => parties.keys[i]) }))
  const aggregate = (attributes = until(now + 7 * DAY), keys: (0 | 1 | 2)[] = [0]): string =>
    federationOf(
      [entity({ keys: keys.map(i => parties.keys[i]) }), entity({ entityId: IDP_TWO, keys: [parties.keys[1]] })],
      attributes,
    )
  const publishSigned = (xml = aggregate()) => publisher.publish(signedBy(xml, parties.federation))
  const later = async (trust: KeptTrust, ms = 7 * HOUR): Promise<void> => {
    now += ms
    await trust.tick()
  }
  const waiting = async (): Promise<Copy> => (await store.copies.all()).find(({ state }) => state === 'pending')!
  const decide = (revise: Parameters<Store['copies']['revise']>[1]) =>
    store.copies.revise({ source: publisher.address, entityId: IDP_ONE }, revise)
  const whats = () => events.map(({ what }) => what)

  describe('IIP-MD02 refreshed from an address', () => {
    it('has the IdP at once, and after a restart without network', async () => {
      publishKeys(0)
      expect(keysOf(await keepTrust([source()], tools()))).to.deep.equal([finger(0)])
      const restarted = await keepTrust([source()], noNetwork())
      expect(keysOf(restarted)).to.deep.equal([finger(0)])
      expect(restarted.idps).to.have.length(1)
      expect(restarted.status()).to.deep.equal([
        { entityId: IDP_ONE, source: publisher.address, remote: true, fetchedAt: now, pending: false },
      ])
    })

    it('starts without the network it never had, tells what is missing, and catches up', async () => {
      publisher.behave((_, response) => void response.writeHead(503).end())
      const trust = await keepTrust([source()], tools())
      expect(trust.idps).to.deep.equal([])
      expect(trust.status()[0]).to.include({ staleSince: now, remote: true }).and.not.have.property('entityId')
      expect(trust.status()[0]?.problem).to.match(/answers with status 503/)
      publishKeys(0)
      await later(trust, 2 * MINUTE)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      expect(trust.status()[0]).to.not.have.property('problem')
      expect(whats()).to.deep.equal(['metadata.failed', 'metadata.taken'])
    })

    it('asks no sooner than it is due, and only whether anything changed', async () => {
      publisher.publish(alone({ keys: [parties.keys[0]] }), { etag: '"7"' })
      const trust = await keepTrust([source()], tools())
      const asked = publisher.asked.length
      await later(trust, 4 * HOUR)
      expect(publisher.asked.length).to.equal(asked)
      await later(trust, 2 * HOUR)
      expect(publisher.asked.slice(asked).map(({ etag }) => etag)).to.deep.equal(['"7"'])
      expect(keysOf(trust)).to.deep.equal([finger(0)])
    })

    it('fetches everything again when the settings judge by other rules than the last time', async () => {
      publisher.publish(alone({ keys: [parties.keys[0]] }), { etag: '"7"' })
      await keepTrust([source()], tools())
      now += 7 * HOUR
      const strict = await keepTrust([source({ longest: 30 * DAY })], tools())
      await strict.tick()
      expect(publisher.asked.at(-1)?.etag).to.equal(undefined)
      expect(strict.status()[0]?.problem).to.match(/validUntil/)
    })

    const troubles: readonly (readonly [string, () => void, RegExp])[] = [
      ['a server error', () => publisher.behave((_, response) => void response.writeHead(500).end()), /status 500/],
      ['a web page', () => publisher.publish('<!DOCTYPE html><html><p>Войдите, Иванов</html>'), /web page/],
      ['half a file', () => publisher.publish(alone({ keys: [parties.keys[0]] }).slice(0, -30)), /cannot be read/],
      ['another encoding', () => publisher.behave((_, response) => void response.end(Buffer.from([0x3c, 0xcf, 0x3e]))), /not UTF-8/],
      ['other XML', () => publisher.publish('<a/>'), /no SAML metadata/],
      ['an IdP without keys', () => publisher.publish(alone({ keys: [] })), /no certificate/],
      ['several IdPs where one is meant', () => publisher.publish(aggregate()), /2 identity providers.*entityId/],
      ['another IdP under the same address', () => publisher.publish(alone({ entityId: IDP_TWO, keys: [parties.keys[2]] })), /another IdP now/],
      ['metadata whose time is over', () => publisher.publish(alone({ keys: [parties.keys[1]], more: until(now - DAY) })), /validUntil is past/],
    ] // prettier-ignore
    for (const [what, spoil, sentence] of troubles)
      it(`keeps the last good copy when it gets ${what}, and says so once`, async () => {
        publishKeys(0)
        const trust = await keepTrust([source()], tools())
        spoil()
        await later(trust)
        const failing = now
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
      publisher.publish(alone({ keys: [parties.keys[1]], sso: SSO_TWO }))
      await later(trust)
      await later(trust)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      expect(trust.status()[0]).to.include({ pending: true })
      expect(whats()).to.deep.equal(['metadata.taken', 'metadata.held'])
      expect(events[1]?.facts).to.deep.include({
        keysAdded: finger(1).slice(0, 16),
        keysRemoved: finger(0).slice(0, 16),
        addressesAdded: 1,
        addressesRemoved: 1,
      })
      const { id } = await waiting()
      await decide(copies => approve(copies, id, now, undefined))
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
      await decide(copies => reject(copies, id, now))
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
      await decide(copies => approve(copies, id, now, undefined))
      await trust.tick()
      await decide(copies => rollBack(copies, now, source()))
      await trust.tick()
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      await later(trust)
      expect(keysOf(trust), 'the source still says otherwise').to.deep.equal([finger(0)])
      await decide(copies => approve(copies, id, now, undefined))
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
      publisher.publish(alone({ keys: [parties.keys[0], parties.keys[1], parties.keys[2]], sso: SSO_TWO }))
      await later(trust)
      expect(keysOf(trust), 'so is an address').to.deep.equal([finger(0), finger(1)])
    })

    it('that decides nothing is taken at once: title, dates, a renewed certificate of the same key', async () => {
      publisher.publish(alone({ keys: [parties.keys[0]], title: 'Один' }))
      const trust = await keepTrust([source()], tools())
      publisher.publish(alone({ keys: [parties.keys[0]], title: 'Первый', more: until(now + DAY) }))
      await later(trust)
      expect(trust.find(IDP_ONE)).to.include({ title: 'Первый', usableUntil: trust.status()[0]?.validUntil })
      expect(whats()).to.deep.equal(['metadata.taken'])
    })

    it('that waits and only adds keeps the old state good for longer; one that takes away does not', async () => {
      publisher.publish(alone({ keys: [parties.keys[0]], more: until(now + DAY) }))
      const trust = await keepTrust([source()], tools())
      const far = now + 5 * DAY
      publisher.publish(alone({ keys: [parties.keys[0], parties.keys[1]], more: until(far) }))
      await later(trust, 13 * HOUR)
      expect(keysOf(trust)).to.deep.equal([finger(0)])
      expect(trust.find(IDP_ONE)?.usableUntil).to.equal(far)
      publisher.publish(alone({ keys: [parties.keys[1]], more: until(now + 9 * DAY) }))
      await later(trust, 3 * DAY)
      expect(trust.find(IDP_ONE)?.usableUntil).to.equal(far)
    })
  })

  describe('IIP-MD03 signed by a pinned key', () => {
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
      const bare = { ...pinned(parties.federation), notAfter: 0 }
      expect((await keepTrust([signedSource({ wanted, signers: [bare] })], tools())).idps).to.have.length(2)
    })

    it('refuses what is not signed', async () => {
      publisher.publish(aggregate())
      expect(await problemOf()).to.match(/not signed/)
    })

    it('refuses what another key signed, also one of another source', async () => {
      publisher.publish(signedBy(aggregate(), parties.server))
      expect(await problemOf()).to.match(/not by the key of signedBy/)
      expect(await problemOf({ signers: [pinned(parties.keys[0])] })).to.match(/not by the key of signedBy/)
    })

    it('refuses what was changed after it was signed', async () => {
      const xml = signedBy(aggregate(), parties.federation)
      const changed = xml.replace('https://one.example/sso', 'https://evil.example/sso')
      expect(changed).to.not.equal(xml)
      publisher.publish(changed)
      expect(await problemOf()).to.match(/signature does not hold \(saml\.altered\)/)
    })

    it('refuses a signature that covers only one of the entities', async () => {
      const inner = entity({ keys: [parties.keys[0]], more: ' ID="_inner"' })
      publisher.publish(signedBy(federationOf([inner], until(now + DAY)), parties.federation, '_inner'))
      expect(await problemOf()).to.match(/not signed/)
    })

    it('reads no entity that hides where the signature does not reach', async () => {
      const xml = signedBy(aggregate(), parties.federation)
      const smuggled = entity({ entityId: 'https://evil.example', keys: [parties.keys[2]] })
      const hidden = xml.replace('<ds:X509Data>', `${smuggled}<ds:X509Data>`)
      expect(hidden).to.not.equal(xml)
      publisher.publish(hidden)
      const trust = await keepTrust([signedSource({ wanted: [...wanted, 'https://evil.example'] })], tools())
      expect(trust.find('https://evil.example')).to.equal(undefined)
    })

    it('goes by no copy that was fetched before the key was pinned', async () => {
      publisher.publish(aggregate())
      await keepTrust([source({ wanted })], tools())
      const trust = await keepTrust([signedSource({ wanted })], noNetwork())
      expect(trust.idps).to.deep.equal([])
    })

    it('IIP-MD04 SDP-MD03 refuses a validUntil that is missing, past, too far ahead or no time', async () => {
      const cases: readonly (readonly [string, RegExp])[] = [
        ['', /does not say until when/],
        [until(now - HOUR), /validUntil is past/],
        [until(now + 31 * DAY), /further ahead than maxValidity/],
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
        [until(now + 31 * DAY), { longest: 32 * DAY }],
        [until(now - HOUR), { whenExpired: 'warn' }],
        [until(now - 2 * MINUTE), {}],
      ] as const) {
        publishSigned(aggregate(attributes))
        const { longest, ...rest } = signedSource({ wanted, ...change })
        const relaxed = longest === Infinity ? rest : { ...rest, ...(longest !== undefined && { longest }) }
        expect((await keepTrust([relaxed], tools())).idps, attributes).to.have.length(2)
      }
    })

    it('the earliest validUntil around an entity is its end; where the settings only warn there is none', async () => {
      const inner = entity({ keys: [parties.keys[0]], more: until(now + DAY) })
      publishSigned(federationOf([inner], until(now + 7 * DAY)))
      const strict = await keepTrust([signedSource()], tools())
      expect(strict.find(IDP_ONE)?.usableUntil).to.equal(now + DAY)
      const mild = await keepTrust([signedSource({ whenExpired: 'warn' })], tools())
      expect(mild.find(IDP_ONE)).to.not.have.property('usableUntil')
      expect(mild.status()[0]?.validUntil).to.equal(now + DAY)
    })

    it('an entity that the federation no longer lists stays until its time is over, and is told of', async () => {
      publishSigned()
      const trust = await keepTrust([signedSource({ wanted })], tools())
      publishSigned(federationOf([entity({ keys: [parties.keys[0]] })], until(now + 9 * DAY)))
      await later(trust)
      expect(keysOf(trust, IDP_TWO)).to.deep.equal([finger(1)])
      expect(trust.find(IDP_ONE)?.usableUntil, 'the other one is refreshed').to.be.above(now + 8 * DAY)
      expect(trust.status()[1]?.problem).to.match(/no entity https:\/\/two\.example/)
    })
  })

  describe('a second program on the same database', () => {
    it('neither doubles a copy nor asks twice', async () => {
      publishKeys(0)
      const [one, two] = await Promise.all([keepTrust([source()], tools()), keepTrust([source()], tools())])
      publishKeys(1)
      now += 7 * HOUR
      await Promise.all([one.tick(), two.tick()])
      expect((await store.copies.all()).map(({ state }) => state)).to.have.members(['active', 'pending'])
      expect(whats()).to.deep.equal(['metadata.taken', 'metadata.held'])
    })
  })
})
