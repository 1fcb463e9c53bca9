/** What a DER file is, told by the shape of its first elements (X.690): never by trying one parser after the other. */

export type DerKind =
  'certificate' | 'pkcs8' | 'encrypted-pkcs8' | 'pkcs1' | 'sec1' | 'public' | 'request' | 'pkcs7' | 'pkcs12'

interface Piece {
  readonly tag: number
  /** Offset of the first octet of the content. */
  readonly start: number
  /** Offset behind the last one. */
  readonly end: number
}

const SEQUENCE = 0x30
const INTEGER = 0x02
const OID = 0x06
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const SET = 0x31
const CONTEXT_0 = 0xa0

/** Pieces side by side in a range. Of an indefinite length (BER, as old Windows writes it) only the beginning is known. */
function piecesIn(octets: Buffer, start: number, end: number, most = 4): readonly Piece[] {
  const found: Piece[] = []
  for (let at = start; at + 2 <= end && found.length < most;) {
    const piece = pieceAt(octets, at, end)
    if (!piece) break
    found.push(piece)
    at = piece.end
  }
  return found
}

function pieceAt(octets: Buffer, at: number, end: number): Piece | undefined {
  const [tag, first] = [octets[at]!, octets[at + 1]!]
  if (first === 0x80) return { tag, start: at + 2, end }
  const more = first < 0x80 ? 0 : first & 0x7f
  if (more > 4 || at + 2 + more > end) return undefined
  const length = more === 0 ? first : octets.readUIntBE(at + 2, more)
  const start = at + 2 + more
  return start + length > end ? undefined : { tag, start, end: start + length }
}

export function kindOfDer(octets: Buffer): DerKind | undefined {
  const [outer] = piecesIn(octets, 0, octets.length, 1)
  if (outer?.tag !== SEQUENCE) return undefined
  const inside = (piece: Piece | undefined) => (piece ? piecesIn(octets, piece.start, piece.end) : [])
  const parts = inside(outer)
  const shape = parts.map(({ tag }) => tag)
  const [first, second] = parts
  if (shape[0] === OID && shape[1] === CONTEXT_0) return 'pkcs7'
  if (shape[0] === INTEGER) {
    if (octets[first!.start] === 3 && shape[1] === SEQUENCE) return 'pkcs12'
    if (shape[1] === OCTET_STRING) return 'sec1'
    return shape[1] === SEQUENCE ? 'pkcs8' : 'pkcs1'
  }
  if (shape[0] !== SEQUENCE) return undefined
  if (shape[1] === OCTET_STRING) return 'encrypted-pkcs8'
  if (shape[1] === BIT_STRING) return 'public'
  if (second?.tag !== SEQUENCE || shape[2] !== BIT_STRING) return undefined
  // a request begins with version 0 and a name (a SEQUENCE of SETs, or an empty one); a certificate with [0] or serial and algorithm
  const [version, name] = inside(first)
  const nameTag = inside(name)[0]?.tag
  const isRequest = version?.tag === INTEGER && name?.tag === SEQUENCE && (nameTag === SET || nameTag === undefined)
  return isRequest ? 'request' : 'certificate'
}
