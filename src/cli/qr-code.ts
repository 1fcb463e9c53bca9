import qrcode from 'qrcode-generator'
import { element, type Markup } from '../base/xml-writer.js'

/** Blank modules around it (ISO/IEC 18004, 9.1). */
const QUIET = 4

/**
 * A QR code as a drawing: one path, black on white, as large as its frame; level M bears a fold and a coffee stain.
 *
 * @param text ASCII, as addresses are
 * @throws RangeError on other characters, which the generator would spoil
 */
export function qrCode(text: string): Markup {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new RangeError('a QR code of ours holds ASCII only')
  const code = qrcode(0, 'M')
  code.addData(text, 'Byte')
  code.make()
  const size = code.getModuleCount()
  const modules = Array.from({ length: size * size }, (_, i) => [i % size, Math.floor(i / size)] as const)
  const dark = modules.filter(([x, y]) => code.isDark(y, x))
  const path = dark.map(([x, y]) => `M${x + QUIET} ${y + QUIET}h1v1h-1z`).join('')
  const whole = size + 2 * QUIET
  return element(
    'svg',
    { viewBox: `0 0 ${whole} ${whole}`, role: 'img', 'aria-label': 'QR-код', 'shape-rendering': 'crispEdges' },
    element('path', { d: path }),
  )
}
