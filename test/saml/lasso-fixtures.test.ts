/** Messages that lasso made once: a second generator for machines that have none. See test/fixtures/foreign/README.md. */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { judgeResponse } from '../../src/saml/response.js'

interface Fixture {
  readonly at: number
  readonly request: string
  readonly entityId: string
  readonly acsUrl: string
  readonly idpMetadata: string
  readonly decryptionKeys: readonly string[]
  readonly answers: readonly { readonly sign: string; readonly encrypt: string; readonly response: string }[]
}

const fixture = JSON.parse(readFileSync(projectFile('test/fixtures/foreign/lasso.json'), 'utf8')) as Fixture
const { at, request, entityId, acsUrl } = fixture
const decryption = fixture.decryptionKeys.map(pem => ({ privateKey: createPrivateKey(pem), certificatePem: '' }))

function judge(response: string, cbc: 'any' | 'never' = 'any', now = at): string {
  const verdict = judgeResponse(response, {
    idp: readIdpMetadata(fixture.idpMetadata, { legacyAlgorithms: false, cbc, acceptUnsolicited: false }),
    sp: { entityId, acsUrl, sloUrl: acsUrl, signing: [], decryption, skew: 180_000 },
    request: { id: request, at, forced: true },
    now,
  })
  if (!verdict.accepted) return verdict.refusal.code
  return verdict.assertion.attributes.map(({ values }) => values.join('|')).join(' ')
}

describe('foreign fixtures by lasso', () => {
  it('come signed and encrypted in every way that it knows', () => {
    expect(new Set(fixture.answers.map(({ sign }) => sign)).size).to.equal(3)
    expect(new Set(fixture.answers.map(({ encrypt }) => encrypt)).size).to.equal(3)
  })

  for (const { sign, encrypt, response } of fixture.answers)
    it(`signed: ${sign}, encrypted: ${encrypt}: accepted, and refused when touched, late or by a weakness not allowed`, () => {
      expect(judge(response)).to.equal("000-000-600 01 Ёжикова-Д'Артаньян & Ко|")
      expect(judge(response, 'any', at + 3_600_000)).to.be.oneOf(['saml.expired', 'saml.too-old'])
      if (encrypt !== 'none') expect(judge(response, 'never')).to.equal('saml.algorithm')
      const xml = Buffer.from(response, 'base64').toString()
      const touched = xml.replace('Destination="https', 'Destination="HTTPS').replace('600 01', '600 03')
      expect(touched).not.to.equal(xml)
      const code = judge(Buffer.from(touched).toString('base64'))
      expect(code).to.be.oneOf(['saml.altered', 'saml.destination'])
    })
})
