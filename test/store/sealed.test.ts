import { expect } from 'chai'
import { keyRing } from '../../src/store/keys.js'
import { createLookup, purposeKey } from '../../src/store/lookup.js'
import { createPseudonyms } from '../../src/store/pseudonyms.js'
import { createSeal, type Place } from '../../src/store/sealed.js'
import { person } from '../contract/samples.js'
import { namedKey } from './databases.js'

const place: Place = { table: 'accounts', column: 'record', row: 'row-1' }
const seal = createSeal(keyRing('secrets.data', [namedKey('d1'), namedKey('d0')]))
const sealed = seal.seal(place, { name: 'Ъюникова' })

describe('sealed values', () => {
  it('open where they were sealed', () => {
    expect(seal.open(place, sealed)).to.deep.equal({ name: 'Ъюникова' })
  })

  it('never look the same twice', () => {
    expect(seal.seal(place, 'x')).not.to.equal(seal.seal(place, 'x'))
  })

  const moved: readonly Place[] = [
    { ...place, table: 'sessions' },
    { ...place, column: 'entered' },
    { ...place, row: 'row-2' },
  ]
  for (const other of moved)
    it(`do not open in ${other.table}.${other.column}, ${other.row}`, () => {
      expect(() => seal.open(other, sealed)).to.throw(/does not open/)
    })

  it('do not open when any one octet of nonce, text or tag was altered', () => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (const i of bytes.keys()) {
      const altered = Buffer.from(bytes)
      altered[i]! ^= 1
      expect(() => seal.open(place, `d1.${altered.toString('base64url')}`), `octet ${i}`).to.throw(/does not open/)
    }
  })

  const spoilt = {
    'cut short': sealed.slice(0, 30),
    'cut at the tag': sealed.slice(0, -6),
    empty: '',
    'without key id': sealed.slice(2),
    'under another key id': `d0${sealed.slice(2)}`,
    'under an unknown key id': `d7${sealed.slice(2)}`,
  }
  for (const [how, value] of Object.entries(spoilt))
    it(`do not open when they are ${how}`, () => {
      expect(value).not.to.equal(sealed)
      expect(() => seal.open(place, value)).to.throw('accounts.record does not open')
    })
})

describe('lookup values', () => {
  const lookup = createLookup(keyRing('secrets.lookup', [namedKey('l2'), namedKey('l1')]))

  it('are found under every key, the first key first', () => {
    const [first, second] = lookup.candidates('snils', '90000000182')
    expect(first)
      .to.equal(lookup.index('snils', '90000000182'))
      .and.match(/^l2\.[\w-]{43}$/)
    expect(second).to.match(/^l1\./)
    expect(second?.slice(3)).not.to.equal(first?.slice(3))
  })

  it('of one purpose say nothing to another', () => {
    expect(lookup.index('snils', '90000000182')).not.to.equal(lookup.index('name-id', '90000000182'))
  })

  it('keep the names that journals got when the first key changes', () => {
    const old = createLookup(keyRing('secrets.lookup', [namedKey('l1')]))
    const subject = purposeKey(namedKey('l1'), 'subject')
    const before = createPseudonyms(old, ['l1'], subject)
    const after = createPseudonyms(lookup, ['l2', 'l1'], subject)
    expect(after.forJournal(person, 'sgo')).to.equal(before.forJournal(person, 'sgo'))
    expect(after.forAudit(person)).not.to.equal(before.forAudit(person))
    expect(after.everInAudit(person)).to.deep.equal([after.forAudit(person), before.forAudit(person)])
  })
})
