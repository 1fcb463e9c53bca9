/** Writes the XML that we send. Every text and attribute value passes through here and is escaped; nothing is pasted. */

/** XML that was written by element() and needs no escaping. */
export interface Markup {
  readonly xml: string
}

/** A string is text and is escaped; undefined is left out, so that optional parts need no `if`. */
export type Child = Markup | string | undefined

/**
 * @param attributes in the order in which they are written; undefined is left out
 * @throws RangeError on characters that XML cannot carry (XML 1.0, 2.2)
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): Markup {
  const written = Object.entries(attributes).map(([attribute, value]) =>
    value === undefined ? '' : ` ${attribute}="${escapeValue(value)}"`,
  )
  const content = children.map(child => (typeof child === 'string' ? escapeText(child) : (child?.xml ?? ''))).join('')
  const start = `<${name}${written.join('')}`
  return { xml: content === '' ? `${start}/>` : `${start}>${content}</${name}>` }
}

// what is not a Char of XML 1.0: controls, lone surrogates, U+FFFE and U+FFFF
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u

function escapeText(text: string): string {
  if (FORBIDDEN.test(text)) throw new RangeError('text holds a control character that XML cannot carry')
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;')
}

/** Tabs and line ends of an attribute would become spaces when it is read (XML 1.0, 3.3.3). */
const escapeValue = (value: string): string =>
  escapeText(value).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;')
