/** Windows-1251, which Node can read but not write. */
const decoder = new TextDecoder('windows-1251')
const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]))

/** @throws when a letter is not in the code page: a fixture must not lose anything silently */
export function cp1251(text: string): Uint8Array {
  return Uint8Array.from(text, letter => {
    const byte = byteOf.get(letter)
    if (byte === undefined) throw new RangeError(`U+${letter.codePointAt(0)!.toString(16)} is not in Windows-1251`)
    return byte
  })
}
