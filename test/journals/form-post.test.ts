import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { formValue, octetsOf } from '../../src/journals/form-charset.js'
import { usualPairs } from '../../src/journals/hmac.js'
import type { Passage } from '../../src/journals/connector.js'
import { AT, connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'
import { without } from '../contract/samples.js'
import { cp1251 } from '../identity/cp1251.js'
import { complaints, opener, OTHER, SECRET, toolsOf, twoKeys } from './door-tools.js'
import { readLeave, readPairs } from './signed-pairs.js'

const open = opener('form-post')
const url = `${HOME}/sso.php`
const logoutUrl = `${HOME}/sso-logout`

const fieldsOf = ({ handOff }: Passage): Readonly<Record<string, string>> => {
  if (handOff.how !== 'post') throw new Error('no form')
  return handOff.fields
}

/** As the guide tells integrators: all fields but the signature, sorted, a line each, in the octets that arrived. */
function verified(fields: Readonly<Record<string, string>>, key: string, encode = (text: string) => Buffer.from(text)) {
  const { sig, ...others } = fields
  const hmac = createHmac('sha256', key)
  Object.keys(others)
    .sort()
    .forEach((name, i) => hmac.update(encode(`${i === 0 ? '' : '\n'}${name}=${others[name]!}`)))
  if (hmac.digest('hex') !== sig) throw new Error('wrong signature')
  return { ...others, ...(others['state'] !== undefined && { state: decodeURIComponent(others['state']) }) }
}

connectorContract({
  name: 'form-post',
  carriesNames: true,
  logoutUrl,
  side: () =>
    Promise.resolve({
      open: (at, journal, tellable) => {
        const released = Object.fromEntries(journal.release.map(name => [name, `{${name}}`]))
        const fields = journal.release.includes('snils') && { fields: { ...usualPairs, ...released } }
        return open({ url, ...fields, ...(tellable && { logoutUrl }) }, toolsOf(journal, at))
      },
      receive: (passage, at) =>
        new Promise(resolve => resolve(readPairs(verified(fieldsOf(passage), SECRET), at, 'sgo'))),
      receiveAsStranger: (passage, at, stranger) =>
        new Promise(resolve => {
          const [key, audience] = stranger === 'key' ? [OTHER, 'sgo'] : [SECRET, 'eljur']
          resolve(readPairs(verified(fieldsOf(passage), key), at, audience))
        }),
      receiveLeave: readLeave,
    }),
})

describe('form post', () => {
  const named = { fields: { fio: '{lastName} {firstName}', who: '{login}', ts: '{ts}', n: '{nonce}', st: '{state}' } }
  const journal = journalOf(['login', 'lastName', 'firstName'])
  const sent = (given: object, state?: string, block: object = {}) =>
    open({ url, ...named, ...block }, toolsOf(journal)).handOff(
      entryOf({ person: { subject: 's', given }, ...(state !== undefined && { state }) }),
    )

  it('signs Windows-1251 in the octets that the browser will send', () => {
    const passage = sent({ lastName: 'Ёжикова-Д’Артаньян', firstName: 'Әлия 👍', login: 'p-1' }, undefined, {
      charset: 'windows-1251',
    })
    const fields = fieldsOf(passage)
    expect(passage.handOff).to.include({ charset: 'windows-1251' })
    expect(fields['fio']).to.equal('Ёжикова-Д’Артаньян &#1240;лия &#128077;')
    verified(fields, SECRET, text => Buffer.from(cp1251(text)))
    expect(() => verified(fields, SECRET), 'UTF-8 octets are others').to.throw('wrong signature')
  })

  it('says nothing of the charset when it is UTF-8', () => {
    expect(sent({ login: 'p-1' }).handOff).not.to.have.property('charset')
  })

  it('has no line end in a value, so that nobody can put a line of their own into what is signed', () => {
    const fields = fieldsOf(
      sent({ lastName: 'А\r\nБ\tВ\u0000', firstName: '\ud800', login: 'p-1\nwho=a-1' }, 'x\nwho=a-1'),
    )
    expect(fields).to.include({ fio: 'А Б В  \ufffd', who: 'p-1 who=a-1', st: 'x%0Awho%3Da-1' })
    verified(fields, SECRET)
  })

  it('is spoilt by every change, and by every field that is added or taken away', () => {
    const good = fieldsOf(sent({ login: 'p-1', lastName: 'А', firstName: 'Б' }, 'st-1'))
    verified(good, SECRET)
    for (const name of Object.keys(good)) {
      const changed = { ...good, [name]: `${good[name]!}x` }
      const less = Object.fromEntries(Object.entries(good).filter(([other]) => other !== name))
      for (const spoilt of [changed, less]) expect(() => verified(spoilt, SECRET), name).to.throw('wrong signature')
    }
    expect(() => verified({ ...good, role: 'teacher' }, SECRET)).to.throw('wrong signature')
  })

  it('signs with the first of two keys, and names it', () => {
    const fields = fieldsOf(open({ url, key: twoKeys }).handOff(entryOf()))
    expect(fields['kid']).to.equal('k2')
    verified(fields, OTHER)
  })

  it('puts the signature where the settings say', () => {
    expect(fieldsOf(sent({ login: 'p-1' }, undefined, { signatureField: 'hash' }))['hash']).to.match(/^[0-9a-f]{64}$/)
  })

  it('writes any text of Windows-1251 as its octets, and any other as a reference', () => {
    const letter = fc.string({ unit: 'binary', minLength: 0, maxLength: 30 })
    fc.assert(
      fc.property(letter, text => {
        const value = formValue(text, 'windows-1251')
        expect(new TextDecoder('windows-1251').decode(octetsOf(value, 'windows-1251'))).to.equal(value)
        expect(formValue(value, 'windows-1251'), 'twice is once').to.equal(value)
      }),
      { numRuns: 300 },
    )
  })

  const unusable: readonly [string, object, RegExp][] = [
    ['no time', { fields: { a: '{login}', nonce: '{nonce}' } }, /one of them must be \{ts\}/],
    ['no nonce', { fields: { a: '{login}', ts: '{ts}' } }, /one of them must be \{nonce\}/],
    ['what may not leave', { fields: { ...named.fields, m: '{email}' } }, /fields\.m: \{email\} is not on the list/],
  ]
  for (const [what, block, message] of unusable)
    it(`${what} is an error when the door is opened`, () =>
      expect(() => open({ url, ...block }, toolsOf(journal))).to.throw(RangeError, message))

  it('demands the state of a journal that demands it', () => {
    const strict = toolsOf({ ...journal, requireState: true })
    const stateless = without(named.fields, 'st')
    expect(() => open({ url, fields: stateless }, strict)).to.throw(RangeError, /must be \{state\}/)
    open({ url, ...named }, strict)
  })

  const refused: readonly [string, object, RegExp][] = [
    ['a charset that no browser writes', { url, charset: 'koi8-r' }, /windows-1251/],
    ['a signature over itself', { url, fields: { sig: '1' } }, /name of another field already/],
    ['a name that PHP would change', { url, fields: { 'a.b': '1' } }, /a letter, then/],
    ['an unknown name', { url, fields: { a: '{surname}' } }, /names \{surname\}; allowed are .* nonce/],
    ['plain http', { url: 'http://sgo.school.example/' }, /must be https/],
    ['a logout address over plain http', { url, logoutUrl: 'http://sgo.school.example/' }, /must be https/],
    ['no key', { url, key: undefined }, /key/],
  ]
  for (const [what, block, message] of refused)
    it(`settings: ${what} is refused`, () => expect(complaints('form-post', block)).to.match(message))

  it('is over 60 seconds after its time', () => {
    const fields = verified(fieldsOf(open({ url }).handOff(entryOf())), SECRET)
    expect(readPairs(fields, AT + 58_000, 'sgo').id).to.have.length(27)
    expect(() => readPairs(fields, AT + 60_000, 'sgo')).to.throw('too old')
  })
})
