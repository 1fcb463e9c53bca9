/** Pages as text that cannot forget to escape: whatever is put into html`…` and is not Html itself is escaped. */
declare const brand: unique symbol
export interface Html {
  readonly [brand]: true
  readonly text: string
}

type Piece = Html | string | number | undefined | readonly Html[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function written(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string' || typeof piece === 'number')
    return String(piece).replace(/[&<>"']/g, sign => ESCAPES[sign]!)
  return 'text' in piece ? piece.text : piece.map(one => one.text).join('')
}

export const html = (parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html =>
  ({ text: parts.map((part, at) => part + (at < pieces.length ? written(pieces[at]) : '')).join('') }) as Html
