import { expect } from 'chai'
import { keyRing } from '../../src/store/keys.js'
import { createLookup } from '../../src/store/lookup.js'
import { compare } from '../../src/store/sql/roster-comparison.js'
import { record } from '../contract/samples.js'
import { namedKey } from './databases.js'

/** What the first version that imported lists wrote down of `record()`, letter by letter. */
const FIRST_VERSION =
  '["yunikova","parent",["Ъюникова","Ёжика","Щукинична","1987-02-28"],["90000000182",null,"yunikova@pochta.example"],' +
  '[["501","Ъюников Яков","5А"],["502","Ъюникова Юлия",null]]]'

describe('store: an import beside what older versions wrote', () => {
  const lookup = createLookup(keyRing('secrets.lookup', [namedKey('l1')]))
  const scope = { journal: 'sgo', school: 'school-1' }
  const known = [
    {
      account_id: 'account-1',
      key_hmac: lookup.index('roster-key', '["sgo","school-1","yunikova","parent"]'),
      content_hmac: lookup.index('roster-content', FIRST_VERSION),
      missing_since: null,
      created_at: null,
    },
  ]

  it('a list that says nothing of relations and limits changes nothing', () => {
    expect(compare(known, scope, [record()], lookup)).to.deep.include({ added: [], changed: [], unchanged: 1 })
  })

  it('one limit changes one account', () => {
    const [first, second] = record().children
    const limited = record('yunikova', { children: [{ ...first!, until: '2027-05-31' }, second!] })
    expect(compare(known, scope, [limited], lookup).changed).to.have.length(1)
  })
})
