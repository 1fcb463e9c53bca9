/** Names in HTTP headers: a header holds ASCII, a name seldom does. */

export const headerEncodings = ['rfc8187', 'percent', 'base64'] as const
export type HeaderEncoding = (typeof headerEncodings)[number]

/**
 * `rfc8187`: as it stands where it is plain ASCII, else `UTF-8''` and percent-encoded octets (RFC 8187, 3.2.1). `percent`
 * and `base64`: always encoded, from UTF-8. Nothing stays nothing.
 */
export function headerValue(text: string, encoding: HeaderEncoding): string {
  if (text === '') return ''
  if (encoding === 'base64') return Buffer.from(text).toString('base64')
  if (encoding === 'percent') return percent(text, UNRESERVED)
  return isPlain(text) ? text : `UTF-8''${percent(text, ATTR_CHAR)}`
}

/** A reader must see at the beginning which of the two forms it has. Blanks at the ends would be lost on the way. */
const isPlain = (text: string): boolean => /^[!-~](?:[ -~]*[!-~])?$/.test(text) && !/^utf-8'/i.test(text)

/** RFC 8187, 3.2.1. */
const ATTR_CHAR = /^[A-Za-z0-9!#$&+.^_`|~-]$/
/** RFC 3986, 2.3. */
const UNRESERVED = /^[A-Za-z0-9._~-]$/

function percent(text: string, kept: RegExp): string {
  let encoded = ''
  for (const octet of Buffer.from(text)) {
    const sign = String.fromCharCode(octet)
    encoded += kept.test(sign) ? sign : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}
