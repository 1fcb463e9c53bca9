import { deflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const request =
  '<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_asked" Version="2.0" ' +
  'IssueInstant="2026-09-01T08:00:00Z" Destination="https://idp.example/SSO">' +
  '<a:Issuer xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">https://vhod.school.example</a:Issuer></p:AuthnRequest>'
const deflated = encodeURIComponent(deflateRawSync(request).toString('base64'))
const address = `https://idp.example/SSO?SAMLRequest=${deflated}&RelayState=r1&SigAlg=urn%3Aalg&Signature=AAAA`

describe('command: inspect-message', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  const inspect = (stdin: string | Buffer, ...flags: string[]) => run(['inspect-message', '-', ...flags], { stdin })

  it('reads the address of a redirect, and says that it verified nothing', async () => {
    const ran = await run(['inspect-message', address])
    expect(ran.code, ran.err).to.equal(0)
    expect(ran.out).to.include('AuthnRequest in https://idp.example/SSO (base64 and DEFLATE, SAMLRequest)')
    expect(ran.out).to.include('NOTHING WAS VERIFIED')
    for (const row of [/ID +_asked/, /Issuer +https:\/\/vhod/, /RelayState +r1/, /over the query +urn:alg/])
      expect(ran.out).to.match(row)
    expect(ran.out).to.include('\n<p:AuthnRequest ')
  })

  it('finds every message of a HAR file once', async () => {
    const answer = folder.answer()
    const posted = { method: 'POST', url: 'https://vhod.school.example/saml/acs' }
    const entry = (value: object) => ({ request: value, response: { content: { text: '<p>fine</p>' } } })
    const page = `<html><form><input type="hidden" name="SAMLResponse" value="${answer.replaceAll('+', '&#x2b;')}"></form>`
    const har = {
      log: {
        entries: [
          entry({ method: 'GET', url: 'https://vhod.school.example/' }),
          entry({ method: 'GET', url: address }),
          { request: { method: 'GET', url: 'https://idp.example/form' }, response: { content: { text: page } } },
          entry({ ...posted, postData: { text: `SAMLResponse=${encodeURIComponent(answer)}` } }),
          entry({ ...posted, postData: { params: [{ name: 'SAMLResponse', value: encodeURIComponent(answer) }] } }),
        ],
      },
    }
    const ran = await inspect(JSON.stringify(har), '--json')
    expect(ran.code, ran.err).to.equal(0)
    const messages = ran.json()['messages'] as readonly { kind: string; source: string }[]
    expect(messages.map(({ kind, source }) => `${kind}: ${source}`)).to.deep.equal([
      'AuthnRequest: GET https://idp.example/SSO',
      'Response: the page at GET https://idp.example/form',
    ])
    expect(ran.json()).to.include({ schemaVersion: 1, verified: false })
  })

  it('shows signatures, encryption and certificates of an answer, and shortens what is for machines', async () => {
    const ran = await inspect(folder.answer())
    expect(ran.out).to.include('on Response, over #_')
    expect(ran.out).to.include('EncryptedAssertion: http://www.w3.org/2009/xmlenc11#aes256-gcm')
    expect(ran.out).to.match(/SHA-256 [0-9a-f]{64}\n +valid \d{4}-\d\d-\d\d/)
    expect(ran.out).to.match(/<xenc:CipherValue>.{64}… \(\d+ characters\)</)
    expect(Math.max(...ran.out.split('\n').map(line => line.length))).to.be.below(400)
  })

  it('lets no message paint over the terminal', async () => {
    const ran = await inspect('<a b="\u009b31mred">\u202eback</a>')
    expect(ran.out).to.include('\\u009b31mred').and.include('\\u202eback')
    expect(ran.out).not.to.match(/[\u009b\u202e]/)
  })

  it('shows what is no XML, complains with the line, and ends with 2', async () => {
    const ran = await inspect('<a>\n<b></a>')
    expect(ran.code).to.equal(2)
    expect(ran.out).to.include('<b></a>')
    expect(ran.err).to.match(/^The message is not XML that the bridge reads: .*line 2.*\(saml\.not-xml\)\.\n$/)
  })

  const unusable: readonly (readonly [string, string, RegExp])[] = [
    ['an address without a message', 'https://idp.example/SSO?a=b', /no SAML message in it/],
    ['JSON that is no HAR', '{"log":1}', /no HAR file/],
    ['a bomb', deflateRawSync(Buffer.alloc(6_000_000, 0x20)).toString('base64'), /decompression bomb/],
  ]
  for (const [what, input, complaint] of unusable)
    it(`cannot use ${what}`, async () => {
      const ran = await inspect(input)
      expect([ran.code, ran.out]).to.deep.equal([2, ''])
      expect(ran.err).to.match(complaint)
    })
})
