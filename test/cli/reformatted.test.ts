/** A genuine answer that went through a viewer, by the viewer that everybody has. */
import { execFileSync } from 'node:child_process'
import { expect } from 'chai'
import { has } from '../support/require.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const RUSSIAN = 'Файл переформатирован: сохраните ответ как пришёл.'

describe('command: validate-assertion, of a file that was reformatted', () => {
  let folder: Folder
  before(async () => (folder = await makeFolder()))
  after(() => folder.remove())

  const validate = (answer: string | Buffer, ...flags: string[]) =>
    run(['validate-assertion', '-', '--config', folder.config, ...flags], { stdin: answer })
  const xmlOf = (...of: Parameters<Folder['answer']>) => Buffer.from(folder.answer(...of), 'base64').toString()
  /** Only what lies outside of SignedInfo: as of an IdP that signs before it lays out the rest. */
  const spread = (xml: string) => xml.replace(/<saml2:(Subject|Conditions|AttributeStatement)[ >]/g, '\n    $&')

  describe('by xmllint --format', () => {
    before(function () {
      if (!has('xmllint', 'libxml2-utils')) this.skip()
    })
    const format = (xml: string) => execFileSync('xmllint', ['--format', '-'], { input: xml }).toString()

    for (const [what, shape] of [
      ['both signed', { sign: 'both', encrypt: false }],
      ['the Response signed', { sign: 'response', encrypt: false }],
      ['signed and encrypted', { sign: 'both', encrypt: true }],
    ] as const)
      it(`says so, and how to save it: ${what}`, async () => {
        const xml = xmlOf({ shape })
        expect((await validate(xml)).code, 'control').to.equal(0)
        const ran = await validate(format(xml))
        expect(ran.code).to.equal(1)
        expect(ran.out).to.match(/^Refused: saml\.(?:untrusted-key|altered)\./m)
        expect(ran.out).to.include('was reformatted after the IdP had signed it').and.include(RUSSIAN)
        expect(ran.out).to.include('Who must act: whoever saved the file.')
        const json = (await validate(format(xml), '--json')).json()
        expect(json).to.have.nested.property('reformatted.certain', true)
        expect(json).to.include({ accepted: false, whoMustAct: 'whoever saved the file' })
      })

    it('does not excuse an answer that was changed besides', async () => {
      const ran = await validate(format(xmlOf({ shape: { encrypt: false }, fault: 'name-id-altered' })))
      expect([ran.code, ran.out]).to.satisfy(([code, out]: [number, string]) => code === 1 && !out.includes(RUSSIAN))
      expect(ran.out).to.include("the identity provider's administrators")
    })

    it('does not excuse the key of a stranger', async () => {
      const ran = await validate(format(xmlOf({ shape: { encrypt: false }, fault: 'cloned-certificate' })))
      expect(ran.out).to.include('Refused: saml.untrusted-key.').and.not.include(RUSSIAN)
    })
  })

  it('is sure where only part of it was spread, too', async () => {
    const ran = await validate(spread(xmlOf({ shape: { encrypt: false } })))
    expect(ran.out).to.include('Refused: saml.altered.').and.include('was reformatted after')
  })

  it('only supposes it where the content has changed besides', async () => {
    const ran = await validate(spread(xmlOf({ shape: { encrypt: false }, fault: 'name-id-altered' })))
    expect(ran.out).to.include('Refused: saml.altered.').and.include('Perhaps the file was reformatted')
    expect(ran.out).to.include("the identity provider's administrators")
  })

  it('says nothing of it where there is no white space, or nothing is wrong with the signature', async () => {
    for (const fault of ['name-id-altered', 'wrong-audience']) {
      const ran = await validate(xmlOf({ shape: { encrypt: false }, fault }))
      expect([ran.code, ran.out.includes(RUSSIAN)], fault).to.deep.equal([1, false])
    }
  })
})
