import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import type { Door, DoorTools, Passage } from '../../src/journals/connector.js'
import { headerValue } from '../../src/journals/header-value.js'
import { kinds } from '../../src/journals/kinds.js'
import type { Journal } from '../../src/words/journal.js'
import { AT, connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'

const connector = kinds.get('trusted-headers')!
const tools = (at = AT, journal = journalOf()): DoorTools => ({
  journal,
  issuer: 'https://vhod.school.example',
  clock: { now: () => at },
  chance: systemChance,
  tokenKeys: [],
  secret: () => Buffer.alloc(0),
})
const open = (block: object, given = tools()): Door => connector.open(connector.schema.parse(block), given)
const site = HOME

/** Written after RFC 8187, 3.2.1; a journal in PHP would do the same with rawurldecode. */
const decoders = {
  rfc8187: (text: string) => (text.startsWith("UTF-8''") ? decodeURIComponent(text.slice(7)) : text),
  percent: decodeURIComponent,
  base64: (text: string) => Buffer.from(text, 'base64').toString(),
} as const

for (const encoding of ['rfc8187', 'percent', 'base64'] as const) {
  const block = (journal: Journal) => ({
    site,
    encoding,
    headers: Object.fromEntries(
      [...journal.release, 'subject', 'sid'].map(name => [`X-Remote-${name}`, `{${name}}`] as const),
    ),
  })
  const doorOf = (at: number, journal: Journal): Door => open(block(journal), tools(at, journal))
  /** What the bridge keeps between hand-off and proxy, as the corridor reads it. */
  const behind = new WeakMap<Passage, Door>()
  connectorContract({
    name: `trusted headers, ${encoding}`,
    carriesNames: true,
    side: () =>
      Promise.resolve({
        open(at, journal) {
          const door = doorOf(at, journal)
          return {
            ...door,
            handOff(entry) {
              const passage = door.handOff(entry)
              behind.set(passage, door)
              return passage
            },
          }
        },
        receive: (passage, at) => receive(passage, at, behind.get(passage)!),
        receiveAsStranger: (passage, at, stranger) =>
          stranger === 'key'
            ? receive(passage, at, behind.get(passage)!, 'another-handle')
            : receive(passage, at, doorOf(at, journalOf(undefined, 'eljur'))),
      }),
  })

  async function receive({ handOff, deposit }: Passage, at: number, { gate }: Door, handle?: string) {
    if (handOff.how !== 'redirect' || handOff.to.pathname !== '/.bridge/enter') throw new Error('no way in')
    const came = handle ?? handOff.to.searchParams.get('handle')
    if (came !== deposit!.handle || at >= deposit!.expiresAt) throw new Error('no such handle')
    const headers = gate!.headers(deposit!.content)
    if (!headers) throw new Error('made for another journal')
    const values = Object.entries(headers).map(([name, value]) => {
      expect(value, name).to.match(/^[ -~]*$/)
      return [name.slice('X-Remote-'.length), decoders[encoding](value)] as const
    })
    const { subject, sid, ...given } = Object.fromEntries(values.filter(([, value]) => value !== ''))
    const { to, state } = deposit!.content as { to?: string; state?: string }
    return Promise.resolve({
      id: deposit!.handle,
      subject: subject!,
      sid: sid!,
      given: given,
      ...(to !== undefined && { returnTo: to }),
      ...(state !== undefined && { state }),
      all: headers,
    })
  }
}

describe('trusted headers', () => {
  const contentOf = (door: Door) => door.handOff(entryOf()).deposit!.content

  it('sends every header of the settings, empty where nothing is known', () => {
    const door = open({ site })
    const given = { login: 'p-1', role: 'parent' }
    const { content } = door.handOff(entryOf({ person: { subject: 's', given } })).deposit!
    expect(door.gate!.headers(content)).to.deep.equal({
      'X-Remote-User': 'p-1',
      'X-Remote-Role': 'parent',
      'X-Remote-School': '',
      'X-Remote-Child': '',
    })
  })

  it('forgets who came in under other settings, or into another journal', () => {
    const door = open({ site })
    const content = contentOf(door)
    expect(open({ site }).gate!.headers(content)).to.deep.equal(door.gate!.headers(content))
    for (const other of [
      open({ site, encoding: 'base64' }),
      open({ site, headers: { 'X-Remote-User': '{account}' } }),
      open({ site }, tools(AT, journalOf(undefined, 'eljur'))),
    ])
      expect(other.gate!.headers(content)).to.equal(undefined)
  })

  it('lets one header be written otherwise than the rest', () => {
    const headers = { 'X-Remote-User': '{login}', 'X-Remote-Name': { value: 'Ё {role}', encoding: 'base64' } }
    const door = open({ site, headers })
    expect(door.gate!.headers(contentOf(door))).to.deep.equal({
      'X-Remote-User': 'p-1001',
      'X-Remote-Name': Buffer.from('Ё parent').toString('base64'),
    })
  })

  it('leads to the path of the settings, with a handle and nothing else', () => {
    const { handOff } = open({ site, path: '/a/.bridge' }).handOff(entryOf({ state: 'secret-of-the-browser' }))
    expect(handOff.to.href).to.match(/^https:\/\/sgo\.school\.example\/a\/\.bridge\/enter\?handle=[\w-]{27}$/)
  })

  const written: readonly [string, Parameters<typeof headerValue>[1], string][] = [
    ['p-1001', 'rfc8187', 'p-1001'],
    ["Anna O'Neil, 5%", 'rfc8187', "Anna O'Neil, 5%"],
    ['Ёж', 'rfc8187', "UTF-8''%D0%81%D0%B6"],
    // of RFC 8187, 3.2.3
    ['£ and € rates', 'rfc8187', "UTF-8''%C2%A3%20and%20%E2%82%AC%20rates"],
    ["a*'b'(ё)", 'rfc8187', "UTF-8''a%2A%27b%27%28%D1%91%29"],
    ["UTF-8''x", 'rfc8187', "UTF-8''UTF-8%27%27x"],
    [' a ', 'rfc8187', "UTF-8''%20a%20"],
    ['a\r\nX-Remote-User: root', 'rfc8187', "UTF-8''a%0D%0AX-Remote-User%3A%20root"],
    ['a%b (ё)', 'percent', 'a%25b%20%28%D1%91%29'],
    ['p-1001', 'base64', 'cC0xMDAx'],
    ['', 'base64', ''],
    ['\ud83d', 'percent', '%EF%BF%BD'],
  ]
  for (const [text, encoding, value] of written)
    it(`writes ${JSON.stringify(text)} by ${encoding} as ${value}`, () =>
      expect(headerValue(text, encoding)).to.equal(value))

  const unusable: readonly [string, object, RegExp, Journal?][] = [
    ['a header with what the journal may not get', { headers: { 'X-Mail': '{email}' } }, /headers\.X-Mail: \{email\}/],
    ['a header with what belongs to one entry', { headers: { 'X-S': '{state}' } }, /headers\.X-S: \{state\}/],
    ['a page elsewhere', {}, /lies elsewhere/, { ...journalOf(), returnTo: ['https://eljur.example/*'] }],
  ]
  for (const [what, block, message, journal] of unusable)
    it(`${what} is an error when the door is opened`, () =>
      expect(() => open({ site, ...block }, tools(AT, journal))).to.throw(RangeError, message))

  const refused: readonly [string, object, RegExp][] = [
    ['a site with a path', { site: `${HOME}/x` }, /written as https:\/\/sgo\.school\.example/],
    ['a site over plain http', { site: 'http://sgo.school.example' }, /must be https/],
    ['a site with a slash', { site: `${HOME}/` }, /must be an origin/],
    ['a path with dots', { site, path: '/a/../b' }, /without a slash/],
    ['a path with a slash at its end', { site, path: '/.bridge/' }, /without a slash/],
    ['a home elsewhere', { site, home: '//evil.example/' }, /must be a plain path/],
    ['a home that is a pattern', { site, home: '/*' }, /one page/],
    ['no header', { site, headers: {} }, /at least one/],
    ['one header twice', { site, headers: { 'X-A': '1', 'x-a': '2' } }, /X- or Remote-|twice/],
    ['the same header in other letters', { site, headers: { 'X-Ab': '1', 'X-AB': '2' } }, /twice/],
    ['an underscore', { site, headers: { X_Remote_User: '1' } }, /X- or Remote-/],
    ['a header of browsers', { site, headers: { 'Set-Cookie': '1' } }, /X- or Remote-/],
    ['a header of proxies', { site, headers: { 'X-Accel-Redirect': '1' } }, /means something else/],
    ['an address of the client', { site, headers: { 'X-Forwarded-For': '1' } }, /means something else/],
    ['an unknown encoding', { site, encoding: 'utf-8' }, /rfc8187/],
  ]
  for (const [what, block, message] of refused)
    it(`settings: ${what} is refused`, () => {
      const { success, error } = connector.schema.safeParse(block)
      expect(success).to.equal(false)
      expect(JSON.stringify(error?.issues)).to.match(message)
    })
})
