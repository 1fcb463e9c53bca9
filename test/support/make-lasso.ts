/** Writes test/fixtures/foreign/lasso.json anew: `node dist/test/support/make-lasso.js`. Needs python3-lasso. */
import { writeFileSync } from 'node:fs'
import { projectFile } from '../../src/base/project-file.js'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { authnRequestUrl } from '../../src/saml/request.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { makeParties } from '../mock-idp/stand.js'
import { answerByLasso, type LassoOrder } from './lasso.js'

const SHAPES: readonly Pick<LassoOrder, 'sign' | 'encrypt' | 'cipher'>[] = [
  { sign: 'assertion', encrypt: 'none', cipher: 'aes128' },
  { sign: 'both', encrypt: 'none', cipher: 'aes128' },
  { sign: 'response', encrypt: 'assertion', cipher: 'aes256' },
  { sign: 'assertion', encrypt: 'assertion', cipher: 'aes128' },
  { sign: 'both', encrypt: 'name', cipher: 'aes128' },
]

const entityId = 'https://idp.example/idp/shibboleth'
const request = '_lasso'
const at = Date.now() // lasso knows no other
const iso = (offset: number): string => new Date(at + offset).toISOString().replace(/\.\d+Z/, 'Z')

const { key, sp } = await makeParties()
const metadata = idpMetadata(entityId, 'https://idp.example', [key])
const idp = readIdpMetadata(metadata, { legacyAlgorithms: false, cbc: 'any', acceptUnsolicited: false })
const url = authnRequestUrl(sp, idp, { id: request, relayState: 'opaque', forced: true, at })
const answers = SHAPES.map(shape => {
  const { response } = answerByLasso({
    ...shape,
    idpMetadata: metadata,
    idpKey: key.privateKeyPem,
    spMetadata: spMetadata({ ...sp, at }),
    query: url.search.slice(1),
    attributes: { 'urn:esia:personSNILS': ['000-000-600 01'], 'urn:x': ["Ёжикова-Д'Артаньян & Ко", ''] },
    times: { now: iso(0), notBefore: iso(-1_000), notOnOrAfter: iso(300_000) },
  })
  return { ...shape, response }
})
const decryptionKeys = sp.decryption.map(({ privateKey }) =>
  String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
)
const made = { at, request, entityId: sp.entityId, acsUrl: sp.acsUrl, idpMetadata: metadata, decryptionKeys, answers }
writeFileSync(projectFile('test/fixtures/foreign/lasso.json'), `${JSON.stringify(made, null, 2)}\n`)
