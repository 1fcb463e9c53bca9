/**
 * `npm run bench`: what judging an answer costs, beside the bare cryptography of the same message, the second engine
 * (xml-crypto on @xmldom/xmldom, signatures only) and other programs, in turns in one run, with the budgets of the design.
 */
import { constants, createDecipheriv, createHash, createPublicKey, privateDecrypt, verify } from 'node:crypto'
import { secondOpinion } from '../../src/cli/second-opinion.js'
import { warmUp } from '../../src/saml/gate.js'
import { canonicalise } from '../../src/saml/canonical.js'
import { readXml } from '../../src/saml/reader.js'
import { judgeResponse } from '../../src/saml/response.js'
import { signatureIn } from '../../src/saml/signature.js'
import { childNamed, elementsOf, textOf, type XmlElement } from '../../src/saml/tree.js'
import { ns } from '../../src/words/saml-names.js'
import { inTurns, print, verdict, type Contender } from './measure.js'
import { peers, type Peer } from './peers.js'
import { answer, idp, key, request, sp, type Kind } from './stand.js'

interface Message {
  readonly title: string
  readonly kind: Kind
  readonly fault?: string
  /** Times the bare cryptography (design 7). */
  readonly mostTimes: number
  /** Times cheaper than node-saml. */
  readonly leastRatio: number
}

const SIGNED = { mostTimes: 12, leastRatio: 20 }
const ENCRYPTED = { mostTimes: 2.5, leastRatio: 10 }
const MESSAGES: readonly Message[] = [
  { title: 'Response signed', kind: { sign: 'response', encrypt: false }, ...SIGNED },
  { title: 'Response and Assertion signed', kind: { sign: 'both', encrypt: false }, ...SIGNED },
  { title: 'Assertion signed and encrypted', kind: { sign: 'assertion', encrypt: true }, ...ENCRYPTED },
  { title: 'both signed, encrypted', kind: { sign: 'both', encrypt: true }, ...ENCRYPTED },
  { title: '200 more attributes, both signed', kind: { sign: 'both', encrypt: false }, fault: 'unknown-attributes', ...SIGNED },
] // prettier-ignore

/** Exactly the RSA, SHA-256 and AES work of this message, on the octets and keys of this message. */
function bare(xml: string, base64: string): () => void {
  const { root } = readXml(xml)
  const trusted = createPublicKey(key.certificatePem)
  const roots = [root, ...decrypted(base64)]
  const signed = roots.flatMap(elementsOf).flatMap(signedWork)
  const ours = sp.decryption[0]!.privateKey
  const sealed = elementsOf(root)
    .filter(({ ns: space, local }) => space === ns.xenc && local === 'CipherValue')
    .map(value => Buffer.from(textOf(value), 'base64'))
  return () => {
    for (const { octets, info, signature } of signed) {
      createHash('sha256').update(octets).digest()
      if (!verify('sha256', info, trusted, signature)) throw new Error('the bare verification failed')
    }
    const [wrapped, data] = sealed
    if (wrapped === undefined || data === undefined) return
    const secret = privateDecrypt({ key: ours, padding: constants.RSA_PKCS1_OAEP_PADDING }, wrapped)
    const opener = createDecipheriv('aes-256-gcm', secret, data.subarray(0, 12)).setAuthTag(data.subarray(-16))
    opener.update(data.subarray(12, -16))
    opener.final()
  }
}

/** The judge opens it for us: what stands encrypted is canonicalised from its plaintext. */
function decrypted(base64: string): XmlElement[] {
  const { root } = readXml(Buffer.from(base64, 'base64').toString())
  const carrier = childNamed(root, ns.assertion, 'EncryptedAssertion')
  if (carrier === undefined) return []
  const [wrapped, data] = elementsOf(carrier)
    .filter(({ local }) => local === 'CipherValue')
    .map(value => Buffer.from(textOf(value), 'base64'))
  const secret = privateDecrypt(
    { key: sp.decryption[0]!.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING },
    wrapped!,
  )
  const opener = createDecipheriv('aes-256-gcm', secret, data!.subarray(0, 12)).setAuthTag(data!.subarray(-16))
  const text = opener.update(data!.subarray(12, -16), undefined, 'utf8') + opener.final('utf8')
  return [readXml(text, { within: carrier }).root]
}

function signedWork(element: XmlElement) {
  const signature = signatureIn(element)
  if (signature === undefined) return []
  const info = childNamed(signature, ns.ds, 'SignedInfo')!
  const inclusive = ['xs']
  const octets = Buffer.from(canonicalise(element, { comments: false, inclusive, without: signature }))
  const value = Buffer.from(textOf(childNamed(signature, ns.ds, 'SignatureValue')!), 'base64')
  return [{ octets, info: Buffer.from(canonicalise(info, { comments: false, inclusive: [] })), signature: value }]
}

function judge(base64: string): void {
  const judged = judgeResponse(base64, { idp, sp, request, now: Date.now() })
  if (!judged.accepted) throw judged.refusal
}

function second(xml: string): void {
  if (secondOpinion(xml, idp, sp.decryption).some(({ verdict: says }) => says !== 'verified'))
    throw new Error('the second engine refuses')
}

/** A peer that does not verify is no peer: it must accept the message and refuse an altered one. */
async function honest(peer: Peer, base64: string): Promise<string | undefined> {
  try {
    await peer(base64)
  } catch (error) {
    return `does not accept this message: ${String(error).split('\n')[0]!.slice(0, 90)}`
  }
  return (await refuses(peer, altered(base64))) ? undefined : 'accepts an altered message: not compared'
}

/** Some tell the console what they think of an altered message: here that is no news. */
async function refuses(peer: Peer, base64: string): Promise<boolean> {
  const { error } = console
  console.error = () => undefined
  try {
    await peer(base64)
    return false
  } catch {
    return true
  } finally {
    console.error = error
  }
}

/** One letter of a digest or ciphertext is another one. */
function altered(base64: string): string {
  const xml = Buffer.from(base64, 'base64').toString()
  const other = (letter: string): string => (letter === 'A' ? 'B' : 'A')
  const spoilt = xml.replace(
    /(<ds:DigestValue>|<\/ds:KeyInfo><xenc:CipherData><xenc:CipherValue>)(.)/g,
    (_, before: string, letter: string) => before + other(letter),
  )
  if (spoilt === xml) throw new Error('nothing to alter in the message')
  return Buffer.from(spoilt).toString('base64')
}

/** A busy machine needs longer for a run than an answer is good for: each round has one of its own. */
function makeFresh({ kind, fault }: Message) {
  const { base64, xml } = answer(kind, fault)
  return { base64, xml, bare: bare(xml, base64) }
}

async function compare(message: Message, rounds: number, scale: number) {
  const { title, kind, mostTimes, leastRatio } = message
  let fresh = makeFresh(message)
  const all: Contender[] = [
    { name: 'bare cryptography', times: 200 * scale, run: () => fresh.bare() },
    { name: 'our judge, every check', times: 100 * scale, run: () => judge(fresh.base64) },
    { name: 'xml-crypto, signatures only', times: 10 * scale, run: () => second(fresh.xml) },
  ]
  print(`\n${title}: ${fresh.xml.length} characters`)
  for (const [name, peer] of peers({ response: kind.sign !== 'assertion', assertion: kind.sign !== 'response' })) {
    const why = await honest(peer, fresh.base64)
    if (why === undefined) all.push({ name, times: 10 * scale, run: () => peer(fresh.base64) })
    else print(`  ${name.padEnd(30)} ${why}`)
  }
  const [base = 0, ours = 0, ...others] = await inTurns(all, rounds, () => {
    fresh = makeFresh(message)
  })
  for (const [i, value] of [base, ours, ...others].entries())
    print(
      `  ${all[i]!.name.padEnd(30)} ${value.toFixed(3)} ms   ${(value / base).toFixed(1)} x bare   ${(value / ours).toFixed(1)} x ours`,
    )
  print(`  budget: at most ${mostTimes} x bare: ${verdict(ours / base, mostTimes)}`)
  const rival = all.findIndex(({ name }) => name === 'node-saml')
  if (rival > 0) {
    const ratio = others[rival - 2]! / ours
    print(`  budget: node-saml at least ${leastRatio} x ours: ${verdict(ratio, leastRatio, true)}`)
  }
}

/** @param quick a fifth of the rounds: for a look, not for the record */
export async function benchJudge(quick: boolean): Promise<void> {
  warmUp()
  for (let i = 0; i < (quick ? 10 : 50); i++) {
    const { base64 } = answer({ sign: 'both', encrypt: true })
    for (let again = 0; again < 100; again++) judge(base64)
  }
  print('CPU milliseconds an answer, medians, all in turns')
  for (const message of MESSAGES) await compare(message, quick ? 5 : 21, quick ? 1 : 2)
}
