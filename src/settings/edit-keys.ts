/**
 * Changes the list of our keys inside the text of bridge.yaml. Everything else stays as it is, octet for octet: comments,
 * order and quotes are the work of whoever wrote the file.
 */
import { Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import type { KeyUse } from './key-states.js'

/** @throws RangeError when the list is written in a way that cannot be edited safely; the message completes `FILE: ` */
export function editKeys(text: string, use: KeyUse, edit: (list: YAMLSeq, document: Document) => void): string {
  const document = parseDocument(text, { prettyErrors: false })
  const provider = document.get('serviceProvider')
  if (document.errors.length > 0 || !isMap(provider)) throw new RangeError('has no serviceProvider that can be edited')
  const pair = provider.items.find(({ key }) => isScalar(key) && key.value === use)
  const list = pair?.value
  if (!pair || !isScalar(pair.key) || !isSeq(list) || !list.items.every(isMap) || list.anchor !== undefined)
    throw new RangeError(
      `writes serviceProvider.${use} in a way that cannot be edited safely; write it as a plain list`,
    )
  const start = pair.key.range?.[0] ?? 0
  const end = list.range?.[1] ?? start
  // what stands behind the list stays where it is, outside of the range
  if (list.flow) list.comment = null
  edit(list, document)
  if (!provider.flow) list.flow = false
  const column = start - (text.lastIndexOf('\n', start - 1) + 1)
  const old = text.slice(start, end)
  const tail = /\s*$/.exec(old)![0]
  const made = text.slice(0, start) + printed(use, list, column, text.includes('\r\n')) + tail + text.slice(end)
  if (comments(made) !== comments(text))
    throw new RangeError(`has comments inside of serviceProvider.${use} that would be lost; move them above the list`)
  return made
}

/** `signing:` and the list, to stand at this column. */
function printed(use: KeyUse, list: YAMLSeq, column: number, crlf: boolean): string {
  const alone = new Document({})
  alone.set(use, list)
  const lines = alone.toString({ lineWidth: 0 }).trimEnd().split('\n')
  return lines
    .map((line, i) => (i === 0 || line === '' ? line : `${' '.repeat(column)}${line}`))
    .join(crlf ? '\r\n' : '\n')
}

/** Every comment of a text, in whatever order. */
const comments = (text: string): string =>
  [...text.matchAll(/(?:^|\s)#\s*(.*?)\s*$/gm)]
    .map(([, said]) => said)
    .sort()
    .join('\n')

export const setIn = (entry: YAMLMap, values: Readonly<Record<string, string | undefined>>): void => {
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) entry.delete(key)
    else entry.set(key, value)
  }
}
