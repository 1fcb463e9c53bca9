import { DOMParser } from '@xmldom/xmldom'
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import type { Deposit, DoorTools, Passage } from '../../src/journals/connector.js'
import { asJson, asText, asXml } from '../../src/journals/cas/answer.js'
import { TICKET_LIFETIME } from '../../src/journals/cas/cas.js'
import { elementName } from '../../src/journals/cas/names.js'
import { isSameService, newTicket } from '../../src/journals/cas/ticket.js'
import { kinds } from '../../src/journals/kinds.js'
import { validateTicket, type CasQuestion } from '../../src/login/cas.js'
import type { Ports } from '../../src/login/ports.js'
import type { Journal } from '../../src/words/journal.js'
import type { Released } from '../../src/words/released.js'
import { AT, connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'

const home = `${HOME}/diary/`
const connector = kinds.get('cas')!
const tools = (at = AT, journal = journalOf()): DoorTools => ({
  journal,
  issuer: 'https://vhod.school.example',
  clock: { now: () => at },
  chance: systemChance,
  tokenKeys: [],
  secret: () => Buffer.alloc(0),
})
const open = (block: object = {}, given = tools()) => connector.open(connector.schema.parse({ home, ...block }), given)

const ticketOf = ({ handOff }: Passage): string => handOff.to.searchParams.get('ticket')!
const serviceOf = ({ handOff }: Passage): string => handOff.to.href.replace(/[?&]ticket=[^&]*$/, '')

/** The journal's server, which brings the ticket; what was kept lies in the memory of the test. */
function ask(passage: Passage, at: number, asked: Partial<CasQuestion> = {}, journal = 'sgo') {
  const { handle, content, expiresAt }: Deposit = passage.deposit!
  const take = (ticket: string, now: number) =>
    Promise.resolve(
      ticket === handle && now < expiresAt ? { journal: 'sgo', content, session: '', number: '' } : undefined,
    )
  const ports = { clock: { now: () => at }, deposits: { take }, audit: { record: () => Promise.resolve() } }
  const question = { ticket: ticketOf(passage), service: serviceOf(passage), renew: false, proxies: false, ...asked }
  return validateTicket(ports as unknown as Ports, journal, question)
}

/** Read as a client reads it: by local names in the namespace of CAS. */
function readXml(text: string) {
  const root = new DOMParser().parseFromString(text, 'text/xml').documentElement
  const all = (name: string) => Array.from(root.getElementsByTagNameNS('http://www.yale.edu/tp/cas', name))
  const [attributes] = all('attributes')
  return {
    user: all('user')[0]?.textContent ?? undefined,
    code: all('authenticationFailure')[0]?.getAttribute('code') ?? undefined,
    elements: Array.from(root.getElementsByTagName('*')).length,
    attributes: Object.fromEntries(
      Array.from(attributes?.childNodes ?? []).map(node => [node.nodeName.replace('cas:', ''), node.textContent ?? '']),
    ),
  }
}

for (const format of ['XML', 'JSON'] as const)
  connectorContract({
    name: `cas, ${format}`,
    carriesNames: true,
    lacks: ['subject', 'sid', 'state'],
    logoutUrl: home,
    side: () => {
      const receive = async (passage: Passage, at: number, asked?: Partial<CasQuestion>, journal?: string) => {
        const answer = await ask(passage, at, asked, journal)
        const { body } = format === 'XML' ? asXml(answer, true) : asJson(answer, true)
        const json = () => (JSON.parse(body) as { serviceResponse: { authenticationSuccess?: { user: string; attributes: Record<string, string> } } }).serviceResponse.authenticationSuccess // prettier-ignore
        const { user, attributes } = format === 'XML' ? readXml(body) : { attributes: {}, ...json() }
        if (user === undefined) throw new Error(body)
        const { authenticationDate, isFromNewLogin, longTermAuthenticationRequestTokenUsed, ...given } = attributes
        expect([isFromNewLogin, longTermAuthenticationRequestTokenUsed]).to.deep.equal(['true', 'false'])
        expect(Date.parse(authenticationDate!)).to.equal(AT - 1_000)
        expect(user).to.equal('p-1001')
        const service = serviceOf(passage)
        return {
          id: ticketOf(passage),
          given: given as Released,
          ...(service !== home && { returnTo: service }),
          all: body,
        }
      }
      return Promise.resolve({
        open: (at: number, journal: Journal, tellable: boolean) =>
          open({ singleLogout: tellable ? 'confirmed' : 'none' }, tools(at, journal)),
        receive,
        receiveAsStranger: (passage, at, stranger) =>
          stranger === 'key'
            ? receive(passage, at, { service: `${HOME}/diary/other` })
            : receive(passage, at, {}, 'eljur'),
        receiveLeave: ({ fields }) => {
          const text = fields['logoutRequest']!
          expect(/<samlp:SessionIndex>(.*)<\/samlp:SessionIndex>/.exec(text)![1]).to.match(/^ST-/)
          expect(new DOMParser().parseFromString(text, 'text/xml').documentElement.localName).to.equal('LogoutRequest')
          return Promise.resolve({})
        },
      })
    },
  })

describe('cas: tickets', () => {
  it('are 30 letters and digits behind ST-, whatever was drawn', () => {
    for (const octet of [0, 1, 7, 255])
      expect(newTicket({ bytes: count => Buffer.alloc(count, octet) })).to.match(/^ST-[A-Za-z0-9]{27}$/)
    expect(
      new Set([0, 1, 7, 255].map(octet => newTicket({ bytes: count => Buffer.alloc(count, octet) }))).size,
    ).to.equal(4)
  })

  it('stand behind the query that the service has already, and wait 60 seconds', () => {
    const returnTo = new URL(`${HOME}/diary/?a=1&b=%D1%91`)
    const { handOff, deposit, mark } = open().handOff(entryOf({ returnTo }))
    expect(handOff.to.href).to.equal(`${returnTo.href}&ticket=${deposit!.handle}`)
    expect(deposit!.expiresAt - AT)
      .to.equal(TICKET_LIFETIME)
      .and.to.equal(60_000)
    expect(JSON.parse(mark!)).to.deep.equal([deposit!.handle, returnTo.href])
  })

  it('are refused to a service that brings a ticket of its own', () => {
    const returnTo = new URL(`${HOME}/diary/?ticket=ST-other`)
    expect(() => open().handOff(entryOf({ returnTo }))).to.throw('journal.return-denied')
  })
})

describe('cas: validation', () => {
  const answer = async (asked: Partial<CasQuestion>, fresh = true, journal?: string) => {
    const got = await ask(open().handOff(entryOf({ fresh })), AT, asked, journal)
    return 'code' in got ? got.code : got.user
  }

  it('says no by the codes of the protocol', async () => {
    expect(await answer({})).to.equal('p-1001')
    expect(await answer({ renew: true }), 'just signed in').to.equal('p-1001')
    expect(await answer({ renew: true }, false)).to.equal('INVALID_TICKET')
    expect(await answer({ proxies: true })).to.equal('UNAUTHORIZED_SERVICE_PROXY')
    expect(await answer({ service: undefined })).to.equal('INVALID_REQUEST')
    expect(await answer({ ticket: undefined })).to.equal('INVALID_REQUEST')
    expect(await answer({ ticket: 'ST-unknown' })).to.equal('INVALID_TICKET')
    expect(await answer({ service: `${home}x` })).to.equal('INVALID_SERVICE')
    expect(await answer({}, true, 'eljur'), 'another journal').to.equal('INVALID_TICKET')
    for (const ticket of ['PT-1-abc', 'PGT-1', 'x', 'ST-', 'ST-ё', "ST-'", `ST-${'a'.repeat(254)}`])
      expect(await answer({ ticket }), ticket).to.equal('INVALID_TICKET_SPEC')
  })

  it('reads what another kind of journal left as nothing', async () => {
    const passage = open().handOff(entryOf())
    const got = await ask({ ...passage, deposit: { ...passage.deposit!, content: { login: 'p-1001' } } }, AT)
    expect(got).to.include({ code: 'INVALID_TICKET' })
  })

  const same: readonly [string, string][] = [
    ['https://a/~user/x', 'https://a/%7Euser/x'],
    ['https://a/%7euser/%41-%2E', 'https://a/~user/A-.'],
  ]
  const different: readonly [string, string][] = [
    ['https://a/x', 'https://a/x/'],
    ['https://a/x', 'https://a/X'],
    ['https://a/x', 'https://A/x'],
    ['https://a/x', 'https://a:443/x'],
    ['https://a/x?a=1&b=2', 'https://a/x?b=2&a=1'],
    ['https://a/x?a=b%26c', 'https://a/x?a=b&c'],
    ['https://a/x%2Fy', 'https://a/x/y'],
    ['https://a/%2541', 'https://a/%41'],
    ['https://a/%2541', 'https://a/A'],
    ['https://a/%D1%91', 'https://a/ё'],
    ['https://a/x?q=a+b', 'https://a/x?q=a%20b'],
    ['https://a/x', 'https://a/x#f'],
    ['https://a/x', 'https://a/x?'],
    ['https://a/x', 'https://a/x;jsessionid=1'],
  ]
  it('takes the encoding of unreserved characters off, and forgives nothing else', () => {
    for (const [one, other] of same) expect(isSameService(one, other), `${one} ${other}`).to.equal(true)
    for (const [one, other] of different) {
      expect(isSameService(one, other), `${one} ${other}`).to.equal(false)
      expect(isSameService(one, one)).to.equal(true)
    }
  })
})

describe('cas: answers', () => {
  const evil = `</cas:user><cas:user>admin</cas:user><![CDATA[x]]>&evil;<!--`

  it('hold values as text, whatever they look like', () => {
    const { body } = asXml({ user: evil, attributes: { a: evil, b: ']]>' } }, true)
    const read = readXml(body)
    expect(read).to.deep.include({ user: evil, attributes: { a: evil, b: ']]>' }, elements: 5 })
    expect(JSON.parse(asJson({ user: evil, attributes: {} }, false).body)).to.deep.equal({
      serviceResponse: { authenticationSuccess: { user: evil } },
    })
  })

  it('show a sign that XML cannot carry as a replacement, and lose nobody the login', () => {
    const { body } = asXml({ user: 'a\u0000b\ud800c\u001b', attributes: { ok: '👩‍👧‍👦 Ё' } }, true)
    expect(readXml(body)).to.deep.include({ user: 'a\ufffdb\ufffdc\ufffd', attributes: { ok: '👩‍👧‍👦 Ё' } })
  })

  it('are two lines in CAS 1, even when a name would be three', () => {
    expect(asText({ user: 'a\nno\r\n', attributes: {} }).body).to.equal('yes\na no  \n')
    expect(asText({ code: 'INVALID_TICKET', why: '' }).body).to.equal('no\n\n')
  })

  it('hold attributes only below /p3/', () => {
    expect(asXml({ user: 'u', attributes: { a: 'b' } }, false).body).not.to.include('attributes')
    expect(asJson({ user: 'u', attributes: { a: 'b' } }, false).body).not.to.include('attributes')
  })

  it('call attributes by names that XML allows', () => {
    const names = { 'urn:oid:2.5.4.4': 'urn_oid_2.5.4.4', 'last name': 'last_name', Класс: 'Класс', '1st': '_1st', '-x': '_-x', 'a/b': 'a_b', 名: '_' } // prettier-ignore
    for (const [name, element] of Object.entries(names)) expect(elementName(name)).to.equal(element)
    const attributes = Object.fromEntries(Object.keys(names).map((name, i) => [name, String(i)]))
    expect(Object.keys(readXml(asXml({ user: 'u', attributes }, true).body).attributes)).to.deep.equal(
      Object.values(names),
    )
  })
})

describe('cas: settings', () => {
  it('send attributes by template, under the names of the journal', async () => {
    const journal = journalOf(['login', 'lastName', 'firstName', 'role'])
    const block = {
      user: '{login}@school',
      attributes: { sn: '{lastName}', 'eduPerson:who': '{firstName} {role}', kid: '{subject}' },
    }
    const person = { subject: 'sub-1', given: { login: 'p-1', lastName: 'Ёж', firstName: 'О’Нил', role: 'parent' } }
    const answer = await ask(open(block, tools(AT, journal)).handOff(entryOf({ person })), AT)
    const { user, attributes } = readXml(asXml(answer, true).body)
    expect(user).to.equal('p-1@school')
    expect(attributes).to.include({ sn: 'Ёж', eduPerson_who: 'О’Нил parent', kid: 'sub-1' })
  })

  const unusable: readonly [string, object, DoorTools, RegExp][] = [
    ['a home outside of the list', { home: 'https://evil.example/' }, tools(), /home: must be/],
    ['a user that the journal may not get', {}, tools(AT, journalOf(['role'])), /user: \{login\} is not on the list/],
    ['an attribute that the journal may not get', { attributes: { sn: '{lastName}' } }, tools(), /attributes\.sn/],
    ['requireState', {}, tools(AT, { ...journalOf(), requireState: true }), /CAS has no state/],
  ]
  for (const [what, block, given, message] of unusable)
    it(`${what} is an error when the door is opened`, () =>
      expect(() => open(block, given)).to.throw(RangeError, message))

  const refused: readonly [string, object, RegExp][] = [
    ['a name of the answer itself', { attributes: { user: '{login}' } }, /is taken/],
    ['a name that says when the person signed in', { attributes: { isFromNewLogin: 'true' } }, /is taken/],
    ['two names for one element', { attributes: { 'a b': 'x', 'a:b': 'y' } }, /would both be called cas:a_b/],
    ['a name that would be markup', { attributes: { 'a><b': 'x' } }, /letters, digits/],
    ['an unknown template', { user: '{surname}' }, /names \{surname\}/],
    ['no home', { home: undefined }, /home/],
  ]
  for (const [what, block, message] of refused)
    it(`${what} is refused`, () => {
      const { success, error } = connector.schema.safeParse({ home, ...block })
      expect(success).to.equal(false)
      expect(JSON.stringify(error?.issues)).to.match(message)
    })
})

describe('cas: the end of a session', () => {
  it('is told to the home where the list of today does not name the service', () => {
    const leave = (mark?: string) => open().leave!({ subject: '', sid: 'sid-1', ...(mark !== undefined && { mark }) })
    const evil = leave(JSON.stringify(['ST-1', 'https://evil.example/diary/']))
    expect([evil.to.href, evil.fields['logoutRequest']!.includes('>ST-1<')]).to.deep.equal([home, true])
    expect(leave().fields['logoutRequest'], 'an entry of another kind').to.include('>sid-1<')
    expect(leave(JSON.stringify(['ST-1', `${home}deep`])).to.href).to.equal(`${home}deep`)
  })
})
