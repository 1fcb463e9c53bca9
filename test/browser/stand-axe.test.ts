/** Pages of the stand beside the road: the mock IdP's accounts and the journals' sections, on a narrow phone and on a desk. */
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { sections, sectionsOf } from '../../src/demo-journals/sections.js'
import { openSchool, type School } from '../demo-journals/school.js'
import { startStand, type Stand } from '../mock-idp/stand.js'
import { DESKTOP, launch, present, visitor, type Visitor } from './chromium.js'
import { findings } from './findings.js'
import { follow, press, typeCode, typePassword } from './steps.js'

const NARROW = { width: 360, height: 740 }

async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.setViewportSize(NARROW)
  expect(await findings(page), name).to.deep.equal([])
  for (const viewport of [DESKTOP, NARROW]) {
    await page.setViewportSize(viewport)
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    expect(wide, `${name}, ${viewport.width} px`).to.be.at.most(viewport.width)
  }
}

;(present ? describe : describe.skip)('browser: axe on the stand', function () {
  this.timeout(180_000)
  let chromium: Browser
  let one: Visitor
  before(async () => (chromium = await launch()))
  after(() => chromium.close())
  beforeEach(async () => (one = await visitor(chromium, { bypassCSP: true })))
  afterEach(() => one.leave())

  it('finds nothing in the accounts of the mock IdP', async () => {
    const stand: Stand = await startStand()
    stand.clock.time = Date.now()
    const { page } = one
    const open = async (path: string): Promise<void> => {
      await page.goto(stand.idp.url + path)
      await expectAccessible(page, path)
    }
    try {
      for (const path of ['/', '/idp/registration', '/idp/recovery', '/idp/trouble', '/idp/messages']) await open(path)
      await page.goto(`${stand.idp.url}/idp/cabinet`)
      for (const way of ['Войти по биометрии', 'Войти с электронной подписью']) {
        await follow(page, way)
        await expectAccessible(page, way)
        await follow(page, 'Войти паролем')
      }
      await typePassword(page, 'mother@mail.example')
      await page.getByText('Подтвердить по-другому').click()
      await expectAccessible(page, 'code')
      await press(page, 'Вопрос в приложении на телефоне')
      await expectAccessible(page, 'push')
      await page.getByText('Подтвердить по-другому').click()
      await press(page, 'Код в письме')
      await typeCode(page)
      for (const path of ['', '/children', '/security', '/confirm']) await open(`/idp/cabinet${path}`)
      await page.goto(`${stand.idp.url}/idp/cabinet/security`)
      await press(page, 'Подключить приложение-генератор кодов')
      await expectAccessible(page, 'app with codes')
      for (const path of ['/', '/idp/messages']) await open(path)
      expect(one.complaints).to.deep.equal([])
    } finally {
      await stand.idp.close()
    }
  })

  const people = [
    { role: 'parent', login: 'p-1', child: 'c-1' },
    { role: 'class-teacher', login: 'k-1', child: undefined },
    { role: 'school-admin', login: 'a-1', child: undefined },
  ]
  for (const claims of people)
    it(`finds nothing in the sections of a journal: ${claims.role}`, async () => {
      const school: School = await openSchool()
      const { page } = one
      try {
        await page.goto(`${school.origin}/sgo/sso?token=${await school.token({ claims })}`)
        for (const section of sectionsOf(claims.role)) {
          await page.goto(`${school.origin}/sgo/${section}`)
          await expectAccessible(page, sections[section].title)
        }
        if (claims.role === 'class-teacher')
          for (const query of ['class=5А', 'class=5А&pupil=c-1']) {
            await page.goto(`${school.origin}/sgo/classes?${query}`)
            await expectAccessible(page, query)
          }
        expect(one.complaints).to.deep.equal([])
      } finally {
        await school.close()
      }
    })

  it('a teacher sets a mark and the parent sees it, by hand', async () => {
    const school: School = await openSchool()
    const parent = await visitor(chromium)
    const enter = async ({ page }: Visitor, claims: object): Promise<void> => {
      await page.goto(`${school.origin}/sgo/sso?token=${await school.token({ claims: { ...claims } })}`)
    }
    try {
      await enter(one, { role: 'teacher', login: 't-1', child: undefined })
      await follow(one.page, 'Мои классы')
      await follow(one.page, '5А')
      await follow(one.page, 'Ёжиков Пётр')
      await one.page.getByLabel('Комментарий, если нужен').fill('Отличная работа у доски')
      await press(one.page, 'Поставить оценку')
      await enter(parent, { role: 'parent', login: 'p-1', child: 'c-1' })
      await follow(parent.page, 'Оценки')
      expect(await parent.page.getByText('Отличная работа у доски').count()).to.equal(1)
      expect([...one.complaints, ...parent.complaints]).to.deep.equal([])
    } finally {
      await parent.leave()
      await school.close()
    }
  })
})
