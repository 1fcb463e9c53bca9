/** A little reader of its own, over xmldom: what an assertion says, from the octets that the second engine found signed. */
import { DOMParser } from '@xmldom/xmldom'
import { secondReading } from '../../src/cli/second-opinion.js'
import type { AssertionContent } from '../../src/saml/assertion.js'
import type { SpKey, TrustedIdp } from '../../src/saml/trust.js'

const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'

/** What makes the person: everything that both engines read. */
export type Told = Pick<
  AssertionContent,
  'idp' | 'id' | 'nameId' | 'sessionIndex' | 'authnInstant' | 'authnContext' | 'attributes'
>

export const toldBy = ({ idp, id, nameId, sessionIndex, authnInstant, authnContext, attributes }: AssertionContent): Told =>
  ({ idp, id, authnInstant, attributes, ...(nameId && { nameId }), ...(sessionIndex !== undefined && { sessionIndex }), ...(authnContext !== undefined && { authnContext }) }) // prettier-ignore

export type Second = { readonly told: Told } | { readonly why: string }

/** The second engine accepts when there is a signature, every one verifies, and one assertion stands under them. */
export function readBySecond(xml: string, idp: TrustedIdp, keys: readonly SpKey[]): Second {
  const { opinions, signed, opened } = secondReading(xml, idp, keys)
  const bad = opinions.find(({ verdict }) => verdict !== 'verified')
  if (bad !== undefined) return { why: bad.why ?? bad.verdict }
  if (opinions.length === 0) return { why: 'no signature' }
  // a ciphertext under the signature of the Response speaks for its plaintext
  const sealed = signed.Response?.includes('EncryptedAssertion') === true && signed.Assertion === undefined
  const text = signed.Assertion ?? (sealed ? opened : signed.Response)
  const root = new DOMParser().parseFromString(text!, 'text/xml').documentElement
  const within = [root, ...children(root, 'EncryptedAssertion')]
  const [assertion, ...more] =
    root.localName === 'Assertion' ? [root] : within.flatMap(parent => children(parent, 'Assertion'))
  return assertion === undefined || more.length > 0 ? { why: 'not one assertion' } : { told: read(assertion) }
}

const children = (parent: Element | undefined, local: string): Element[] =>
  Array.from(parent?.childNodes ?? []).filter(
    (node): node is Element => (node as Element).localName === local && (node as Element).namespaceURI === SAML,
  )

const value = (element: Element, name: string): string | undefined =>
  element.hasAttribute(name) ? (element.getAttribute(name) ?? undefined) : undefined

/** xmldom's textContent skips nothing but comments. */
const text = (element: Element | undefined): string => element?.textContent ?? ''

function optional(element: Element, names: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(names).map(([ours, theirs]) => [ours, value(element, theirs)])
  return Object.fromEntries(found.filter(([, each]) => each !== undefined)) as Record<string, string>
}

function read(assertion: Element): Told {
  const [name] = children(children(assertion, 'Subject')[0], 'NameID')
  const [statement] = children(assertion, 'AuthnStatement')
  const [context] = children(children(statement, 'AuthnContext')[0], 'AuthnContextClassRef')
  const qualifiers = {
    format: 'Format',
    nameQualifier: 'NameQualifier',
    spNameQualifier: 'SPNameQualifier',
    spProvidedId: 'SPProvidedID',
  }
  return {
    idp: text(children(assertion, 'Issuer')[0]),
    id: assertion.getAttribute('ID') ?? '',
    ...(name && { nameId: { value: text(name), ...optional(name, qualifiers) } }),
    ...(statement && optional(statement, { sessionIndex: 'SessionIndex' })),
    authnInstant: Date.parse(statement?.getAttribute('AuthnInstant') ?? ''),
    ...(context && { authnContext: text(context).trim() }),
    attributes: children(assertion, 'AttributeStatement')
      .flatMap(each => children(each, 'Attribute'))
      .map(each => ({
        name: each.getAttribute('Name') ?? '',
        ...optional(each, { friendlyName: 'FriendlyName' }),
        values: children(each, 'AttributeValue').map(text),
      })),
  }
}
