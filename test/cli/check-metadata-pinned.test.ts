/** check-metadata with the certificate of whoever signs: every kind that is found only with it. */
import { join } from 'node:path'
import { expect } from 'chai'
import { againstPin, type pinnedKinds } from '../../src/saml/lint/pinned.js'
import {
  entity,
  federationOf,
  IDP_ONE,
  makeParties,
  signedBy,
  startPublisher,
  until,
  type Parties,
} from '../support/publisher.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const DAY = 86_400_000

describe('check-metadata --signed-by', () => {
  let folder: Folder
  let parties: Parties
  let pin: string
  const now = Date.now()
  before(async () => {
    folder = await makeFolder()
    parties = await makeParties()
    pin = await folder.file('federation.crt', parties.federation.certificatePem)
  })
  after(() => folder.remove())

  const group = (attributes = until(now + DAY)) => federationOf([entity({ keys: [parties.keys[0]] })], attributes)
  const signed = (xml = group()) => signedBy(xml, parties.federation)
  const check = async (xml: string) =>
    run(['check-metadata', await folder.file('idp.xml', xml), '--entity-id', IDP_ONE, '--signed-by', pin, '--json'])
  const errors = (json: Record<string, unknown>): string[] =>
    (json['findings'] as { code: string; severity: string }[]).flatMap(each =>
      each.severity === 'error' ? each.code : [],
    )

  it('control: has no error to tell of what the pinned key signed', async () => {
    const ran = await check(signed())
    expect(errors(ran.json())).to.deep.equal([])
    expect(ran.code).to.equal(0)
  })

  const specimens: Readonly<Record<Exclude<keyof typeof pinnedKinds, 'too-many-entities'>, () => string>> = {
    unsigned: () => group(),
    'untrusted-signature': () => signedBy(group(), parties.server),
    'bad-signature': () => signed().replace('https://one.example/sso', 'https://evil.example/sso'),
    'bad-valid-until': () => signed(group(' validUntil="tomorrow"')),
    'no-valid-until': () => signed(group('')),
    'metadata-expired': () => signed(group(until(now - DAY))),
    'valid-too-long': () => signed(group(until(now + 31 * DAY))),
  }
  for (const [kind, make] of Object.entries(specimens))
    it(kind, async () => {
      const ran = await check(make())
      expect(errors(ran.json())).to.deep.equal([kind])
      expect(ran.code).to.equal(1)
    })

  it('too-many-entities', () => {
    const many = federationOf(Array.from({ length: 50_001 }, (_, i) => `<md:EntityDescriptor entityID="${i}"/>`))
    // nobody signs so many in the time that a test has; the count comes behind the signature
    const found = againstPin(many, { signers: [], past: 'refuse', skew: 0, at: now })
    expect(found.map(({ code }) => code)).to.deep.equal(['too-many-entities'])
  })

  it('judges an address, too, and says what is no certificate', async () => {
    const publisher = await startPublisher(parties)
    publisher.publish(signedBy(group(), parties.server))
    const network = { authorities: [parties.server.certificatePem] }
    const ran = await run(['check-metadata', publisher.address, '--signed-by', pin], { network })
    await publisher.close()
    expect(ran.out).to.match(/^error +it is signed, but not by the key of signedBy; .*\[untrusted-signature\]$/m)
    expect(ran.code).to.equal(1)
    const wrong = await run([
      'check-metadata',
      join(folder.path, 'idp.xml'),
      '--signed-by',
      join(folder.path, 'idp.xml'),
    ])
    expect([wrong.code, wrong.out]).to.deep.equal([2, ''])
    expect(wrong.err).to.match(/certificate/)
  })
})
