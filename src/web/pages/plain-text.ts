import { html, type Html } from './html.js'

/**
 * Minimal Markdown: blocks parted by empty lines, `# headings` of any depth, lists of `- ` or `1. `. Everything else is text
 * as it stands, and none of it can become markup.
 */
export const plainText = (text: string): Html => html`${text.split(/\n\s*\n/).flatMap(block => blocksOf(block))}`

const HEADING = /^#{1,6}\s+(.+)$/
const BULLET = /^\s*[-*•]\s+/
const NUMBER = /^\s*\d{1,3}[.)]\s+/

/** A heading may stand right above its text, and a list right below its sentence. */
function blocksOf(block: string): Html[] {
  const runs: string[][] = []
  const kindOf = (line: string): string =>
    HEADING.test(line) ? line : BULLET.test(line) ? 'bullet' : NUMBER.test(line) ? 'number' : 'text'
  for (const line of block.split('\n').filter(each => each.trim() !== '')) {
    const last = runs.at(-1)
    if (last && kindOf(last[0]!) === kindOf(line)) last.push(line)
    else runs.push([line])
  }
  return runs.map(lines => blockOf(lines))
}

function blockOf(lines: readonly string[]): Html {
  const [first = ''] = lines
  const heading = HEADING.exec(first)?.[1]
  if (heading !== undefined) return html`<h2>${heading}</h2>`
  const items = (marker: RegExp) => lines.map(line => html`<li>${line.replace(marker, '')}</li>`)
  if (BULLET.test(first))
    return html`<ul>
      ${items(BULLET)}
    </ul>`
  if (NUMBER.test(first))
    return html`<ol start="${Number.parseInt(first, 10)}">
      ${items(NUMBER)}
    </ol>`
  return html`<p>${lines.join(' ')}</p>`
}
