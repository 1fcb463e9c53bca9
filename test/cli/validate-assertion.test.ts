import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import type { Check } from '../../src/words/check.js'
import { run } from './desk.js'
import { acsUrl, makeFolder, spEntityId, type Folder } from './folder.js'

describe('command: validate-assertion', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  const validate = (answer: string | Buffer, ...flags: string[]) =>
    run(['validate-assertion', '-', '--config', folder.config, ...flags], { stdin: answer })

  /** Checks of the JSON form by name. */
  const checksOf = (json: Record<string, unknown>) =>
    new Map((json['checks'] as readonly Check[]).map(check => [check.check, check]))

  for (const [kind, encrypt] of [
    ['plain', false],
    ['encrypted', true],
  ] as const)
    it(`accepts an honest answer, ${kind}, with both engines`, async () => {
      const ran = await validate(folder.answer({ shape: { encrypt } }), '--in-response-to', '_request', '--both')
      expect(ran.code, ran.out + ran.err).to.equal(0)
      expect(ran.out).to.include('Accepted.').and.not.include('✗')
      expect(ran.out).to.match(/✓ in-response-to +_request/)
      expect(ran.out).to.include('second engine on Response: verified')
      expect(ran.out).to.include('second engine on Assertion: verified')
      expect(ran.out).to.match(encrypt ? /✓ decryption/ : /– decryption +not checked: the assertion is not encrypted/)
    })

  it('masks the person unless it is told not to', async () => {
    const answer = folder.answer()
    const masked = await validate(answer)
    expect(masked.out).to.include('М.').and.include('***-***-*01 82')
    const json = await validate(answer, '--json')
    for (const text of [masked.out, json.out])
      for (const secret of ['Соколова', 'Марина', '900-000-001', '1000900001', 'mother@mail.example', '12.04.1986'])
        expect(text).not.to.include(secret)
    const shown = await validate(answer, '--show-person')
    expect(shown.out).to.include('Соколова').and.include('900-000-001 82').and.include('1000900001')
  })

  it('refuses an answer for somebody else and names the check, what was expected and what was found', async () => {
    const ran = await validate(folder.answer({ fault: 'wrong-audience' }))
    expect(ran.code).to.equal(1)
    expect(ran.out).to.match(/✗ audience +FAILED\n +expected +http:\/\/localhost:8080\/saml\/metadata\n +found +\S+/)
    expect(ran.out).to.include('Refused: saml.audience.').and.include('Who must act')
    expect(ran.out).to.include('do not believe it')
  })

  it('tells the same to programs', async () => {
    const json = (await validate(folder.answer({ fault: 'wrong-audience' }), '--json')).json()
    expect(json).to.include({ schemaVersion: 1, accepted: false, refused: 'saml.audience' })
    expect(checksOf(json).get('audience')).to.include({ result: 'fail', expected: spEntityId })
    expect(checksOf(json).get('in-response-to')).to.include({ result: 'not-checked' })
  })

  it('holds the answer against the request only when it knows one', async () => {
    const answer = folder.answer()
    expect((await validate(answer)).code).to.equal(0)
    const other = await validate(answer, '--in-response-to', '_another', '--json')
    expect(other.code).to.equal(1)
    expect(other.json()).to.include({ refused: 'saml.in-response-to' })
  })

  it('judges as of another time', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    const answer = folder.answer()
    expect((await validate(answer, '--at', at(0))).code).to.equal(0)
    expect((await validate(answer, '--at', at(3_600_000), '--json')).json()).to.include({ refused: 'saml.expired' })
    expect((await validate(answer, '--at', at(-3_600_000), '--json')).json()).to.include({
      refused: 'saml.not-yet-valid',
    })
    const wrong = await validate(answer, '--at', 'yesterday')
    expect([wrong.code, wrong.err]).to.deep.equal([2, '--at is no time. Write it like 2026-09-01T08:00:00Z.\n'])
  })

  it('works without settings, from metadata, entityID, address and key', async () => {
    const file = await folder.file('answer.txt', folder.answer())
    const parties = ['--idp-metadata', join(folder.path, 'idp.xml'), '--sp-entity-id', spEntityId, '--acs', acsUrl]
    const closed = await run(['validate-assertion', file, ...parties, '--json'])
    expect(closed.json()).to.include({ refused: 'saml.decryption' })
    const key = ['--decryption-key', join(folder.path, 'certs/sp-encryption.key')]
    expect((await run(['validate-assertion', file, ...parties, ...key])).code).to.equal(0)
    const half = await run(['validate-assertion', file, ...parties.slice(0, 2)])
    expect([half.code, half.out]).to.deep.equal([2, ''])
    expect(half.err).to.include('--sp-entity-id')
  })

  it('trusts another certificate instead of those of the metadata', async () => {
    const answer = folder.answer()
    const cert = (name: string) => ['--cert', join(folder.path, `certs/${name}.crt`)]
    expect((await validate(answer, ...cert('idp-signing'))).code).to.equal(0)
    expect((await validate(answer, ...cert('sp-signing'), '--json')).json()).to.include({
      refused: 'saml.untrusted-key',
    })
  })

  it('takes XML, a posted form, and what PowerShell makes of a file', async () => {
    const answer = folder.answer()
    const xml = Buffer.from(answer, 'base64')
    expect((await validate(xml)).code).to.equal(0)
    expect((await validate(`SAMLResponse=${encodeURIComponent(answer)}&RelayState=x`)).code).to.equal(0)
    expect((await validate(Buffer.from(`\uFEFF${answer}\r\n`, 'utf16le'))).code).to.equal(0)
    expect((await validate(Buffer.from(`\uFEFF${answer.replace(/.{76}/g, '$&\r\n')}\r\n`))).code, 'Notepad').to.equal(0)
    expect((await validate(Buffer.concat([xml.subarray(0, 60), Buffer.of(0xff), xml.subarray(60)]))).code).to.equal(1)
  })

  it('takes the answer out of a HAR file, and asks which one when there are several', async () => {
    const posted = (answer: string) => ({
      request: {
        method: 'POST',
        url: 'https://vhod.school.example/saml/acs',
        postData: { text: `SAMLResponse=${encodeURIComponent(answer)}` },
      },
      response: { content: { text: '<p>fine</p>' } },
    })
    const har = (...entries: object[]) => JSON.stringify({ log: { entries } })
    const [good, bad] = [folder.answer(), folder.answer({ fault: 'wrong-audience' })]
    const asked = { request: { method: 'GET', url: 'https://idp.example/SSO?SAMLRequest=PGEvPg%3D%3D' }, response: {} }
    expect((await validate(har(asked, posted(good)))).code).to.equal(0)
    const several = await validate(har(posted(good), posted(bad)))
    expect([several.code, several.out]).to.deep.equal([2, ''])
    expect(several.err).to.include('2 answers').and.include('2 (POST https://vhod.school.example/saml/acs)')
    expect((await validate(har(posted(good), posted(bad)), '--answer', '1')).code).to.equal(0)
    expect((await validate(har(posted(good), posted(bad)), '--answer', '2')).code).to.equal(1)
    expect((await validate(har(posted(good), posted(bad)), '--answer', '3')).code).to.equal(2)
  })

  it('takes what Windows makes of line ends, and the address of a redirect', async () => {
    const answer = folder.answer()
    const xml = Buffer.from(answer, 'base64').toString()
    expect((await validate(xml.replace(/\?>/, '?>\r\n'))).code).to.equal(0)
    expect((await validate(`${answer}\r\n`)).code).to.equal(0)
    const deflated = encodeURIComponent(deflateRawSync(xml).toString('base64'))
    const ran = await validate(`https://vhod.school.example/saml/acs?SAMLResponse=${deflated}&RelayState=x`)
    expect(ran.code, ran.err).to.equal(0)
  })

  const unusable: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['nothing', '', /standard input is empty/],
    ['prose', 'это не ответ', /no SAML message/],
    ['base64 of noise', Buffer.alloc(300, 0xa5).toString('base64'), /neither XML nor DEFLATE/],
    ['another message', '<a:AuthnRequest xmlns:a="urn:oasis:names:tc:SAML:2.0:protocol"/>', /no Response/],
    ['too much', Buffer.alloc(17 * 1024 * 1024, 0x41), /larger than 16 MiB/],
  ]
  for (const [what, input, complaint] of unusable)
    it(`cannot use ${what}: 2, one sentence on stderr, nothing on stdout`, async () => {
      const ran = await validate(input)
      expect(ran.code).to.equal(2)
      expect(ran.out).to.equal('')
      expect(ran.err).to.match(complaint)
      expect(ran.err.trim().split('\n')).to.have.length(1)
    })
})
