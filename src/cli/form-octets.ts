/** Fields of a form as browsers post them (WHATWG URL, 5.2), in the charset that the page asks for. */
export function formOctets(fields: Readonly<Record<string, string>>, charset?: 'windows-1251'): string {
  const encode = (text: string) => (charset ? percent(windows1251(text)) : percent(Buffer.from(text)))
  return Object.entries(fields)
    .map(pair => pair.map(encode).join('='))
    .join('&')
}

const percent = (octets: Buffer): string =>
  Array.from(octets, octet => {
    if (octet === 0x20) return '+'
    const sign = String.fromCharCode(octet)
    return /[A-Za-z0-9*._-]/.test(sign) ? sign : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

let table: ReadonlyMap<string, number> | undefined

/** What the charset lacks becomes a character reference, as HTML wants it. */
function windows1251(text: string): Buffer {
  const decoder = new TextDecoder('windows-1251')
  table ??= new Map(Array.from({ length: 256 }, (_, octet) => [decoder.decode(Uint8Array.of(octet)), octet]))
  return Buffer.concat(
    Array.from(text, sign => {
      const octet = table!.get(sign)
      return octet === undefined ? Buffer.from(`&#${sign.codePointAt(0)!};`) : Buffer.of(octet)
    }),
  )
}
