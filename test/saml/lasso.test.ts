/**
 * Both ends of a login with lasso: it reads our metadata, verifies our request and answers; we judge what it says. It writes
 * the message itself and signs and encrypts with libxmlsec, aes-cbc only.
 */
import { expect } from 'chai'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { authnRequestUrl } from '../../src/saml/request.js'
import { judgeResponse } from '../../src/saml/response.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { makeParties } from '../mock-idp/stand.js'
import { answerByLasso, needLasso, type LassoAnswer, type LassoOrder } from '../support/lasso.js'

const ENTITY_ID = 'https://idp.example/idp/shibboleth'
const NAME = "Ёжикова-Д'Артаньян & Ко"

describe('foreign messages by lasso', () => {
  let now: number
  const iso = (offset: number): string => new Date(now + offset).toISOString().replace(/\.\d+Z/, 'Z')
  let ask: (shape: Pick<LassoOrder, 'sign' | 'encrypt' | 'cipher'>, spoil?: (query: string) => string) => LassoAnswer
  let judge: (posted: string) => string

  before(async function () {
    needLasso(this)
    now = Date.now() // lasso knows no other clock, and other tests may have taken minutes since this file was read
    const { key, sp } = await makeParties()
    const metadata = idpMetadata(ENTITY_ID, 'https://idp.example', [key])
    const idp = readIdpMetadata(metadata, { legacyAlgorithms: false, cbc: 'any', acceptUnsolicited: false })
    const url = authnRequestUrl(sp, idp, { id: '_lasso', relayState: 'opaque', forced: true, at: now })
    ask = (shape, spoil = query => query) =>
      answerByLasso({
        ...shape,
        idpMetadata: metadata,
        idpKey: key.privateKeyPem,
        spMetadata: spMetadata({ ...sp, at: now }),
        query: spoil(url.search.slice(1)),
        attributes: { 'urn:esia:personSNILS': ['000-000-600 01'], 'urn:x': [NAME, ''] },
        times: { now: iso(0), notBefore: iso(-1_000), notOnOrAfter: iso(300_000) },
      })
    judge = posted => {
      const verdict = judgeResponse(posted, {
        idp,
        sp,
        request: { id: '_lasso', at: now, forced: true },
        now: Date.now(),
      })
      if (!verdict.accepted) return verdict.refusal.code
      const { attributes, nameId } = verdict.assertion
      return [nameId?.nameQualifier, ...attributes.map(({ values }) => values.join('|'))].join(' ')
    }
  })

  it('takes our metadata and our signed request, and no altered one', () => {
    const { acs, relayState, forced, issuer } = ask({ sign: 'both', encrypt: 'none', cipher: 'aes128' })
    expect({ acs, relayState, forced, issuer }).to.deep.equal({
      acs: 'https://vhod.school.example/saml/acs',
      relayState: 'opaque',
      forced: true,
      issuer: 'https://vhod.school.example/saml/metadata',
    })
    const altered = (query: string): string => query.replace('RelayState=opaque', 'RelayState=other')
    expect(() => ask({ sign: 'both', encrypt: 'none', cipher: 'aes128' }, altered)).to.throw(/ignature/)
  })

  const person = `${ENTITY_ID} 000-000-600 01 ${NAME}|`
  for (const sign of ['response', 'assertion', 'both'] as const)
    for (const encrypt of ['none', 'assertion', 'name'] as const)
      it(`${sign} signed, ${encrypt === 'none' ? 'plain' : `${encrypt} encrypted`}: accepted, and refused when touched`, () => {
        const { response } = ask({ sign, encrypt, cipher: encrypt === 'name' ? 'aes128' : 'aes256' })
        expect(judge(response)).to.equal(person)
        const xml = Buffer.from(response, 'base64').toString()
        const sealed = encrypt === 'assertion'
        const touched = sealed
          ? xml.replace(/(?<=CipherValue>\s*.{30}).(?=[\s\S]*$)/, sign => (sign === 'A' ? 'B' : 'A'))
          : xml.replace('600 01', '600 03')
        expect(touched).not.to.equal(xml)
        const refused = sealed && sign === 'assertion' ? 'saml.decryption' : 'saml.altered'
        expect(judge(Buffer.from(touched).toString('base64'))).to.equal(refused)
      })
})
