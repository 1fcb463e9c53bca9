/**
 * Text that is already HTML. The private field makes the type nominal: only `html` below can make one, so whatever else
 * stands in a template is escaped.
 */
class Markup {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toString(): string {
    return this.#text
  }
}

export type Html = Markup

/** What may stand in `${}`. `null`, `undefined` and `false` leave nothing behind, so `${ready && html`…`}` works. */
export type Hole = Html | string | number | null | undefined | false | readonly Hole[]

/** Enough between tags and inside attributes in double or single quotes. Attributes are always quoted here. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => entities[sign] ?? '')

function filled(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return ''
  if (hole instanceof Markup) return hole.toString()
  return typeof hole === 'object' ? hole.map(filled).join('') : escaped(String(hole))
}

/** html`<p>${name}</p>`: everything in a hole is escaped unless it came from `html` itself. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  return new Markup(parts.map((part, i) => part + filled(holes[i])).join(''))
}
