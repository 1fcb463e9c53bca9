/** Pages about codes with values that are awkward on purpose. */
import { boundPage, codePage, whosePage } from '../../src/web/pages/code.js'
import { codeFirstPage } from '../../src/web/pages/code-first.js'
import type { SignedIn } from '../../src/web/pages/layout.js'

export function codeSamples(signedIn: SignedIn, number: string): readonly (readonly [string, string])[] {
  const frame = { signedIn, token: 'T-0', script: '/assets/code.js', support: { email: 'help@bridge.example' } }
  const account = {
    ...({ holder: 'Анна-Мария Ё.', role: 'parent', otherName: false } as const),
    children: [{ name: 'Пётр Ё.', className: '5А' }, { name: 'Александра-Виктория-Елизавета Д.' }],
  }
  const place = { code: 'D7FW2-NQ9LR', journal: 'Сетевой Город', school: 'МБОУ «Средняя школа № 7» г. Светлогорска' }
  const problem = 'Такого кода быть не может: наверное, один из знаков набран не так.'
  const first = { loginUrl: '/login?me=code', script: '/assets/code.js' }
  return [
    ['code-first', codeFirstPage(first)],
    ['code', codePage(frame)],
    ['code-mistyped', codePage({ ...frame, typed: 'D7FW2-NQ9L"<', problem, number })],
    ['code-english', codePage({ ...frame, english: true })],
    ['code-whose', whosePage({ ...frame, ...place, account })],
    ['code-whose-other', whosePage({ ...frame, ...place, account: { ...account, role: 'pupil', className: '10«Б»', children: [], otherName: true } })],
    ['code-bound', boundPage({ ...frame, by: 'code', journal: 'Сетевой Город', loginUrl: '/login?journal=sgo' })],
    ['code-bound-state', boundPage({ ...frame, by: 'code', journal: 'Сетевой Город' })],
  ] // prettier-ignore
}
