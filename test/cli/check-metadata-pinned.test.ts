/** check-metadata with the certificate of whoever signs: every kind that is found only with it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse, stringify } from 'yaml'
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

  describe('with --config', () => {
    /** The demo's settings, with one entry more: a federation that is trusted for longer, with clocks that differ more. */
    async function settings(entry: Readonly<Record<string, unknown>>, name = 'more.yaml'): Promise<string> {
      const yaml = parse(await readFile(folder.config, 'utf8')) as Record<string, unknown> & {
        identityProviders: object[]
      }
      const identityProviders = [
        ...yaml.identityProviders,
        { metadata: 'idp-of-federation.xml', profile: 'esia', ...entry },
      ]
      return folder.file(name, stringify({ ...yaml, identityProviders, clockSkew: '300s' }))
    }
    const judged = async (xml: string, config: string, ...more: string[]) =>
      run([
        'check-metadata',
        await folder.file('idp-of-federation.xml', xml),
        '--entity-id',
        IDP_ONE,
        '--config',
        config,
        ...more,
      ])
    const farAhead = () => signed(group(until(now + 40 * DAY)))

    it('takes certificate, maxValidity and skew of the entry that names the file, and says so', async () => {
      const config = await settings({ signedBy: 'federation.crt', maxValidity: '60d' })
      const ran = await judged(farAhead(), config)
      expect(ran.code, ran.out).to.equal(0)
      expect(ran.out).to.include(
        `Judged by maxValidity 60d, clockSkew 300s, whenExpired refuse (${config}, identityProviders[1]).`,
      )
      const { findings, judgedBy } = (await judged(farAhead(), config, '--json')).json() as {
        findings: object[]
        judgedBy: object
      }
      expect(judgedBy).to.include({ maxValidity: '60d', clockSkew: '300s', whenExpired: 'refuse' })
      expect(findings).to.be.an('array')
      const spoilt = await judged(farAhead().replace('https://one.example/sso', 'https://evil.example/sso'), config)
      expect([spoilt.code, spoilt.out]).to.satisfy(
        ([code, out]: [number, string]) => code === 1 && out.includes('[bad-signature]'),
      )
    })

    it('counts the skew of the settings', async () => {
      const past = signed(group(until(now - 240_000)))
      const codes = async (...more: string[]) =>
        errors(
          (
            await run(
              [
                'check-metadata',
                await folder.file('idp-of-federation.xml', past),
                '--entity-id',
                IDP_ONE,
                '--signed-by',
                pin,
                '--json',
                ...more,
              ],
              { clock: { now: () => now } },
            )
          ).json(),
        )
      expect(await codes()).to.deep.equal(['metadata-expired'])
      expect(await codes('--config', await settings({ signedBy: 'federation.crt' }))).not.to.include('metadata-expired')
    })

    it('without it, judges by what holds where the settings say nothing, and says so', async () => {
      const ran = await run([
        'check-metadata',
        await folder.file('idp.xml', farAhead()),
        '--entity-id',
        IDP_ONE,
        '--signed-by',
        pin,
      ])
      expect(ran.code).to.equal(1)
      expect(ran.out).to.match(
        /^Judged by maxValidity 30d, clockSkew 180s, whenExpired refuse \(.*--config takes yours\)\.$/m,
      )
    })

    it('finds the entry by entityID or by certificate, too; of a stranger it takes the skew alone', async () => {
      const origin = async (entry: object, ...more: string[]) => {
        const ran = await run([
          'check-metadata',
          await folder.file('copy.xml', farAhead()),
          '--config',
          await settings({ maxValidity: '60d', ...entry }),
          '--json',
          ...more,
        ])
        return ran.json()['judgedBy'] as { origin: string; maxValidity: string; clockSkew: string } | undefined
      }
      expect(
        (await origin({ entityId: IDP_ONE, signedBy: 'federation.crt' }, '--entity-id', IDP_ONE))!.origin,
      ).to.include('identityProviders[1]')
      expect((await origin({ signedBy: 'federation.crt' }, '--signed-by', pin))!.origin).to.include(
        'identityProviders[1]',
      )
      expect(await origin({}, '--signed-by', pin)).to.include({ maxValidity: '30d', clockSkew: '300s' })
      expect(await origin({})).to.equal(undefined)
    })

    it('names every mistake of settings that cannot be read', async () => {
      const ran = await judged(farAhead(), await settings({ maxValidity: 'for ever' }, 'bad.yaml'))
      expect([ran.code, ran.out]).to.deep.equal([2, ''])
      expect(ran.err).to.include('maxValidity')
    })
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
