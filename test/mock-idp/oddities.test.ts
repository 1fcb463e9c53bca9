/** What is odd and honest is accepted, and the same person is read from it. */
import { expect } from 'chai'
import { X509Certificate } from 'node:crypto'
import { oddities } from '../../src/mock-idp/oddities.js'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { makeResponse, type Order } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import type { AssertionContent } from '../../src/saml/assertion.js'
import { judgeResponse, type Asked } from '../../src/saml/response.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { makeTrustedIdp } from '../support/saml-parties.js'
import { at, countedChance, makeParties } from './stand.js'

describe('mock IdP: odd and honest answers', () => {
  let order: Omit<Order, 'chance'>
  let asked: Asked

  before(async () => {
    const { key, sp } = await makeParties()
    const trusted = { key: new X509Certificate(key.certificatePem).publicKey, fingerprint: '' }
    const idp = makeTrustedIdp([trusted])
    order = {
      entityId: idp.entityId,
      key,
      serviceProvider: readServiceProvider(spMetadata(sp)),
      acsUrl: sp.acsUrl,
      inResponseTo: '_request',
      person: personOfKey(defaultPeople(), 'long-name'),
      nameId: '_0123456789abcdef0123456789abcdef',
      now: at,
    }
    asked = { idp, sp, request: { id: '_request', at, forced: false }, now: at }
  })

  const accepted = (base64: string): AssertionContent => {
    const verdict = judgeResponse(base64, asked)
    if (!verdict.accepted) throw verdict.refusal
    return verdict.assertion
  }
  const esia = ({ nameId, attributes }: AssertionContent): unknown => ({
    nameId: nameId?.value,
    attributes: attributes.filter(({ name }) => !name.startsWith('urn:x:')),
  })

  for (const { name, title } of oddities) {
    it(`${name}: ${title}`, () => {
      const odd = makeResponse({ ...order, chance: countedChance(), fault: name })
      const honest = makeResponse({ ...order, chance: countedChance() })
      expect(odd.base64).not.to.equal(honest.base64)
      expect(esia(accepted(odd.base64))).to.deep.equal(esia(accepted(honest.base64)))
    })
  }
})
