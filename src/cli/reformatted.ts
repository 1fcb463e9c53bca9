/**
 * An answer that somebody looked at in a viewer and saved from there: white space between elements is signed, too, so what an
 * editor adds breaks the signature. School IT would look for a thief where there is none.
 */
import { Refusal } from '../base/refusal.js'
import { readXml } from '../saml/reader.js'
import type { Examination } from '../saml/response.js'
import { childElements, elementsOf, type XmlElement } from '../saml/tree.js'

export interface Reformatted {
  /** Without the white space the signature holds. Else the answer may have been changed in earnest. */
  readonly certain: boolean
  readonly hint: string
}

const CERTAIN =
  'The file was reformatted after the IdP had signed it: without the white space between its elements the signature holds.'
const PERHAPS =
  'Perhaps the file was reformatted: the signature itself is genuine, what it covers has changed, and there is white space ' +
  'between its elements. If the answer was saved just as it came, somebody changed it.'
const SAVE =
  'Save the answer as it came: the value of SAMLResponse in base64, or a HAR file; not what a viewer or an editor shows. ' +
  '(Файл переформатирован: сохраните ответ как пришёл.)'

/**
 * @param judge judges another text for the same parties
 * @returns undefined when nothing speaks for it
 */
export function reformatted(
  xml: string,
  { refusal, checks }: Examination,
  judge: (xml: string) => Examination,
): Reformatted | undefined {
  if (refusal?.code !== 'saml.altered' && refusal?.code !== 'saml.untrusted-key') return undefined
  const bare = withoutLayout(xml)
  if (bare === undefined) return undefined
  const failed = checks.find(({ result }) => result === 'fail')?.check
  const certain = judge(bare).checks.some(({ check, result }) => check === failed && result === 'pass')
  if (!certain && refusal.code !== 'saml.altered') return undefined
  return { certain, hint: `${certain ? CERTAIN : PERHAPS} ${SAVE}` }
}

/** @returns the text without the white space between elements; undefined when there is none, or it is no XML */
function withoutLayout(xml: string): string | undefined {
  const document = read(xml)
  if (!document) return undefined
  const { root, source } = document
  const gaps = elementsOf(root)
    .filter(isLaidOut)
    .flatMap(childElements)
    .flatMap(({ from, to }) => [
      [from - (/[ \t\n\r]*$/.exec(source.slice(Math.max(0, from - WIDEST), from))?.[0].length ?? 0), from] as const,
      [to, to + (/^[ \t\n\r]*/.exec(source.slice(to, to + WIDEST))?.[0].length ?? 0)] as const,
    ])
    .filter(([from, to]) => to > from)
    .sort(([one], [other]) => one - other)
  if (gaps.length === 0) return undefined
  let bare = ''
  let done = 0
  for (const [from, to] of gaps) {
    bare += source.slice(done, Math.max(done, from))
    done = Math.max(done, to)
  }
  return bare + source.slice(done)
}

/** Characters of one gap; no editor indents further. */
const WIDEST = 1_000

/** Holds elements, and between them nothing but white space. */
const isLaidOut = ({ children }: XmlElement): boolean =>
  children.some(({ kind }) => kind === 'element') &&
  children.every(node => node.kind !== 'text' || /^[ \t\n\r]*$/.test(node.value))

function read(xml: string) {
  try {
    return readXml(xml)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
