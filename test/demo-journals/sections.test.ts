import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { marksOf, timetableOf } from '../../src/demo-journals/school-life.js'
import { openSchool, type School } from './school.js'

describe('inside a demo journal', () => {
  let school: School
  before(async () => (school = await openSchool()))
  after(() => school.close())

  const enter = async (claims: Readonly<Record<string, unknown>>) => {
    const jar = new Map<string, string>()
    expect((await school.get(`/sgo/sso?token=${await school.token({ claims })}`, jar)).status).to.equal(303)
    return jar
  }
  const parent = { role: 'parent', login: 'p-1', child: 'c-1' }
  const rows: readonly [Readonly<Record<string, unknown>>, string, number, RegExp][] = [
    [parent, '', 200, /Ёжиков Пётр<.*5А.*Средний балл/s],
    [parent, 'marks', 200, /Математика/],
    [parent, 'timetable', 200, /Вторник, 24 ноября/],
    [parent, 'timetable?week=next', 200, /Вторник, 1 декабря/],
    [parent, 'notices', 200, /Родительское собрание/],
    [parent, 'classes', 403, /Раздел не для вас/],
    [parent, 'school', 403, /Раздел не для вас/],
    [{ role: 'pupil', login: 'u-1', child: undefined }, 'marks', 200, /Ёжиков Пётр<.*5А/s],
    [{ role: 'pupil', login: 'u-9', child: undefined }, 'marks', 200, /<strong>u-9</],
    [{ role: 'teacher', login: 't-1', child: undefined }, '', 200, /5А.*10Б/s],
    [{ role: 'teacher', login: 't-1', child: undefined }, 'classes', 200, /Книгина Ольга/],
    [{ role: 'teacher', login: 't-1', child: undefined }, 'marks', 403, /Раздел не для вас/],
    [{ role: 'school-admin', login: 'a-1', child: undefined }, '', 200, /Классов в списке школы: <b>2</],
    [{ role: 'school-admin', login: 'a-1', child: undefined }, 'school', 200, /Школа № 1/],
    [{ role: 'parent', login: 'p-9', child: 'c-9', school: 'school-9' }, '', 200, /c-9/],
    [{ role: 'janitor', child: undefined }, '', 403, /Раздел не для вас/],
    [parent, 'nothing', 404, /Такой страницы нет/],
  ]
  for (const [claims, path, status, text] of rows) {
    it(`${String(claims.role)} ${String(claims.login)} at /${path}: ${status}`, async () => {
      const page = await school.get(`/sgo/${path}`, await enter(claims))
      expect(page.status).to.equal(status)
      expect(page.text).to.match(text)
      expect(page.text.match(/<h1/g)).to.have.lengthOf(1)
      expect(page.text)
        .to.contain('<html lang="ru">')
        .and.not.to.match(/ style=| on[a-z]+=|<script|<style/)
      expect(page.headers.get('content-security-policy')).to.contain("default-src 'none'").and.not.to.contain('unsafe')
    })
  }

  it('shows a stranger nothing but the way in, which keeps the section', async () => {
    const page = await school.get('/sgo/marks')
    expect(page.text)
      .to.contain('Войти через Госуслуги')
      .and.to.contain('/sgo/login?to=marks')
      .and.not.to.contain('Математика')
  })

  it('the two journals wear different covers', async () => {
    expect((await school.get('/sgo/')).text).to.contain('ink-green')
    expect((await school.get('/eljur/')).text).to.contain('ink-violet')
  })

  it("a visit of one journal opens no other journal's", async () => {
    const jar = await enter(parent)
    jar.set('demo-eljur-visit', jar.get('demo-sgo-visit')!)
    expect((await school.get('/eljur/', jar)).text).to.contain('Войти через Госуслуги')
  })

  it('leaving ends the visit for the cookie, too', async () => {
    const jar = await enter(parent)
    const kept = new Map(jar)
    expect((await school.get('/sgo/logout', jar)).text).to.contain('Выйти из журнала?')
    const left = await school.get('/sgo/logout', jar, 'POST')
    expect([left.status, left.to, jar.size]).to.deep.equal([303, '/sgo/logout', 0])
    expect((await school.get('/sgo/logout', jar)).text).to.contain('https://vhod.school.example/logout')
    expect((await school.get('/sgo/marks', kept)).text).not.to.contain('Математика')
  })

  it('a visit ends after thirty minutes without a click, and a click renews it', async () => {
    const jar = await enter(parent)
    school.later(20 * 60_000)
    expect((await school.get('/sgo/marks', jar)).text).to.contain('Математика')
    school.later(20 * 60_000)
    expect((await school.get('/sgo/marks', jar)).text).to.contain('Математика')
    school.later(30 * 60_000)
    expect((await school.get('/sgo/marks', jar)).text).not.to.contain('Математика')
  })

  it('answers what is malformed with 4xx and goes on', async () => {
    expect((await school.get('/sgo/%zz')).status).to.equal(400)
    expect((await school.get('/sgo/__proto__')).status).to.equal(404)
    expect((await school.get('/sgo/sso', new Map(), 'POST')).status).to.equal(404)
    expect((await school.get('/sgo')).to).to.equal('/sgo/')
    expect((await school.get('/')).to).to.equal('/sgo/')
  })

  it('serves its own sheet of style', async () => {
    const css = await school.get('/journal.css')
    expect(css.text).to.equal(readFileSync(projectFile('src/demo-journals/journal.css'), 'utf8'))
    expect(css.headers.get('content-type')).to.contain('text/css')
  })
})

describe('the life of a school', () => {
  it('is the same for the same child and another for another', () => {
    expect(marksOf('c-1')).to.deep.equal(marksOf('c-1')).and.not.to.deep.equal(marksOf('c-2'))
    for (const { average } of marksOf('c-1')) expect(average).to.match(/^[2-5],[0-9]{2}$/)
  })

  it('knows the week in Moscow: at the weekend the coming one', () => {
    const dateOf = (now: string, weeks = 0) => {
      const [monday] = timetableOf('c-1', Date.parse(now), weeks)
      return monday!.date
    }
    expect(dateOf('2026-11-23T00:00:00Z')).to.equal('23 ноября')
    expect(dateOf('2026-11-27T20:59:59Z')).to.equal('23 ноября')
    expect(dateOf('2026-11-27T21:00:00Z')).to.equal('30 ноября')
    expect(dateOf('2026-11-29T20:59:59Z')).to.equal('30 ноября')
    expect(dateOf('2026-11-24T08:00:00Z', 1)).to.equal('30 ноября')
    expect(timetableOf('c-1', Date.parse('2026-11-24T08:00:00Z'), 0).map(({ today }) => today)).to.deep.equal([
      ...[false, true, false, false, false],
    ])
  })
})
