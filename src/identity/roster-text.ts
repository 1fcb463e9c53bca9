import { isUtf8 } from 'node:buffer'

export type RosterEncoding = 'utf-8' | 'windows-1251' | 'utf-16le' | 'utf-16be'

/** The whole file cannot be used. The message is for whoever runs the import, in Russian, and names the fix. */
export class RosterFileError extends Error {
  override readonly name = 'RosterFileError'
}

interface RosterText {
  /** Line ends are `\n`, the byte order mark is gone. */
  readonly text: string
  readonly encoding: RosterEncoding
}

const SAVE_AS = 'Сохраните таблицу как «CSV UTF-8 (разделители — запятые)» или как книгу .xlsx без пароля и повторите.'

/** How files begin that people send instead of a CSV. */
const strangers: readonly (readonly [magic: string, sentence: string])[] = [
  ['d0cf11e0', 'Это книга Excel 97–2003 (.xls) или книга с паролем.'],
  ['25504446', 'Это PDF, а не CSV.'],
]

/**
 * Bytes of a file as text. A byte order mark decides; without one what is strictly UTF-8 is UTF-8, and the rest Windows-1251,
 * as a Russian Excel saves it.
 *
 * @throws RosterFileError
 */
export function readRosterText(bytes: Uint8Array, maxBytes: number): RosterText {
  if (bytes.length > maxBytes)
    throw new RosterFileError(`Файл больше ${megabytes(maxBytes)} МБ. Разделите его по классам.`)
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  const stranger = strangers.find(([magic]) => start.startsWith(magic))
  if (stranger) throw new RosterFileError(`${stranger[1]} ${SAVE_AS}`)

  const encoding = encodingOf(bytes, start)
  const text = new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n')
  if (text.trim() === '') throw new RosterFileError('Файл пуст: в нём нет ни заголовка, ни строк.')
  if (text.includes('\0')) throw new RosterFileError(`Файл не похож на текстовую таблицу. ${SAVE_AS}`)
  if (text.trimStart().startsWith('<')) throw new RosterFileError(`Это HTML или XML, а не CSV. ${SAVE_AS}`)
  return { text, encoding }
}

function encodingOf(bytes: Uint8Array, start: string): RosterEncoding {
  if (start.startsWith('fffe')) return 'utf-16le'
  if (start.startsWith('feff')) return 'utf-16be'
  if (isUtf8(bytes)) return 'utf-8'
  if (start.startsWith('efbbbf') || mostlyUtf8(bytes)) {
    throw new RosterFileError(
      `Строка ${firstBrokenLine(bytes)}: файл записан в UTF-8, но здесь испорчен (или склеен из файлов в разных кодировках). ${SAVE_AS}`,
    )
  }
  return 'windows-1251'
}

/**
 * Whether a file that is not UTF-8 meant to be: read as Windows-1251 its names would turn into another person's. Cyrillic in
 * UTF-8 is D0 or D1 and a byte below C0; in Windows-1251 these are `Р` or `С` before a sign that hardly ever follows them.
 */
function mostlyUtf8(bytes: Uint8Array): boolean {
  let pairs = 0
  let others = 0
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue
    const next = bytes[i + 1] ?? 0
    if ((bytes[i] === 0xd0 || bytes[i] === 0xd1) && next >= 0x80 && next < 0xc0) {
      pairs++
      i++
    } else others++
  }
  return pairs > others
}

function firstBrokenLine(bytes: Uint8Array): number {
  let line = 1
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from)
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line
    from = end + 1
  }
}

const megabytes = (bytes: number): number => Math.floor(bytes / 1024 / 1024)
