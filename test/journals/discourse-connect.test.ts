import { createHmac, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import type { Door, Passage } from '../../src/journals/connector.js'
import { readAsked, signMessage } from '../../src/journals/discourse-message.js'
import type { Released } from '../../src/words/released.js'
import { tricks } from '../attacks/return-addresses.js'
import { AT, connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'
import { complaints, opener, OTHER, SECRET, toolsOf, twoKeys } from './door-tools.js'
import { readLeave } from './signed-pairs.js'

const url = `${HOME}/diary/sso_login`
const startUrl = `${HOME}/session/sso`
const logoutUrl = `${HOME}/sso-logout`
const openWith = opener('discourse-connect')
const open = (block: object = {}, tools = toolsOf()): Door => openWith({ url, startUrl, ...block }, tools)

/** The journal's half, written from the description at meta.discourse.org and from nothing of ours. */
const mac = (text: string, key: string) => createHmac('sha256', key).update(text).digest('hex')
const question = (fields: object, key = SECRET) => {
  const sso = Buffer.from(new URLSearchParams({ ...fields }).toString()).toString('base64')
  return { sso, sig: mac(sso, key) }
}
const newNonce = () => randomBytes(16).toString('hex')
function answerIn({ handOff }: Passage, key = SECRET): Readonly<Record<string, string>> {
  const { searchParams } = handOff.to
  const sso = searchParams.get('sso')!
  if (mac(sso, key) !== searchParams.get('sig')) throw new Error('wrong signature')
  return Object.fromEntries(new URLSearchParams(Buffer.from(sso, 'base64').toString()))
}

/** From the question to the answer, as one login. */
const ask = (door: Door, nonce = newNonce(), key = SECRET) => {
  const { returnTo, state } = door.asks!.read(question({ nonce, return_sso_url: url }, key))
  return (more: Parameters<typeof entryOf>[0] = {}) =>
    door.handOff(entryOf({ ...more, returnTo: new URL(returnTo), state }))
}

const names = {
  account: 'external_id',
  login: 'username',
  role: 'custom.role',
  school: 'custom.school',
  child: 'custom.child',
}

connectorContract({
  name: 'discourse-connect',
  carriesNames: false,
  lacks: ['subject', 'state', 'returnTo'],
  logoutUrl,
  side() {
    /** Nonces of this journal, and when they were drawn: it forgets them as a login would. */
    const drawn = new Map<string, number>()
    return Promise.resolve({
      open(at, journal, tellable) {
        const released = journal.release.map(name => [names[name as keyof typeof names], `{${name}}`])
        const fields = {
          email: '{login}@school.invalid',
          sid: '{sid}',
          external_id: '{login}',
          ...Object.fromEntries(released),
        }
        const door = open({ fields, ...(tellable && { logoutUrl }) }, toolsOf(journal, at))
        const handOff: Door['handOff'] = entry => {
          const nonce = newNonce()
          drawn.set(nonce, at)
          const { returnTo, state } = door.asks!.read(question({ nonce, return_sso_url: url }))
          return door.handOff({ ...entry, returnTo: new URL(returnTo), state })
        }
        return { ...door, handOff }
      },
      receive: (passage, at) =>
        new Promise(resolve => {
          const { nonce, ts, sid, ...got } = answerIn(passage)
          if (!drawn.has(nonce!) || at / 1000 >= Number(ts) + 60) throw new Error('not asked, or too old')
          const given = Object.entries(names).flatMap(([name, theirs]) => (theirs in got ? [[name, got[theirs]]] : []))
          if (got['external_id'] === got['username']) given.shift()
          resolve({ id: nonce!, sid: sid!, given: Object.fromEntries(given) as Released, all: got })
        }),
      receiveAsStranger: (passage, _, stranger) =>
        new Promise(resolve => {
          const { nonce } = answerIn(passage, stranger === 'key' ? OTHER : SECRET)
          if (nonce !== newNonce()) throw new Error('this journal did not ask')
          resolve(nonce)
        }),
      receiveLeave: readLeave,
    })
  },
})

/** What a refusal says, or the bug. */
const codeOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error instanceof Refusal ? error.code : error
  }
}

describe('DiscourseConnect', () => {
  it('reads and writes the messages of the published example, octet for octet', () => {
    const octets = Buffer.from('d836444a9e4084d5b224a60c208dce14')
    const sso = 'bm9uY2U9Y2I2ODI1MWVlZmI1MjExZTU4YzAwZmYxMzk1ZjBjMGI=\n'
    const sig = '2828aa29899722b35a2f191d34ef9b3ce695e0e6eeec47deb46d588d70c7cb56'
    const door = open({}, { ...toolsOf(), secret: () => octets })
    const nonce = 'cb68251eefb5211e58c00ff1395f0c0b'
    expect(readAsked(sso)).to.deep.equal({ nonce })
    expect(door.asks!.read({ sso, sig })).to.include({ returnTo: url })
    const answer = signMessage(
      [
        ['nonce', nonce],
        ['name', 'sam'],
        ['username', 'samsam'],
        ['email', 'test@test.com'],
        ['external_id', 'hello123'],
        ['require_activation', 'true'],
      ],
      { octets },
    )
    expect(answer).to.deep.equal({
      sso: 'bm9uY2U9Y2I2ODI1MWVlZmI1MjExZTU4YzAwZmYxMzk1ZjBjMGImbmFtZT1zYW0mdXNlcm5hbWU9c2Ftc2FtJmVtYWlsPXRlc3QlNDB0ZXN0LmNvbSZleHRlcm5hbF9pZD1oZWxsbzEyMyZyZXF1aXJlX2FjdGl2YXRpb249dHJ1ZQ==',
      sig: '3d7e5ac755a87ae3ccf90272644ed2207984db03cf020377c8b92ff51be3abc3',
    })
  })

  it('answers the nonce that was asked, at the address that asked, with an account and a made-up e-mail address', () => {
    const nonce = newNonce()
    const passage = ask(open(), nonce)()
    expect(passage.handOff.to.href.startsWith(`${url}?sso=`)).to.equal(true)
    expect(answerIn(passage)).to.deep.equal({
      ...{ nonce, external_id: 'a-7Zc0', username: 'p-1001', email: 'a-7Zc0@school.invalid' },
      ...{ sid: entryOf().sid, ts: String(Math.floor(AT / 1000)) },
    })
  })

  it('takes a question of either key, and answers with the one that asked', () => {
    const door = open({ key: twoKeys })
    for (const key of [OTHER, SECRET]) {
      const passage = ask(door, newNonce(), key)()
      expect(answerIn(passage, key)).to.include({ username: 'p-1001' })
      expect(() => answerIn(passage, key === SECRET ? OTHER : SECRET)).to.throw('wrong signature')
    }
  })

  const good = question({ nonce: newNonce(), return_sso_url: url })
  const bad: readonly [string, { sso: string; sig: string }, string][] = [
    ['no signature', { ...good, sig: '' }, 'journal.wrong-signature'],
    ['a signature of another key', question({ nonce: newNonce() }, OTHER), 'journal.wrong-signature'],
    ['a changed question', { ...good, sso: question({ nonce: newNonce() }).sso }, 'journal.wrong-signature'],
    ['a signature cut short', { ...good, sig: good.sig.slice(1) }, 'journal.wrong-signature'],
    ['a signature in capitals', { ...good, sig: good.sig.toUpperCase() }, 'journal.wrong-signature'],
    ['no nonce', question({ return_sso_url: url }), 'request.malformed'],
    ['a nonce that can be guessed', question({ nonce: '123456' }), 'request.malformed'],
    ['two nonces', signedAs(`nonce=${newNonce()}&nonce=${newNonce()}`), 'request.malformed'],
    ['two addresses', signedAs(`nonce=${newNonce()}&return_sso_url=${url}&return_sso_url=${url}`), 'request.malformed'],
    ['no base64', { sso: '{}', sig: mac('{}', SECRET) }, 'request.malformed'],
    ['an address that holds an answer', question({ nonce: newNonce(), return_sso_url: `${url}?sso=x` }), 'request.malformed'],
    ['an answer of ours for a question', answerOfOurs(), 'request.malformed'],
  ] // prettier-ignore
  for (const [what, message, code] of bad)
    it(`${what} -> ${code}`, () => {
      expect(codeOf(() => open().asks!.read(message))).to.equal(code)
    })

  it('goes to no address outside of the list, whoever signed it', () => {
    const asks = open().asks!
    const codes = tricks.map(({ text }) =>
      codeOf(() => asks.read(question({ nonce: newNonce(), return_sso_url: text }))),
    )
    expect(new Set(codes)).to.deep.equal(new Set(['journal.return-denied']))
  })

  it('enters with nothing but what a question became: journal.state-missing', () => {
    const door = open()
    const { returnTo, state } = door.asks!.read(good)
    const at = new URL(returnTo)
    expect(door.asks!.made({ returnTo, state })).to.equal(true)
    const nonce = state.slice(0, state.lastIndexOf('.'))
    const stranger = open({}, toolsOf(journalOf(undefined, 'other')))
    const others: readonly [string, Parameters<typeof entryOf>[0]][] = [
      ['nothing', {}],
      ['no mark', { returnTo: at, state: nonce }],
      ['another nonce', { returnTo: at, state: state.replace(/^./, sign => (sign === 'a' ? 'b' : 'a')) }],
      ['another address', { returnTo: new URL(`${HOME}/diary/other`), state }],
      ['no address', { state }],
      ['the question of another journal', { returnTo: at, state: stranger.asks!.read(good).state }],
    ]
    for (const [what, more] of others) {
      expect(
        codeOf(() => door.handOff(entryOf(more))),
        what,
      ).to.equal('journal.state-missing')
      const { state: told, returnTo: to } = { ...more }
      expect(
        door.asks!.made({ ...(told !== undefined && { state: told }), ...(to && { returnTo: to.href }) }),
        what,
      ).to.equal(false)
    }
  })

  /**
   * The address is the journal's, but what it says may be the visitor's; and PHP and Ruby pass over what is no base64. A mark by
   * the very key of the protocol would sign such a text for whoever reads his own `state`.
   */
  it('the mark of a question signs nothing that a journal would take for an answer: journal.wrong-signature', () => {
    const door = open()
    const nonce = newNonce()
    const answer = Buffer.from(`&nonce=${nonce}&external_id=admin&ts=1&x=`).toString('base64').replace(/=+$/, '')
    const { id: journal } = journalOf()
    for (const padding of ['', 'A', 'AA', 'AAA']) {
      const returnTo = `${HOME}/diary/page?to=${padding}${answer}`
      const { state } = door.asks!.read(question({ nonce, return_sso_url: returnTo }))
      const sso = ['question', journal, nonce, returnTo].join(' ')
      const mark = Buffer.from(state.slice(state.lastIndexOf('.') + 1), 'base64url').toString('hex')
      expect(mac(sso, SECRET), 'is not what the protocol signs').not.to.equal(mark)
      expect(codeOf(() => door.asks!.read({ sso, sig: mark }))).to.equal('journal.wrong-signature')
    }
  })

  it('names nobody by a word that Discourse takes for nobody: journal.value-unfit', () => {
    const fields = { external_id: '{login}', email: '{login}@school.invalid' }
    for (const login of ['None', ' null', 'blank', 'NIL'])
      expect(codeOf(() => ask(open({ fields }))({ person: { subject: 's', given: { login } } }))).to.equal(
        'journal.value-unfit',
      )
    expect(codeOf(() => ask(open({ fields }))({ person: { subject: 's', given: {} } }))).to.equal('journal.value-unfit')
  })

  const unusable: readonly [string, () => unknown, RegExp][] = [
    ['an answer address outside of the list', () => open({ url: `${HOME}/forum/sso_login` }), /not on the list `returnTo`/],
    ['an account that may not leave', () => open({}, toolsOf(journalOf(['login']))), /\{account\} is not on the list/],
    [
      'an e-mail address of the person',
      () => open({ fields: { external_id: '{account}', email: '{email}', require_activation: 'true' } }, toolsOf(journalOf(['account', 'email']))),
      /would stand in an address/,
    ],
  ] // prettier-ignore
  for (const [what, act, message] of unusable)
    it(`${what} is an error when the door is opened`, () => expect(act).to.throw(RangeError, message))

  const email = '{login}@school.invalid'
  const refused: readonly [string, object, RegExp][] = [
    ['somebody’s real address', { external_id: '{account}', email: '{login}@school.ru' }, /domain of .invalid/],
    ['one external_id for all', { external_id: 'pupil', email }, /tells people apart/],
    ['no external_id', { email }, /external_id is missing/],
    ['rights', { external_id: '{account}', email, admin: 'true' }, /must not be one of/],
    ['a nonce of its own', { external_id: '{account}', email, nonce: '1' }, /must not be one of/],
  ]
  for (const [what, fields, message] of refused)
    it(`settings: ${what} is refused`, () =>
      expect(complaints('discourse-connect', { url, startUrl, fields })).to.match(message))
})

function signedAs(text: string) {
  const sso = Buffer.from(text).toString('base64')
  return { sso, sig: mac(sso, SECRET) }
}

/** Signed with the very same key. */
function answerOfOurs() {
  const { searchParams } = ask(open())().handOff.to
  return { sso: searchParams.get('sso')!, sig: searchParams.get('sig')! }
}
