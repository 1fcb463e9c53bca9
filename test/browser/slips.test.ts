/** What a school prints: on a slip with the longest names nothing is cut off. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { systemChance } from '../../src/base/chance.js'
import { slipsPage } from '../../src/cli/code-slips.js'
import { newCode } from '../../src/identity/codes.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import { launch, present } from './chromium.js'

const children = ['Пётр Константинович', 'Александра-Виктория-Елизавета', 'Аслан'].map((name, i) => ({
  ...{ id: `c-${i}`, name: `Ёжикова-Д’Артаньян ${name}`, className: '11Б' },
}))
const entry = (login: string): RosterEntry => ({
  ...{ accountId: login, journal: 'sgo', school: 'school-1', login, role: 'parent', children },
  person: { lastName: 'Ёжикова-Д’Артаньян', firstName: 'Анна-Мария', middleName: 'Александровна' },
})

;(present ? describe : describe.skip)('browser: slips with codes', function () {
  let chromium: Browser
  before(async () => (chromium = await launch()))
  after(() => chromium.close())

  it('shows all that stands on it, with the longest names, too', async () => {
    const page = await chromium.newPage({ viewport: { width: 800, height: 1100 } })
    const slips = ['p-1', 'p-2', 'p-3'].map(login => ({ entry: entry(login), code: newCode(systemChance) }))
    await page.setContent(
      slipsPage({
        school: 'МБОУ «Средняя общеобразовательная школа № 7» г. Светлогорска',
        journal: 'Сетевой Город. Образование',
        support: { phone: '+7 (8152) 55-01-02, доб. 14', email: 'dnevnik@school-7.example', hours: 'пн–пт 9:00–17:00' },
        address: 'https://vhod.school-7.svetlogorsk.example/me/code',
        scanned: 'https://vhod.school-7.svetlogorsk.example/code',
        until: '13 декабря 2026 г.',
        slips,
      }),
    )
    const hidden = await page.$$eval('.slip', found =>
      found.map(slip => ({
        cut: slip.scrollHeight - slip.clientHeight,
        wide: slip.scrollWidth - slip.clientWidth,
        below: slip.lastElementChild!.getBoundingClientRect().bottom - slip.getBoundingClientRect().bottom,
      })),
    )
    expect(hidden).to.have.length(slips.length)
    for (const { cut, wide, below } of hidden) {
      expect([cut, wide]).to.deep.equal([0, 0])
      expect(below, 'the last line lies inside').to.be.below(0)
    }
    await page.close()
  })
})
