/** Slips with codes: a page that a school prints, cuts up and hands out. One file of HTML; nothing is loaded, nothing runs. */
import { element, type Child, type Markup } from '../base/xml-writer.js'
import type { Code } from '../identity/codes.js'
import { qrCode } from './qr-code.js'
import { classesOf } from '../identity/codes-wanted.js'
import type { RosterEntry } from '../identity/roster.js'
import { roleTitles } from '../words/account.js'
import type { Support } from '../words/school.js'

export interface Slip {
  readonly entry: RosterEntry
  readonly code: Code
}

export interface SlipsPage {
  readonly school: string
  readonly journal: string
  readonly support: Support
  /** Where the code is typed. */
  readonly address: string
  /** Where the QR code leads; the code stands behind its #. */
  readonly scanned: string
  /** `13 декабря 2026 г.`: the last day. */
  readonly until: string
  readonly slips: readonly Slip[]
}

/** A4 upright: two slips in a row, four rows a sheet; long names make a row taller, and no slip stands across two sheets. */
const STYLE = `
@page { size: A4 portrait; margin: 10mm }
* { box-sizing: border-box; margin: 0 }
body { font: 10pt/1.3 system-ui, "Liberation Sans", Arial, sans-serif; color: #000; background: #fff }
main { display: grid; grid-template-columns: 1fr 1fr; width: 190mm; margin: 0 auto }
.slip { min-height: 69mm; padding: 4mm 5mm; border: 0.3mm dashed #666; overflow-wrap: anywhere; break-inside: avoid }
.slip h2 { font-size: 11pt }
.slip p { margin-top: 1.2mm }
.code { font: bold 17pt/1.2 ui-monospace, "Liberation Mono", Consolas, monospace; letter-spacing: 0.08em }
.slip svg { float: right; width: 29mm; height: 29mm; margin: 0 0 1mm 3mm }
.address { font-weight: bold; overflow-wrap: anywhere }
.small { font-size: 8.5pt }
.note { width: 190mm; margin: 4mm auto; padding: 3mm; border: 0.3mm solid #666 }
@media print { .note { display: none } }
`

const div = (className: string, ...children: readonly Child[]): Markup =>
  element('div', { class: className }, ...children)
const p = (className: string | undefined, ...children: readonly Child[]): Markup =>
  element('p', { class: className }, ...children)

export function slipsPage(page: SlipsPage): string {
  const title = `Коды для входа: ${page.journal}, ${page.school}`
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'robots', content: 'noindex' }),
    element('title', {}, title),
    element('style', {}, STYLE),
  )
  const note = p(
    'note',
    'Напечатайте этот файл на листах A4, разрежьте по пунктиру и отдайте каждому лично в руки. Потом удалите файл: ' +
      'кто знает код, тот может привязать запись к себе. Этот абзац не печатается.',
  )
  const slips = page.slips.map(slip => slipOf(slip, page))
  return `<!doctype html>\n${element('html', { lang: 'ru' }, head, element('body', {}, note, element('main', {}, ...slips))).xml}\n`
}

function slipOf({ entry, code }: Slip, page: SlipsPage): Markup {
  return div(
    'slip',
    qrCode(`${page.scanned}#${code}`),
    element('h2', {}, page.journal),
    p('who', page.school),
    p('who', `${fullNameOf(entry)}, ${roleTitles[entry.role]}${ofClass(entry)}`),
    ...entry.children.map(({ name, className }) =>
      p('who', `Ребёнок: ${name}${className === undefined ? '' : `, ${className}`}`),
    ),
    p('code', code),
    p('small', 'Наведите на квадрат камеру телефона или войдите через Госуслуги и введите этот код на странице'),
    p('address', page.address.replace(/^https?:\/\//, '')),
    p('small', `Годится до ${page.until} включительно, один раз. Никому его не показывайте.`),
    p('small', help(page.support)),
  )
}

const fullNameOf = ({ person: { lastName, firstName, middleName } }: RosterEntry): string =>
  [lastName, firstName, middleName].filter(part => part !== undefined).join(' ')

const ofClass = (entry: RosterEntry): string => {
  const [className] = entry.children.length === 0 ? classesOf(entry) : []
  return className === undefined ? '' : `, ${className}`
}

const help = ({ phone, email, hours }: Support): string | undefined => {
  const known = [phone, email, hours].filter(part => part !== undefined)
  return known.length === 0 ? undefined : `Не получается? ${known.join(', ')}`
}
