/** A value in every writing in which it could stand in a file: what a search for it must look for. */
export interface Needle {
  readonly name: string
  readonly octets: Buffer
}

export const needles = (values: readonly string[]): readonly Needle[] => values.flatMap(writings)

function writings(value: string): Needle[] {
  const escaped = Array.from(value, sign =>
    sign > '~' ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : sign,
  )
  const all: readonly (readonly [string, Buffer])[] = [
    ['UTF-8', Buffer.from(value)],
    ['small letters', Buffer.from(value.toLowerCase())],
    ['capitals', Buffer.from(value.toUpperCase())],
    ['UTF-16', Buffer.from(value, 'utf16le')],
    ['JSON', Buffer.from(escaped.join(''))],
    ['percent', Buffer.from(encodeURIComponent(value))],
    ['hex', Buffer.from(Buffer.from(value).toString('hex'))],
    ...[0, 1, 2].map(shift => [`base64 ${shift}`, Buffer.from(base64Inside(value, shift))] as const),
  ]
  return all.map(([how, octets]) => ({ name: `${value} as ${how}`, octets }))
}

/** The characters that are the same whatever stands before and behind. @param shift octets before it, modulo 3 */
function base64Inside(value: string, shift: number): string {
  const octets = Buffer.from(value)
  const first = shift === 0 ? 0 : 3 - shift
  return octets.subarray(first, first + Math.floor((octets.length - first) / 3) * 3).toString('base64')
}
