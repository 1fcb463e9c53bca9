/** Pupils: whose consent lets them in, by their age. */
import { expect } from 'chai'
import { importRoster } from '../../src/identity/roster-import.js'
import { defaultPeople, personOfKey, readPeople, type TestPerson } from '../../src/mock-idp/people.js'
import { agree, asksConsent, choose, dayAfter, expectConsent } from '../support/consenting.js'
import { Browser, type Page } from '../support/browser.js'
import { ownAnswer, post } from '../support/own-answer.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const YEAR = 365.25
const numbers = defaultPeople().all.flatMap(({ snils }) => snils ?? [])

const person = (key: string, firstName: string, age: number): TestPerson => ({
  ...personOfKey(defaultPeople(), 'pupil')!,
  key,
  firstName,
  lastName: 'Птицын',
  birthDate: dayAfter(-Math.round(age * YEAR) - 2),
  snils: numbers.shift()!,
  userId: `77${numbers.length}`,
  phone: `+7(000)00001${numbers.length}`,
  email: `${key}@mail.example`,
})

const everybody = [
  person('parent', 'Пётр', 40),
  person('granny', 'Зоя', 66),
  person('child-13', 'Глеб', 13),
  person('namesake', 'Глеб', 12),
  person('child-15', 'Роза', 15),
  person('child-18', 'Фома', 18),
]
const of = (key: string): TestPerson => everybody.find(one => one.key === key)!
const date = (who: TestPerson): string => who.birthDate.split('-').reverse().join('.')

const row = (role: string, login: string, who: TestPerson, className: string, more: string, born = date(who)): string =>
  [role, login, who.lastName, who.firstName, born, who.snils, className, more].join(';')
const csv = [
  'Роль;Логин;Фамилия;Имя;Дата рождения;СНИЛС;Класс;Код ребёнка;ФИО ребёнка;Класс ребёнка;Родство',
  row('родитель', 'p-1', of('parent'), '', 'c-1;Птицын Глеб;6А;отец'),
  row('родитель', 'p-1', of('parent'), '', 'c-2;Птицын Роза;9Б;отец'),
  row('родитель', 'p-2', of('granny'), '', 'c-1;Птицын Глеб;6А;бабушка'),
  row('ученик', 'u-1', of('child-13'), '6А', ';;;'),
  row('ученик', 'u-2', of('namesake'), '5В', ';;;'),
  row('ученик', 'u-3', of('child-15'), '9Б', ';;;'),
  row('ученик', 'u-4', of('child-18'), '11А', ';;;'),
  '',
].join('\n')

const people = readPeople(
  JSON.stringify({ password: 'uchebny-stend', people: everybody.map(one => ({ ...one, secondFactor: false })) }),
)

describe('flow: consent of pupils', () => {
  let town: TestTown
  const rosters = [{ school: 'school-1', title: 'Школа № 1', csv }]
  beforeEach(async () => (town = await startTestTown({ people, rosters, more: asksConsent() })))
  afterEach(() => town.close())

  const enter = async (key: string): Promise<{ browser: Browser; page: Page }> => {
    const browser = new Browser()
    return { browser, page: await walk(browser, `${town.town.bridge}/login?journal=sgo`, of(key).email!) }
  }
  const isInside = ({ url, status }: Page): boolean => status === 200 && url.origin === town.town.journals
  const missesParent = async (page: Page, rule: string): Promise<void> => {
    expect(page.text).to.include('Сначала согласие даёт родитель')
    expect([page.status, (await lastEvent(town, page)).code]).to.deep.equal([403, 'consent.parent-missing'])
    expect((await lastEvent(town, page)).facts).to.deep.equal({ rule, version: 'uchebny-1' })
  }
  const parentAgreesFor = async (name: string): Promise<void> => {
    const { browser, page } = await enter('parent')
    const asked = await choose(browser, page, name)
    expect(isInside(await agree(browser, asked))).to.equal(true)
  }

  it('under 14 a parent agrees, and the pupil is asked nothing', async () => {
    await missesParent((await enter('child-13')).page, 'pupil-under-14')
    await parentAgreesFor('Роза')
    await missesParent((await enter('child-13')).page, 'pupil-under-14')
    await parentAgreesFor('Глеб')
    expect(isInside((await enter('child-13')).page)).to.equal(true)
    await missesParent((await enter('namesake')).page, 'pupil-under-14')
  })

  it('a relative lets only themselves in', async () => {
    const { browser, page } = await enter('granny')
    expect(page.text).not.to.include('за себя и, как')
    expect(isInside(await agree(browser, page))).to.equal(true)
    await missesParent((await enter('child-13')).page, 'pupil-under-14')
  })

  it('from 14 to 17 both agree, the parent first', async () => {
    await missesParent((await enter('child-15')).page, 'pupil-14-to-17')
    await parentAgreesFor('Роза')
    const { browser, page } = await enter('child-15')
    expect(expectConsent(page).text).not.to.include('за себя и, как')
    expect(isInside(await agree(browser, page))).to.equal(true)
    expect(isInside((await enter('child-15')).page)).to.equal(true)
  })

  it('a consent that the parent took back keeps the pupil out', async () => {
    await parentAgreesFor('Глеб')
    const { consents, roster } = town.bridge.store
    const [parent] = await roster.byLogin('sgo', ['school-1'], 'p-1')
    const [given] = await consents.ofAccount(parent!.accountId)
    const now = town.clock.now()
    const event = { at: now, what: 'consent.withdrawn', result: 'ok' } as const
    await consents.withdraw([given!.id], { now, destroyAt: now, number: 'D7FW-2NQ9' as never, event })
    await missesParent((await enter('child-13')).page, 'pupil-under-14')
  })

  it('from 18 the pupil agrees alone', async () => {
    const { browser, page } = await enter('child-18')
    expect(isInside(await agree(browser, page))).to.equal(true)
  })

  it('whose age nobody knows needs both; a date in the list of the school is enough', async () => {
    const ageless = async (key: string) => {
      const browser = new Browser()
      const who = { ...of(key), birthDate: undefined } as unknown as TestPerson
      const page = await browser.follow(await post(town, browser, await ownAnswer(town, browser, { person: who })))
      return page
    }
    await missesParent(await ageless('child-13'), 'pupil-under-14')
    const bytes = Buffer.from(csv.replace(date(of('child-13')), ''))
    const options = { journal: 'sgo', school: 'school-1', dryRun: false, now: town.clock.now() }
    await importRoster(town.bridge.store.roster, bytes, options)
    await missesParent(await ageless('child-13'), 'pupil-unknown-age')
    await parentAgreesFor('Глеб')
    expectConsent(await ageless('child-13'))
  })
})
