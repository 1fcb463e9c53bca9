/** Every person of the demo walks the whole road over real HTTP: from the journal's door to the journal, or to a clear no. */
import { expect } from 'chai'
import { defaultPeople } from '../../src/mock-idp/people.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import { Browser, type Page } from '../support/browser.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { tokensIn, walk } from '../support/sign-in.js'

/** What must become of each person who asks for the journal `sgo` without naming a school. */
type End =
  | { readonly enters: string; readonly child?: string }
  | { readonly chooses: readonly string[] }
  | { readonly refused: RefusalCode; readonly status: number }

const ends: Readonly<Record<string, End>> = {
  mother: { chooses: ['Соколов Илья', 'Соколова Вера'] },
  father: { enters: 'p-1002', child: 'c-501' },
  pupil: { enters: 'u-2001' },
  'teacher-parent': { chooses: ['Учитель', 'Лебедев Тимур'] },
  'class-teacher': { enters: 't-3002' },
  'school-admin': { enters: 'a-4001' },
  'long-name': { chooses: ['Ёжикова-Д&#39;Артаньян Айлин', 'Ёжиков-Д&#39;Артаньян Аслан'] },
  unconfirmed: { refused: 'identity.level', status: 403 },
  standard: { refused: 'identity.level', status: 403 },
  'no-snils': { refused: 'identity.no-snils', status: 403 },
  nobody: { refused: 'identity.not-linked', status: 403 },
  'shared-snils': { refused: 'identity.ambiguous', status: 403 },
  renamed: { enters: 'p-1010', child: 'c-509' },
  'wrong-number': { refused: 'identity.other-name', status: 403 },
  'esia-test': { enters: 'p-1102', child: 'c-602' },
}

describe('flow: every person of the demo', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())

  it('has an expected end for everybody', () => {
    expect(defaultPeople().all.map(({ key }) => key)).to.have.members(Object.keys(ends))
  })

  for (const [key, end] of Object.entries(ends)) {
    it(`${key}: ${describeEnd(end)}`, async () => {
      const person = defaultPeople().all.find(one => one.key === key)!
      const browser = new Browser()
      const page = await walk(browser, `${town.town.bridge}/login?journal=sgo`, person.email!)
      if ('enters' in end) expectEntered(browser, page, end)
      else if ('chooses' in end) expectChooser(page, end.chooses, person.firstName)
      else expectRefused(page, end, person)
    })
  }

  function expectEntered(browser: Browser, page: Page, end: { enters: string; child?: string }): void {
    expect(page.status, page.text).to.equal(200)
    expect(page.url.origin).to.equal(town.town.journals)
    expect(page.url.search, 'the token does not stay in the address').to.equal('')
    const [claims] = tokensIn(browser)
    expect(claims).to.include({ iss: town.town.bridge, aud: 'sgo', login: end.enters })
    expect(claims!['child']).to.equal(end.child)
  }

  function expectChooser(page: Page, titles: readonly string[], firstName: string): void {
    expect(page.status).to.equal(200)
    expect(page.url.pathname).to.match(/^\/continue\/[\w-]{27}$/)
    for (const title of titles) expect(page.text).to.include(title)
    expect(page.text).to.include(firstName).and.to.include('Это не вы? Войти другим')
  }

  function expectRefused(
    page: Page,
    end: { refused: RefusalCode; status: number },
    person: { firstName: string; snils?: string | undefined },
  ): void {
    expect(page.status).to.equal(end.status)
    expect(page.url.origin).to.equal(town.town.bridge)
    expect(page.text).to.include(refusalText[end.refused].heading)
    expect(page.text).to.match(NUMBER)
    expect(page.text).to.include(person.firstName).and.to.include('Войти другим')
    if (person.snils !== undefined) expect(page.text).not.to.include(person.snils)
  }
})

function describeEnd(end: End): string {
  if ('enters' in end) return `enters as ${end.enters}`
  if ('chooses' in end) return `chooses among ${end.chooses.length} and more`
  return `is refused with ${end.refused}`
}
