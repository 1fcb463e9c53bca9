/**
 * What a book is packed of: a ZIP of XML parts (ECMA-376 part 2). Sizes are judged before anything is unpacked, and whoever
 * reads the book gets it packed anew, without compression: there is no second reading of the same octets.
 */
import { unzipSync, zipSync, type Unzipped } from 'fflate'
import { RosterFileError } from './roster-text.js'

interface Book {
  /** The same book, uncompressed, with nothing but its XML. */
  readonly plain: ArrayBuffer
  /** XML of the sheets, in the order of the book; undefined where the book names a part that is not there. */
  readonly sheets: readonly (string | undefined)[]
}

/** Octets of XML, all parts together: more than 100,000 rows have. A bomb declares more; what lies about it is cut off. */
const MAX_XML = 192 * 1024 * 1024
const MAX_PARTS = 2_000
const SAVE_AS = 'Сохраните таблицу как книгу .xlsx или как «CSV UTF-8 (разделители — запятые)» и повторите.'

/** @throws RosterFileError */
export function unpackBook(octets: Uint8Array): Book {
  const parts = unpack(octets)
  const part = (path: string) => (Object.hasOwn(parts, path) ? new TextDecoder().decode(parts[path]) : undefined)
  const [workbook, relations] = [part('xl/workbook.xml'), part('xl/_rels/workbook.xml.rels')]
  if (workbook === undefined || relations === undefined)
    throw new RosterFileError(`Это архив, но не книга Excel (.xlsx). ${SAVE_AS}`)
  const targets = new Map(
    Array.from(tags(relations, 'Relationship'), tag => [attribute(tag, 'Id'), attribute(tag, 'Target') ?? '']),
  )
  const sheets = Array.from(tags(workbook, 'sheet'), tag => {
    const target = targets.get(attribute(tag, '[\\w.-]+:id') ?? attribute(tag, 'id')) ?? ''
    return part(target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  })
  const packed = zipSync(parts, { level: 0 })
  return { plain: packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength), sheets }
}

function unpack(octets: Uint8Array): Unzipped {
  let [size, count] = [0, 0]
  try {
    return unzipSync(octets, {
      filter({ name, originalSize }) {
        if (++count > MAX_PARTS) throw new RosterFileError(`В архиве больше ${MAX_PARTS} файлов: это не книга Excel.`)
        if (!name.endsWith('.xml') && !name.endsWith('.xml.rels')) return false
        size += originalSize
        if (size > MAX_XML)
          throw new RosterFileError(
            `Распакованная книга заняла бы больше ${MAX_XML / 1024 / 1024} МБ. Разделите список или сохраните его как CSV.`,
          )
        return true
      },
    })
  } catch (error) {
    if (error instanceof RosterFileError) throw error
    throw new RosterFileError(`Архив испорчен или скачан не до конца. ${SAVE_AS}`, { cause: error })
  }
}

/** Start tags of this name, with any prefix. A quoted attribute may hold anything. */
export function* tags(xml: string, names: string): Generator<string> {
  const tag = new RegExp(`<(?:[\\w.-]+:)?(?:${names})(?=[\\s/>])(?:[^>"']|"[^"]*"|'[^']*')*>`, 'g')
  for (const [found] of xml.matchAll(tag)) yield found
}

/** As written, without decoding. */
export function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found?.[1] ?? found?.[2]
}
