/** One way in which an answer may lie. A fault is data: which step of making a message it spoils, and how. */
import type { Chance } from '../base/chance.js'
import type { RefusalCode } from '../base/refusals.js'
import type { Draft } from './draft.js'
import type { EncryptionForm } from './encrypt.js'
import type { SignatureForm, Signer } from './sign.js'

/** What is signed and encrypted, and by which algorithms. */
export interface Shape {
  readonly sign: 'both' | 'assertion' | 'response' | 'none'
  readonly encrypt: boolean
  readonly signature: SignatureForm
  readonly encryption: EncryptionForm
}

/** What a liar has at hand besides the message. */
export interface Tools {
  readonly draft: Draft
  readonly signer: Signer
  readonly chance: Chance
  /** Somebody else's key, in certificates that look like the IdP's own. */
  stranger(): Signer
  /** The certificate of the service provider that the key is wrapped for. */
  readonly recipient: string
  /** A web address that has nothing to do with the login, without a slash at the end: nobody may ask there. */
  readonly elsewhere: string
}

export interface Fault {
  /** `no-audience`: what `--fault` takes. */
  readonly name: string
  /** One line in Russian, for the page that offers it. */
  readonly title: string
  /** The refusal that the row must earn. */
  readonly refused: RefusalCode
  /** Where the trick was seen. */
  readonly source?: string
  /** The row lies only if the request demanded a fresh sign-in. */
  readonly onlyWhenForced?: true
  /** The row lies only if there was a request to answer. */
  readonly onlyWhenAsked?: true
  readonly shape?: (shape: Shape) => Shape
  readonly draft?: (draft: Draft, tools: Tools) => Draft
  /** Instead of the IdP's own signer. */
  readonly signer?: (tools: Tools) => Signer
  /** The assertion before it is signed. */
  readonly assertion?: (xml: string, tools: Tools) => string
  /** The assertion after it was signed, before it is encrypted. */
  readonly signedAssertion?: (xml: string, tools: Tools) => string
  /** The Response before it is signed. */
  readonly response?: (xml: string, tools: Tools) => string
  /** The finished text. */
  readonly signedResponse?: (xml: string, tools: Tools) => string
  readonly octets?: (octets: Buffer) => Buffer
  /** The form field. */
  readonly posted?: (base64: string) => string
}

/** Replaces the first occurrence; a trick that finds nothing to spoil is a bug, never an honest message. */
export function swap(xml: string, from: string | RegExp, to: string): string {
  const changed = xml.replace(from, () => to)
  if (changed === xml) throw new Error(`the fault finds nothing to spoil: ${String(from)}`)
  return changed
}

/** Cuts out the first `<name …>…</name>`; the elements that are asked for do not nest in themselves. */
export function cut(xml: string, name: string): { before: string; element: string; after: string } {
  const start = xml.search(new RegExp(`<${name}[\\s>]`))
  const end = xml.indexOf(`</${name}>`, start) + name.length + 3
  if (start < 0 || end <= start) throw new Error(`the fault finds no ${name}`)
  return { before: xml.slice(0, start), element: xml.slice(start, end), after: xml.slice(end) }
}

export const without = (xml: string, name: string): string => {
  const { before, after } = cut(xml, name)
  return before + after
}

export const plain =
  (sign: Shape['sign']) =>
  (shape: Shape): Shape => ({ ...shape, sign, encrypt: false })
