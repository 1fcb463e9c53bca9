/** Ciphertexts as somebody makes them who wants to learn from our answers what came out of them. */
import type { Order } from '../../src/mock-idp/respond.js'
import { modernEncryption } from '../../src/mock-idp/encrypt.js'
import type { Fault } from '../../src/mock-idp/fault.js'
import { algorithm } from '../../src/words/saml-names.js'
import { modernForm } from '../../src/mock-idp/sign.js'

export type Probe = Pick<Order, 'shape' | 'trick'>

type Spoil = NonNullable<Fault['signedAssertion']>

const turned =
  (at: number) =>
  (octets: Buffer): Buffer => {
    const copy = Buffer.from(octets)
    const where = at < 0 ? copy.length + at : at
    copy[where] = copy[where]! ^ 0x55
    return copy
  }

/** One signed assertion, encrypted, in a Response that nobody signed: the ciphertext is anybody's. */
const probe = (data: string, form: Partial<typeof modernEncryption> & Record<string, unknown>, plaintext?: Spoil): Probe => ({
  shape: { sign: 'assertion', encrypt: true, encryption: { ...modernEncryption, data, ...form } },
  ...(plaintext && { trick: { name: 'probe', title: 'probe', signedAssertion: plaintext } }),
}) // prettier-ignore

/** What may be wrong with a ciphertext, or with what is in it, whatever the cipher. */
const anyCipher = (data: string): Readonly<Record<string, Probe>> => ({
  'wrong key': probe(data, { wrappedKey: turned(100) }),
  'wrapped key of zeros': probe(data, { wrappedKey: (octets: Buffer) => Buffer.alloc(octets.length) }),
  'wrapped key larger than the modulus': probe(data, { wrappedKey: (octets: Buffer) => Buffer.alloc(octets.length, 0xff) }),
  'wrapped key cut short': probe(data, { wrappedKey: (octets: Buffer) => octets.subarray(1) }),
  'first octet': probe(data, { cipher: turned(16) }),
  'in the middle': probe(data, { cipher: turned(1_000) }),
  'last octet': probe(data, { cipher: turned(-1) }),
  'cut short': probe(data, { cipher: (octets: Buffer) => octets.subarray(0, -16) }),
  'almost nothing': probe(data, { cipher: (octets: Buffer) => octets.subarray(0, 16) }),
  'no XML': probe(data, {}, xml => xml.slice(0, -10)),
  'forbidden character': probe(data, {}, xml => xml.replace('</saml2:Issuer>', '\u0001</saml2:Issuer>')),
  'document type': probe(data, {}, xml => `<!DOCTYPE a>${xml}`),
  'not in the schema': probe(data, {}, xml => xml.replace('</saml2:Issuer>', '</saml2:Issuer><saml2:Nonsense/>')),
  'no assertion': probe(data, {}, () => '<a xmlns="urn:x"/>'),
  'two assertions': probe(data, {}, xml => xml + xml),
  empty: probe(data, {}, () => ' '),
}) // prettier-ignore

export const gcmProbes = anyCipher(algorithm.aes256Gcm)

/** aes-cbc authenticates nothing: there the signature inside must not tell anything either. */
export const cbcProbes: Readonly<Record<string, Probe>> = {
  ...anyCipher(algorithm.aes256Cbc),
  'wrong padding': probe(algorithm.aes256Cbc, { cipher: turned(-17) }),
  'IV turned: first sign of the plaintext': probe(algorithm.aes256Cbc, { cipher: turned(0) }),
  unsigned: probe(algorithm.aes256Cbc, {}, xml => xml.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '')),
  'altered under its signature': probe(algorithm.aes256Cbc, {}, xml => xml.replace(/(?<=<saml2:NameID[^>]*>)./, 'x')),
  'other signature number': probe(algorithm.aes256Cbc, {}, xml => xml.replace(/(?<=<ds:SignatureValue>)[^<]{8}/, 'AAAAAAAA')),
  renamed: probe(algorithm.aes256Cbc, {}, xml => xml.replace(/ ID="_/, ' ID="_0')),
  'weak signature': {
    shape: {
      sign: 'assertion',
      encrypt: true,
      encryption: { ...modernEncryption, data: algorithm.aes256Cbc },
      signature: { ...modernForm, signature: algorithm.rsaSha1 },
    },
  },
} // prettier-ignore

export const honestProbe = (data: string): Probe => probe(data, {})
