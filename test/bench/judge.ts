/**
 * `npm run bench`: what judging an answer costs, beside the bare cryptography on the same message and beside the second
 * engine (xml-crypto on @xmldom/xmldom) that verifies signatures only. All are measured in turns in one run, so that their
 * ratios hold on a noisy machine; figures are CPU milliseconds of the whole process, median of the rounds.
 */
import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  sign,
  verify,
  constants,
} from 'node:crypto'
import { systemChance } from '../../src/base/chance.js'
import { secondOpinion } from '../../src/cli/second-opinion.js'
import { makeResponse } from '../../src/mock-idp/respond.js'
import { defaultPeople } from '../../src/mock-idp/people.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { warmUp } from '../../src/saml/gate.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { judgeResponse } from '../../src/saml/response.js'
import { ourNames, requestedAttributes } from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { makeServiceProvider, at } from '../support/saml-parties.js'

const ROUNDS = 11
const IDP = 'https://idp.example'
const key = await makeCertificate({ commonName: 'idp', at, days: 3650, keyType: 'rsa-2048' })
const sp = await makeServiceProvider()
const idp = readIdpMetadata(idpMetadata(`${IDP}/idp/shibboleth`, IDP, [key]), {
  legacyAlgorithms: false,
  cbc: 'never',
  acceptUnsolicited: false,
})
const provider = readServiceProvider(
  spMetadata({
    ...sp,
    ...ourNames,
    at,
    organization: { name: 'Школа', url: 'https://school.example' },
    contacts: { technical: 'it@school.example', support: 'help@school.example' },
    requestedAttributes: requestedAttributes('esia'),
    leastLevel: 'confirmed',
    cbc: false,
  }),
)

const request = { id: '_request', at, forced: false }
const answer = (shape: { sign: 'response' | 'assertion' | 'both'; encrypt: boolean }) =>
  makeResponse({
    entityId: idp.entityId,
    key,
    serviceProvider: provider,
    acsUrl: sp.acsUrl,
    inResponseTo: request.id,
    person: defaultPeople().all[0],
    now: at,
    chance: systemChance,
    shape,
  })

interface Contender {
  readonly name: string
  readonly times: number
  readonly run: () => void
}

/** One RSA verification and two digests for each signature; for an encrypted answer also RSA-OAEP and AES-GCM. */
function bare(octets: number, signatures: number, encrypted: boolean): () => void {
  const message = Buffer.alloc(octets, 'x')
  const signature = sign('sha256', message, createPrivateKey(key.privateKeyPem))
  const trusted = createPublicKey(key.certificatePem)
  const ours = sp.decryption[0]!.privateKey
  const wrapped = encrypted ? wrap() : undefined
  return () => {
    for (let i = 0; i < signatures; i++) {
      createHash('sha256').update(message).digest()
      if (!verify('sha256', message, trusted, signature)) throw new Error('bare verification failed')
    }
    if (!wrapped) return
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    createDecipheriv('aes-256-gcm', privateDecrypt({ key: ours, padding }, wrapped), Buffer.alloc(12)).update(message)
  }
}

function wrap(): Buffer {
  const xml = answer({ sign: 'response', encrypt: true }).xml
  const value = /<[\w:]*EncryptedKey[\s\S]*?<[\w:]*CipherValue[^>]*>([^<]+)</.exec(xml)?.[1]
  return Buffer.from(value!, 'base64')
}

function contenders(shape: Parameters<typeof answer>[0]): readonly Contender[] {
  const { base64, xml } = answer(shape)
  const signatures = shape.sign === 'both' ? 2 : 1
  const judge = (): void => {
    const verdict = judgeResponse(base64, { idp, sp, request, now: at })
    if (!verdict.accepted) throw verdict.refusal
  }
  const second = (): void => {
    if (secondOpinion(xml, idp, sp.decryption).some(({ verdict }) => verdict !== 'verified'))
      throw new Error('second engine')
  }
  return [
    { name: 'bare cryptography', times: 400, run: bare(xml.length, signatures, shape.encrypt) },
    { name: 'our judge, every check', times: 400, run: judge },
    { name: 'xml-crypto, signatures only', times: 40, run: second },
  ]
}

function cpu({ times, run }: Contender): number {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / times
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

warmUp()
for (const [title, shape] of [
  ['signed response', { sign: 'response', encrypt: false }],
  ['signed twice', { sign: 'both', encrypt: false }],
  ['signed twice and encrypted', { sign: 'both', encrypt: true }],
] as const) {
  const all = contenders(shape)
  for (const contender of all) cpu(contender)
  const rounds = Array.from({ length: ROUNDS }, () => all.map(cpu))
  const [base, ours, second] = all.map((_, i) => median(rounds.map(round => round[i]!))) as [number, number, number]
  process.stdout.write(`${title}, CPU ms an answer, median of ${ROUNDS} rounds in turns\n`)
  for (const [i, value] of [base, ours, second].entries())
    process.stdout.write(`  ${all[i]!.name.padEnd(30)} ${value.toFixed(3)}   ${(value / base).toFixed(1)} x bare\n`)
  process.stdout.write(`  xml-crypto / ours: ${(second / ours).toFixed(1)}\n`)
}
