/**
 * The attack table as data: every row says what it must earn, and says it once. That it changes the message, and earns the
 * refusal, is for test/attacks/response.test.ts to prove.
 */
import { expect } from 'chai'
import type { KeyObject } from 'node:crypto'
import { refusals } from '../../src/base/refusals.js'
import { faults } from '../../src/mock-idp/faults.js'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { makeResponse, type Made, type Order } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { comparable } from '../support/comparable.js'
import { at, countedChance, makeParties } from './stand.js'

describe('mock IdP: faults', () => {
  let order: Omit<Order, 'chance'>
  let decryptionKey: KeyObject

  before(async () => {
    const { key, sp } = await makeParties()
    decryptionKey = sp.decryption[0]!.privateKey
    order = {
      entityId: 'https://idp.example/idp/shibboleth',
      key,
      serviceProvider: readServiceProvider(spMetadata(sp)),
      acsUrl: sp.acsUrl,
      inResponseTo: '_request',
      person: personOfKey(defaultPeople(), 'mother'),
      now: at,
    }
  })

  it('are more than fifty, with a name, a title and a refusal of their own', () => {
    expect(faults.length).to.be.greaterThan(50)
    const names = faults.map(fault => fault.name)
    expect(new Set(names).size).to.equal(names.length)
    expect(new Set(faults.map(fault => fault.title)).size).to.equal(names.length)
    for (const { name, title, refused } of faults) {
      expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(title).to.match(/[А-яЁё]|XML|UTF|XSW/)
      expect(refusals).to.have.property(refused)
    }
  })

  // replay cannot be told by one message, a class of sign-in only by who asked for it; the others concern logins, not messages
  it('earn every refusal of a message', () => {
    const earned = new Set<string>(faults.map(fault => fault.refused))
    const missing = Object.keys(refusals).filter(code => code.startsWith('saml.') && !earned.has(code))
    expect(missing).to.deep.equal(['saml.authn-context', 'saml.replayed'])
  })

  it('would be noticed: two honest messages of the same chance are equal', () => {
    const make = (): string => told(makeResponse({ ...order, chance: countedChance() }))
    expect(make()).to.equal(make())
  })

  it('are refused by name when there is no such row', () => {
    expect(() => makeResponse({ ...order, chance: countedChance(), fault: 'nonsense' })).to.throw(RangeError, '--list')
  })

  const told = (made: Made): string => comparable(made.base64, decryptionKey)
})
