/** What a browser sends of a form's values, octet for octet, so that it can be signed before it is sent. */

export const charsets = ['utf-8', 'windows-1251'] as const
export type Charset = (typeof charsets)[number]

const FIRST_HIGH = 0x80
const decoder = new TextDecoder('windows-1251')
/** Letter → octet, of the upper half of Windows-1251; the lower is ASCII. */
const highOctets: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 128 }, (_, i) => [decoder.decode(Uint8Array.of(FIRST_HIGH + i)), FIRST_HIGH + i]),
)

const isWritable = (letter: string): boolean => letter.codePointAt(0)! < FIRST_HIGH || highOctets.has(letter)

/**
 * The value as it is put into the form. A browser posts it unchanged: it holds no line end, which a browser would write anew
 * (HTML, constructing form data), and no letter for which a browser would put in a character reference of its own: the same
 * reference stands there already.
 */
export function formValue(text: string, charset: Charset): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').replace(/\p{Cs}/gu, '\ufffd')
  if (charset === 'utf-8') return line
  return Array.from(line, letter => (isWritable(letter) ? letter : `&#${letter.codePointAt(0)!};`)).join('')
}

/** @param text of which `formValue` made every value */
export function octetsOf(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  return Buffer.from(Array.from(text, letter => highOctets.get(letter) ?? letter.codePointAt(0)!))
}
