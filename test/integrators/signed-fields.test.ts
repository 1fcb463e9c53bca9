/** What our connectors send, taken by the PHP that we give to integrators; each row spoils one thing of it. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Door, Entry, Passage } from '../../src/journals/connector.js'
import { projectFile } from '../../src/base/project-file.js'
import { releasable } from '../../src/words/released.js'
import { entryOf, journalOf } from '../contract/connector.js'
import { without } from '../contract/samples.js'
import { cp1251 } from '../identity/cp1251.js'
import { opener, OTHER, SECRET, toolsOf } from '../journals/door-tools.js'
import { askPhp, servePhp, type PhpAnswer, type PhpSite } from '../support/php.js'
import { has } from '../support/require.js'

const HOME = 'https://sgo.school.example/diary/'
const FILE = 'signed-fields.php'
const common = { bridge: 'https://vhod.school.example', journal: 'sgo', audience: 'sgo', alg: 'HS256', key: SECRET }
const url = 'https://sgo.school.example/sso.php'
const journal = journalOf(releasable)
const open = (kind: string, block: object, key = SECRET, at = Date.now()): Door =>
  opener(kind)({ url, ...block }, { ...toolsOf(journal, at), secret: () => Buffer.from(key) })

interface Shape {
  readonly name: string
  readonly kind: 'form-post' | 'hmac-query'
  readonly block: object
  readonly settings: object
}

const names = { uid: '{login}', role: '{role}', school: '{school}', fio: '{lastName} {firstName}' }
const guards = { aud: '{audience}', st: '{state}', back: '{returnTo}', ts: '{ts}', nonce: '{nonce}' }
const accountOnly = without(names, 'fio')
const order = [...Object.keys(accountOnly), ...Object.keys(guards)]
const theirs = { login: 'uid', state: 'st', returnTo: 'back' }
const shapes: readonly Shape[] = [
  { name: 'form in UTF-8', kind: 'form-post', block: {}, settings: { shape: 'form' } },
  {
    name: 'form in Windows-1251',
    kind: 'form-post',
    block: { fields: { ...names, ...guards }, charset: 'windows-1251' },
    settings: { shape: 'form', names: theirs, more: ['fio'] },
  },
  { name: 'query', kind: 'hmac-query', block: { digest: 'base64url' }, settings: { shape: 'query' } },
  {
    name: 'values',
    kind: 'hmac-query',
    block: { parameters: { ...accountOnly, ...guards }, sign: 'values' },
    settings: { shape: 'values', names: theirs, order },
  },
  { name: 'lines', kind: 'hmac-query', block: { sign: 'lines' }, settings: { shape: 'lines' } },
]

/** As a browser would: a form in its charset, or the address. */
function bring({ handOff }: Passage, site: PhpSite, cookie = '', spoil = (text: string) => text): Promise<PhpAnswer> {
  if (handOff.how === 'redirect')
    return askPhp(`${site.origin}/${FILE}?${spoil(handOff.to.search.slice(1))}`, {}, cookie)
  const octets = (text: string) => (handOff.charset ? Buffer.from(cp1251(text)) : Buffer.from(text))
  const encode = (text: string) => octets(text).toString('hex').replace(/../g, '%$&')
  const body = Object.entries(handOff.fields).map(([name, value]) => `${name}=${encode(value)}`).join('&') // prettier-ignore
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return askPhp(`${site.origin}/${FILE}`, { method: 'POST', headers, body: spoil(body) }, cookie)
}

const person = { login: 'p-1001', role: 'parent', school: 'school-1', lastName: 'Ёжикова', firstName: 'Әлия' }
const entry = (more: Partial<Entry> = {}) => entryOf({ person: { subject: 's', given: person }, ...more })

function suite({ name, kind, block, settings }: Shape): void {
  const now = () => Date.now()
  const loginField = 'uid' in ((block as { fields?: object }).fields ?? {}) || name === 'values' ? 'uid' : 'login'
  let site: PhpSite
  before(async () => (site = await servePhp([FILE], { ...common, home: HOME, requireState: false, ...settings })))
  after(() => site.close())
  const refusedAs = async (answer: Promise<PhpAnswer>): Promise<unknown> => {
    const { status, to, text } = await answer
    return [status, to, /Для школы: ([a-z-]+)</.exec(text)?.[1]]
  }

  it(`${name}: a login that starts at the journal comes back to it, to a clean address`, async () => {
    const start = await askPhp(`${site.origin}/${FILE}?bridge=login`)
    const state = new URL(start.to!).searchParams.get('state')!
    const back = new URL(`${HOME}marks?week=1`)
    const passage = open(kind, block).handOff(entry({ state, returnTo: back }))
    expect(await refusedAs(bring(passage, site)), 'in another browser').to.deep.equal([403, null, 'state-foreign'])
    const door = await bring(passage, site, start.cookie)
    expect([door.status, door.to, door.headers.get('referrer-policy')]).to.deep.equal([303, back.href, 'no-referrer'])
    const who = Buffer.from((await askPhp(`${site.origin}/who.php`, {}, door.cookie)).text, 'hex')
    expect(who.toString('latin1')).to.include('p-1001 parent school-1')
    if (name.endsWith('1251')) expect(new TextDecoder('windows-1251').decode(who)).to.include('Ёжикова &#1240;лия')
    expect(await refusedAs(bring(passage, site, start.cookie)), 'again').to.deep.equal([403, null, 'fields-used'])
  })

  const attacks: readonly [string, () => Passage, ((text: string) => string) | undefined, number, string][] = [
    ['another login', () => open(kind, block).handOff(entry()), text => changed(text, loginField), 403, 'fields-signature'],
    ['another time', () => open(kind, block).handOff(entry()), text => changed(text, 'ts'), 403, 'fields-signature'],
    ['no signature', () => open(kind, block).handOff(entry()), text => text.replace(/&sig=.*$/, ''), 400, 'fields-form'],
    ['an empty signature', () => open(kind, block).handOff(entry()), text => text.replace(/sig=.*$/, 'sig='), 400, 'fields-form'],
    ['a list for a value', () => open(kind, block).handOff(entry()), text => `${text}&x[]=1`, 400, 'fields-form'],
    ['another key', () => open(kind, block, OTHER).handOff(entry()), undefined, 403, 'fields-signature'],
    ['another audience', () => open(kind, { ...block, audience: 'eljur' }).handOff(entry()), undefined, 403, 'fields-audience'],
    ['too late', () => open(kind, block, SECRET, now() - 91_000).handOff(entry()), undefined, 403, 'fields-expired'],
    ['too early', () => open(kind, block, SECRET, now() + 35_000).handOff(entry()), undefined, 403, 'fields-early'],
    ['a state of somebody else', () => open(kind, block).handOff(entry({ state: 'x' })), undefined, 403, 'state-foreign'],
  ] // prettier-ignore
  for (const [what, make, spoil, status, code] of attacks)
    it(`${name}: ${what} -> ${code}`, async () => {
      const untouched = (text: string) => text
      const spoilt = (text: string) => {
        if (spoil) expect(spoil(text)).not.to.equal(text)
        return (spoil ?? untouched)(text)
      }
      expect(await refusedAs(bring(make(), site, '', spoilt))).to.deep.equal([status, null, code])
    })

  it(`${name}: what is added behind the signature does not count`, async () => {
    const answer = await bring(open(kind, block).handOff(entry()), site, '', text => `${text}&child=c-999`)
    const signedIn = answer.status === 303 ? await askPhp(`${site.origin}/who.php`, {}, answer.cookie) : answer
    expect(signedIn.text).not.to.include(Buffer.from('c-999').toString('hex'))
    expect(answer.status).to.equal(name === 'values' ? 303 : name === 'query' ? 400 : 403)
  })

  it(`${name}: a foreign return address leads home`, async () => {
    const passage = open(kind, block).handOff(entry({ returnTo: new URL('https://evil.example/') }))
    expect((await bring(passage, site)).to).to.equal(HOME)
  })
}

/** One octet of one value; of a percent-encoded form, its last digit. */
const changed = (text: string, name: string): string =>
  text.replace(new RegExp(`(^|&)${name}=[^&]*(?=&)`), pair => pair.replace(/.$/, sign => (sign === '1' ? '2' : '1')))

if (has('php', 'php-cli'))
  describe('PHP receiver of signed fields', () => {
    for (const shape of shapes) suite(shape)

    it('takes the other key while it is being changed, and demands a state where told to', async () => {
      const settings = { ...common, home: HOME, requireState: true, shape: 'query', otherKey: OTHER }
      const site = await servePhp([FILE], settings)
      expect((await bring(open('hmac-query', {}, OTHER).handOff(entry()), site)).text).to.include('state-foreign')
      const start = await askPhp(`${site.origin}/${FILE}?bridge=login`)
      expect(start.headers.get('set-cookie')).to.match(
        /^__Host-bridge-states=[0-9a-f]{32}; Path=\/; HttpOnly; Secure; SameSite=None$/,
      )
      const state = new URL(start.to!).searchParams.get('state')!
      const door = await bring(open('hmac-query', {}, OTHER).handOff(entry({ state })), site, start.cookie)
      expect(door.status).to.equal(303)
      site.close()
    })
  })

/** The examples of the guides, held against our own signer and against the receiver. */
const VECTOR_KEY = 'test-vector-key-of-the-bridge-0001'
const VECTOR_NOW = 1_795_507_200
const guide = (name: string) => readFileSync(projectFile(`docs/integrators/${name}.md`), 'utf8')
const vectorDoor = (kind: string, block: object): Passage => {
  const tools = { ...toolsOf(journal, VECTOR_NOW * 1_000), secret: () => Buffer.from(VECTOR_KEY) }
  const chance = { bytes: (count: number) => Buffer.alloc(count, 7) }
  return opener(kind)({ url, ...block }, { ...tools, chance }).handOff(entry())
}
const vectorPairs = {
  login: '{login}',
  role: '{role}',
  school: '{school}',
  aud: '{audience}',
  ts: '{ts}',
  nonce: '{nonce}',
}
const vectorSite = (settings: object) =>
  servePhp([FILE], { ...common, home: HOME, requireState: false, key: VECTOR_KEY, now: VECTOR_NOW, ...settings })

describe('test vectors of signed fields', () => {
  const text = guide('form-post')
  const listed = Object.fromEntries(
    [...text.matchAll(/^\| `(\w+)` \| `(.+)` \|$/gm)].map(([, name, value]) => [name, value]),
  )

  it('form: is what we send, in either charset', async () => {
    const fields = { ...vectorPairs, fio: '{lastName} {firstName}' }
    const old = vectorDoor('form-post', { fields, charset: 'windows-1251' })
    expect('fields' in old.handOff && old.handOff.fields).to.deep.equal(listed)
    const utf8 = vectorDoor('form-post', { fields }).handOff
    expect('fields' in utf8 && text.includes(utf8.fields['sig']!)).to.equal(true)
    if (!has('php', 'php-cli')) return
    const site = await vectorSite({ shape: 'form' })
    expect((await bring(old, site)).status).to.equal(303)
    site.close()
  })

  const query = guide('hmac-query')
  const { login, ...others } = vectorPairs
  const parameters = { uid: login, ...others }
  for (const sign of ['query', 'values', 'lines'])
    it(`${sign}: is what we send`, async () => {
      const [, common] = /```\n(uid=.+)\n```/.exec(query)!
      const [, sig] = new RegExp(`\\| \`${sign}\` \\| \`([0-9a-f]{64})\``).exec(query)!
      const passage = vectorDoor('hmac-query', { sign, parameters })
      expect(passage.handOff.to.search).to.equal(`?${common!}&sig=${sig!}`)
      if (!has('php', 'php-cli')) return
      const site = await vectorSite({ shape: sign, names: { login: 'uid' }, order: Object.keys(parameters) })
      expect((await bring(passage, site)).status).to.equal(303)
      site.close()
    })
})

if (has('php', 'php-cli'))
  describe('PHP receiver of DiscourseConnect', () => {
    const sso = 'discourse-connect.php'
    let site: PhpSite
    before(async () => (site = await servePhp([sso], { ...common, home: HOME })))
    after(() => site.close())
    const forum = (at = Date.now(), key = SECRET) => {
      const block = { url: `${HOME}sso`, startUrl: `${HOME}start` }
      return opener('discourse-connect')(block, { ...toolsOf(journal, at), secret: () => Buffer.from(key) })
    }
    const ask = async () => {
      const start = await askPhp(`${site.origin}/${sso}?login=1`)
      const to = new URL(start.to!)
      const message = { sso: to.searchParams.get('sso')!, sig: to.searchParams.get('sig')! }
      return { start, to, message }
    }
    const answer = (message: { sso: string; sig: string }, door = forum()) => {
      const { returnTo, state } = forum().asks!.read(message)
      const given = { ...person, account: 'a-1' }
      const all = entryOf({ person: { subject: 's', given }, state, returnTo: new URL(returnTo) })
      return door.handOff(all).handOff.to.search
    }

    it('asks, takes the answer once, in the browser that asked, and leads to a clean address', async () => {
      const { start, to, message } = await ask()
      expect(to.origin + to.pathname).to.equal('https://vhod.school.example/discourse-connect/sgo')
      const link = `${site.origin}/${sso}${answer(message)}`
      expect((await askPhp(link)).text).to.include('nonce-foreign')
      const door = await askPhp(link, {}, start.cookie)
      expect([door.status, door.to]).to.deep.equal([303, HOME])
      const who = await askPhp(`${site.origin}/who.php`, {}, door.cookie)
      expect(Buffer.from(who.text, 'hex').toString()).to.match(/^a-1 p-1001 a-1@school\.invalid \S+$/)
      expect((await askPhp(link, {}, door.cookie)).text).to.include('nonce-foreign')
    })

    it('takes nothing that is signed otherwise, late or cut', async () => {
      const { start, message } = await ask()
      const get = async (search: string) => (await askPhp(`${site.origin}/${sso}${search}`, {}, start.cookie)).text
      const good = answer(message)
      expect(await get(good.replace(/.$/, sign => (sign === '0' ? '1' : '0')))).to.include('answer-signature')
      expect(await get(answer(message, forum(Date.now() - 91_000)))).to.include('answer-expired')
      expect(await get(answer(message, forum(Date.now() + 35_000)))).to.include('answer-early')
      expect(await get(good.replace(/&sig.*/, ''))).to.include('answer-form')
      expect((await askPhp(`${site.origin}/${sso}${good}`, {}, start.cookie)).status, 'nothing was used up').to.equal(
        303,
      )
    })
  })

describe('receivers that check by hand', () => {
  for (const file of ['signed-fields.php', 'discourse-connect.php'])
    it(`${file} has at most 120 lines`, () => {
      const lines = readFileSync(projectFile(`docs/integrators/php/${file}`), 'utf8').split('\n').length - 1
      expect(lines).to.be.at.most(120)
    })
})
