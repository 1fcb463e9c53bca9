declare const brand: unique symbol
/** Text that is HTML already; made by the template only. */
export type Html = { readonly [brand]: true; readonly text: string }

type Piece = Html | string | number | undefined | false | readonly Piece[]

/** Escapes whatever is put in, unless it is Html. Attribute values stand in double quotes. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { text: parts.reduce((text, part, i) => text + print(pieces[i - 1]) + part) } as Html
}

function print(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escape(String(piece))
  return 'text' in piece ? piece.text : piece.map(print).join('')
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, sign => ESCAPES[sign]!)
