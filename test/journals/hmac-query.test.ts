import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import type { Passage } from '../../src/journals/connector.js'
import { connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'
import { complaints, opener, OTHER, SECRET, toolsOf, twoKeys } from './door-tools.js'
import { readLeave, readPairs } from './signed-pairs.js'

const open = opener('hmac-query')
const url = `${HOME}/autologin.php`
const logoutUrl = `${HOME}/sso-logout`

type Signed = (query: string, values: ReadonlyMap<string, string>) => string

/** What each shape signs, as the guide tells integrators. */
const shapes: Readonly<Record<string, Signed>> = {
  query: query => query.replace(/&sig=[^&]*$/, ''),
  values: (_, values) => [...values.values()].join('|'),
  lines: (_, values) => [...values].map(pair => pair.join('=')).sort().join('\n'),
} // prettier-ignore

/** @throws unless the last parameter signs the others */
function verified({ handOff }: Passage, sign: string, key: string, digest: 'hex' | 'base64url' = 'hex') {
  const query = handOff.to.search.slice(1)
  const values = new Map(new URLSearchParams(query.replaceAll('+', '%2B')))
  const sig = values.get('sig')
  values.delete('sig')
  if (createHmac('sha256', key).update(shapes[sign]!(query, values)).digest(digest) !== sig)
    throw new Error('wrong signature')
  return Object.fromEntries([...values].filter(([, value]) => sign !== 'values' || value !== ''))
}

for (const sign of ['query', 'values'])
  connectorContract({
    name: `hmac-query, ${sign}`,
    carriesNames: false,
    // where places count, no state and an empty one are the same
    ...(sign === 'values' && { lacks: ['state'] }),
    logoutUrl,
    side: () =>
      Promise.resolve({
        open: (at, journal, tellable) => open({ url, sign, ...(tellable && { logoutUrl }) }, toolsOf(journal, at)),
        receive: (passage, at) =>
          new Promise(resolve => resolve(readPairs(verified(passage, sign, SECRET), at, 'sgo'))),
        receiveAsStranger: (passage, at, stranger) =>
          new Promise(resolve => {
            const [key, audience] = stranger === 'key' ? [OTHER, 'sgo'] : [SECRET, 'eljur']
            resolve(readPairs(verified(passage, sign, key), at, audience))
          }),
        receiveLeave: readLeave,
      }),
  })

describe('HMAC query', () => {
  const parameters = { uid: '{login}', school: '{school}', kid: '{child}', st: '{state}', ts: '{ts}', nonce: '{nonce}' }
  const given = { login: "o'neil (1)*!", school: 'Школа №1' }
  const entry = (state?: string, values: object = given) =>
    entryOf({ person: { subject: 's', given: values }, ...(state !== undefined && { state }) })
  const codeOf = (act: () => unknown): unknown => {
    try {
      return act()
    } catch (error) {
      return error instanceof Refusal ? [error.code, error.facts] : error
    }
  }

  it('keeps the order of the settings, the query of the journal, and the signs that were signed', () => {
    const passage = open({ url: `${url}?m=a%20b`, parameters }).handOff(entry('a b'))
    expect(passage.handOff.to.href).to.match(
      /\?m=a%20b&uid=o%27neil%20%281%29%2A%21&school=%D0%A8[%0-9A-F]+1&st=a%20b&ts=\d{10}&nonce=[\w-]{27}&sig=[0-9a-f]{64}$/,
    )
    expect(verified(passage, 'query', SECRET)).to.include({
      uid: given.login,
      school: given.school,
      st: 'a b',
      m: 'a b',
    })
  })

  for (const sign of Object.keys(shapes))
    for (const digest of ['hex', 'base64url'] as const)
      it(`signs ${sign} in ${digest}`, () => {
        const passage = open({ url, parameters, sign, digest }).handOff(entry('s'))
        expect(verified(passage, sign, SECRET, digest)).to.include({ uid: given.login, school: given.school })
        const state = 'ёжик 😀 &=+%25#/?"\'<>\\'
        expect(
          verified(open({ url, parameters, sign, digest }).handOff(entry(state)), sign, SECRET, digest),
        ).to.include({ st: state })
        expect(() => verified(passage, sign, OTHER, digest)).to.throw('wrong signature')
      })

  it('keeps the place of what is not known, where places count', () => {
    const to = (sign: string) => open({ url, parameters, sign }).handOff(entry()).handOff.to.searchParams
    expect(to('values').get('kid')).to.equal('')
    expect(to('query').has('kid')).to.equal(false)
  })

  it('takes another separator', () => {
    const { handOff } = open({ url, parameters, sign: 'values', separator: ';' }).handOff(entry('a|b'))
    const values = [...handOff.to.searchParams.values()]
    const mac = createHmac('sha256', SECRET).update(values.slice(0, -1).join(';')).digest('hex')
    expect(values.at(-1)).to.equal(mac)
  })

  it('refuses a value that could be taken for two: journal.value-unfit', () => {
    const unfit = { why: 'holds the separator' }
    const values = open({ url, parameters, sign: 'values' })
    values.handOff(entry('a;b'))
    expect(codeOf(() => values.handOff(entry('a|b')))).to.deep.equal([
      'journal.value-unfit',
      { parameter: 'st', ...unfit },
    ])
    const login = { ...given, login: 'p|1' }
    expect(codeOf(() => values.handOff(entry('s', login)))).to.deep.equal([
      'journal.value-unfit',
      { parameter: 'uid', ...unfit },
    ])
    const lines = open({ url, parameters, sign: 'lines' })
    lines.handOff(entry('a|b'))
    expect(codeOf(() => lines.handOff(entry('a\nuid=a-1')))).to.deep.equal([
      'journal.value-unfit',
      { parameter: 'st', ...unfit },
    ])
  })

  it('signs with the first of two keys, and names it', () => {
    const passage = open({ url, key: twoKeys }).handOff(entryOf())
    expect(verified(passage, 'query', OTHER)).to.include({ kid: 'k2' })
  })

  const unusable: readonly [string, object, RegExp][] = [
    ['a name in an address', { a: '{lastName}', ts: '{ts}', n: '{nonce}' }, /parameters\.a: \{lastName\} would stand in an address/],
    ['no nonce', { uid: '{login}', ts: '{ts}' }, /parameters: one of them must be \{nonce\}/],
  ] // prettier-ignore
  for (const [what, pairs, message] of unusable)
    it(`${what} is an error when the door is opened`, () =>
      expect(() => open({ url, parameters: pairs }, toolsOf(journalOf(['login', 'lastName'])))).to.throw(
        RangeError,
        message,
      ))

  const refused: readonly [string, object, RegExp][] = [
    ['an address that holds a parameter', { url: `${url}?uid=1`, parameters }, /uid.", which the hand-off adds/],
    ['an address that holds the signature', { url: `${url}?sig=1` }, /sig.", which the hand-off adds/],
    ['no separator', { url, separator: '' }, /one sign of ASCII/],
    ['a signature over itself', { url, signatureParameter: 'ts' }, /name of another parameter already/],
    ['another shape', { url, sign: 'md5' }, /values/],
  ]
  for (const [what, block, message] of refused)
    it(`settings: ${what} is refused`, () => expect(complaints('hmac-query', block)).to.match(message))
})
