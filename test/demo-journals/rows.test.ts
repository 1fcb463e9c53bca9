/** List C: what a journal shows and what is done in it, by whom, and what others may not do. */
import { expect } from 'chai'
import { openSchool, type School } from './school.js'

type Jar = Map<string, string>
type Fields = Readonly<Record<string, string>>

const PARENT = { role: 'parent', login: 'p-1', child: 'c-1' }
const OTHER = { role: 'parent', login: 'p-2', child: 'c-3' }
const PUPIL = { role: 'pupil', login: 'u-1', child: undefined }
/** Математика. */
const TEACHER = { role: 'teacher', login: 't-1', child: undefined }
/** История. */
const COLLEAGUE = { role: 'teacher', login: 't-2', child: undefined }
/** Русский язык; 5А. */
const CLASS_TEACHER = { role: 'class-teacher', login: 'k-1', child: undefined }
const ADMIN = { role: 'school-admin', login: 'a-1', child: undefined }
const FAR_TEACHER = { role: 'teacher', login: 't-1', child: undefined, school: 'school-2' }
const FAR_PARENT = { role: 'parent', login: 'p-8', child: 'c-1', school: 'school-2' }
const FAR_ADMIN = { role: 'school-admin', login: 'a-8', child: undefined, school: 'school-2' }

describe('demo journal: list C', () => {
  let school: School
  beforeEach(async () => (school = await openSchool()))
  afterEach(() => school.close())

  const enter = async (claims: Readonly<Record<string, unknown>>): Promise<Jar> => {
    const jar: Jar = new Map()
    await school.get(`/sgo/sso?token=${await school.token({ claims })}`, jar)
    return jar
  }
  const see = async (jar: Jar, path = ''): Promise<string> => (await school.get(`/sgo/${path}`, jar)).text
  const tokenOf = async (jar: Jar, section: string): Promise<string> => {
    const page = await see(jar, section)
    return /name="token" value="([^"]+)"/.exec(page)?.[1] ?? /name="token" value="([^"]+)"/.exec(await see(jar, 'notices'))?.[1] ?? '' // prettier-ignore
  }
  /** What the form of a section does; its token comes from a page of this visit. */
  const post = async (jar: Jar, section: string, fields: Fields) => {
    const body = new URLSearchParams({ token: await tokenOf(jar, section), ...fields })
    const { status, to, text } = await school.get(`/sgo/${section}`, jar, 'POST', { body, origin: school.origin })
    return { status, to, text }
  }
  const done = async (jar: Jar, section: string, fields: Fields): Promise<string> => {
    const { status, to, text } = await post(jar, section, fields)
    expect([status, to?.includes('done')], text).to.deep.equal([303, true])
    return (await school.get(to!, jar)).text
  }
  const refused = async (jar: Jar, section: string, fields: Fields, code: string): Promise<void> => {
    const answer = await post(jar, section, fields)
    expect(answer.status).to.be.oneOf([403, 404])
    expect(answer.text).to.include(`Для школы: ${code}`)
  }
  const subjectRow = (page: string, subject: string): string =>
    new RegExp(`<th scope="row">${subject}</th>(.*?)</tr>`, 's').exec(page)![1]!
  const averageOf = (row: string): number => Number(/(\d,\d\d)/.exec(row)![1]!.replace(',', '.'))
  const valuesOf = (row: string): number[] => [...row.matchAll(/mark-(\d)"/g)].map(([, value]) => Number(value))
  const setMark = { deed: 'add', class: '5А', pupil: 'c-1', value: '2', work: 'Контрольная работа', comment: '' }

  it('demo journal: C01 marks of ten subjects, the same after another look', async () => {
    const jar = await enter(PARENT)
    const page = await see(jar, 'marks')
    expect(page.match(/<th scope="row">/g)).to.have.length(10)
    expect(valuesOf(subjectRow(page, 'Математика')).length).to.be.at.least(4)
    expect(await see(jar, 'marks')).to.equal(page)
  })

  it('demo journal: C02 the average is that of the marks that are shown', async () => {
    const page = await see(await enter(PARENT), 'marks')
    const rows = [...page.matchAll(/<th scope="row">([^<]+)<\/th>/g)].map(([, subject]) => subjectRow(page, subject!))
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
    for (const row of rows) expect(averageOf(row)).to.be.closeTo(mean(valuesOf(row)), 0.006)
    expect(averageOf(page.slice(page.indexOf('по всем предметам')))).to.be.closeTo(mean(rows.flatMap(valuesOf)), 0.006)
  })

  it('demo journal: C03 the trend turns with the last marks', async () => {
    const [parent, teacher] = [await enter(PARENT), await enter(TEACHER)]
    for (let i = 0; i < 3; i += 1) await done(teacher, 'classes', setMark)
    expect(subjectRow(await see(parent, 'marks'), 'Математика')).to.include('снижается')
    for (let i = 0; i < 3; i += 1) await done(teacher, 'classes', { ...setMark, value: '5' })
    expect(subjectRow(await see(parent, 'marks'), 'Математика')).to.include('растёт')
  })

  it('demo journal: C04 the comment of a teacher stands under the marks, as text and nothing else', async () => {
    const [parent, teacher] = [await enter(PARENT), await enter(TEACHER)]
    expect(await see(parent, 'marks')).to.match(/Комментарии учителей.*<li><b>/s)
    await done(teacher, 'classes', { ...setMark, comment: '<b>Повторите</b> дроби' })
    expect(await see(parent, 'marks')).to.include('&lt;b&gt;Повторите&lt;/b&gt; дроби')
    expect((await post(teacher, 'classes', { ...setMark, comment: 'x'.repeat(1001) })).status).to.equal(400)
  })

  it('demo journal: C05 a parent gives the reason of an absence, the class teacher accepts it', async () => {
    const [parent, teacher] = [await enter(PARENT), await enter(CLASS_TEACHER)]
    expect(await see(parent, 'attendance'))
      .to.include('без причины')
      .and.to.include('уважительная')
    const page = await done(parent, 'attendance', { deed: 'explain', absence: 'a-0', reason: 'болезнь' })
    expect(page).not.to.include('без причины')
    expect(page.match(/ждёт подтверждения/g)).to.have.length(2)
    expect(await see(teacher, 'classes?class=5А'))
      .to.include('Ёжиков Пётр')
      .and.to.include(': болезнь')
    await done(teacher, 'classes', { deed: 'accept', class: '5А', pupil: 'c-1', absence: 'a-0' })
    expect((await see(parent, 'attendance')).match(/ждёт подтверждения/g)).to.have.length(1)
    await refused(parent, 'attendance', { deed: 'explain', absence: 'a-0', reason: 'болезнь' }, 'not-yours')
    expect((await post(parent, 'attendance', { deed: 'explain', absence: 'a-1', reason: 'лень' })).status).to.equal(400)
  })

  it('demo journal: C06 the timetable of this week and the next', async () => {
    const jar = await enter(PARENT)
    const [now, next] = [await see(jar, 'timetable'), await see(jar, 'timetable?week=next')]
    expect(now).to.include('Понедельник, 23 ноября').and.to.include('Пятница, 27 ноября')
    expect(next).to.include('Понедельник, 30 ноября').and.to.include('Пятница, 4 декабря')
    expect(now.match(/каб\. \d{3}/g)!.length).to.be.at.least(20)
  })

  it('demo journal: C07 the plan of this year and the next; the last class has no next', async () => {
    const page = await see(await enter(PARENT), 'curriculum')
    expect(page).to.include('Этот год').and.to.include('Следующий год').and.to.include('Сейчас: обыкновенные дроби')
    expect(page.match(/<td class="number">\d</g)).to.have.length(20)
  })

  it('demo journal: C08 notices of moved lessons, tests and meetings', async () => {
    const page = await see(await enter(PARENT), 'notices')
    for (const kind of ['перенос урока', 'контрольная', 'собрание']) expect(page).to.include(`class="kind">${kind}`)
    expect(page).to.include('Контрольная по математике 27 ноября')
  })

  it('demo journal: C09 a letter reaches the teacher of the subject, and the answer comes back', async () => {
    const [parent, teacher, colleague] = [await enter(PARENT), await enter(TEACHER), await enter(COLLEAGUE)]
    await done(parent, 'messages', { deed: 'write', subject: 'Математика', text: 'Какой номер задали?' })
    const inbox = await see(teacher, 'messages')
    expect(inbox).to.include('Какой номер задали?').and.to.include('Ёжиков Пётр')
    expect(await see(colleague, 'messages')).not.to.include('Какой номер')
    const thread = /name="thread" value="([^"]+)"/.exec(inbox)![1]!
    await done(teacher, 'messages', { deed: 'answer', thread, text: 'Номер 412.' })
    expect(await see(parent, 'messages')).to.include('Номер 412.')
    await refused(colleague, 'messages', { deed: 'answer', thread, text: 'Я тоже' }, 'not-yours')
    await refused(await enter(FAR_TEACHER), 'messages', { deed: 'answer', thread, text: 'Издалека' }, 'not-yours')
    for (const text of ['', ' ', 'x'.repeat(1001)])
      expect((await post(parent, 'messages', { deed: 'write', subject: 'Математика', text })).status).to.equal(400)
  })

  it('demo journal: C10 a question about a mark names the mark, and goes to its teacher', async () => {
    const [parent, teacher] = [await enter(PARENT), await enter(TEACHER)]
    await done(teacher, 'classes', { ...setMark, value: '3' })
    const mark = /<option value="(set-1)">Математика: 3/.exec(await see(parent, 'marks'))![1]!
    await done(parent, 'marks', { deed: 'ask', mark, text: 'Почему три?' })
    expect(await see(teacher, 'messages')).to.match(/Об оценке «Математика: 3, контрольная работа.*Почему три\?/)
    const stranger = await enter(OTHER)
    await refused(stranger, 'marks', { deed: 'ask', mark, text: 'Чужая оценка' }, 'not-yours')
  })

  it('demo journal: C11 a parent takes a free time, the class teacher confirms it, nobody else gets it', async () => {
    const [parent, other, teacher] = [await enter(PARENT), await enter(OTHER), await enter(CLASS_TEACHER)]
    const slot = /<option value="([^"]+)">/.exec(await see(parent, 'meetings'))![1]!
    expect(await done(parent, 'meetings', { deed: 'take', slot })).to.include('ждёт подтверждения')
    expect((await post(other, 'meetings', { deed: 'take', slot })).text).to.include('Это время уже занято')
    expect(await see(other, 'meetings'))
      .not.to.include(`value="${slot}"`)
      .and.not.to.include('Мария')
    expect(await see(teacher, 'meetings'))
      .to.include('Мария')
      .and.to.include('Ёжиков Пётр')
    await done(teacher, 'meetings', { deed: 'confirm', slot })
    expect(await see(parent, 'meetings')).to.include('учитель подтвердил')
    await refused(other, 'meetings', { deed: 'cancel' }, 'not-yours')
    await done(parent, 'meetings', { deed: 'cancel' })
    expect(await see(other, 'meetings')).to.include(`value="${slot}"`)
  })

  it('demo journal: C12 the administration publishes, people confirm that they have read', async () => {
    const [admin, parent] = [await enter(ADMIN), await enter(PARENT)]
    await done(admin, 'notices', { deed: 'publish', title: 'Карантин', text: 'С понедельника уроки дома.' })
    const page = await see(parent, 'notices')
    expect(page).to.include('Карантин').and.to.include('официально')
    const notice = /name="notice" value="(n-\d+)"/.exec(page)![1]!
    expect(await done(parent, 'notices', { deed: 'read', notice })).to.include('Вы ознакомились')
    expect(await see(admin, 'notices')).to.match(/Карантин.*?Ознакомились: 1/s)
    expect(await see(await enter(FAR_PARENT), 'notices')).not.to.include('Карантин')
    await refused(parent, 'notices', { deed: 'read', notice: 'n-none' }, 'not-yours')
  })

  it('demo journal: C13 report card and certificate are downloaded, of this child, and say that they are played', async () => {
    const jar = await enter(PARENT)
    for (const [file, words] of [['tabel', 'Математика'], ['spravka', 'обучается в 5А классе']] as const) {
      const paper = await school.get(`/sgo/documents?file=${file}`, jar)
      expect(paper.headers.get('content-disposition')).to.equal(`attachment; filename=${file}.html`)
      expect(paper.text).to.include(words).and.to.include('Ёжиков Пётр').and.to.include('силы не имеет')
    }
    expect((await school.get('/sgo/documents?file=__proto__', jar)).headers.get('content-disposition')).to.equal(null)
  }) // prettier-ignore

  it('demo journal: C14 orders are listed; an application is handed in, and decided by this school only', async () => {
    const [parent, admin] = [await enter(PARENT), await enter(ADMIN)]
    expect(await see(parent, 'documents')).to.include('Приказы школы').and.to.include('№ 112-о')
    const page = await done(parent, 'applications', { deed: 'apply', kind: 'Отпустить с уроков', text: '28 ноября, к врачу' })
    expect(page).to.include('на рассмотрении')
    const application = /name="application" value="([^"]+)"/.exec(await see(admin, 'applications'))![1]!
    await refused(await enter(FAR_ADMIN), 'applications', { deed: 'decide', application, state: 'отклонено' }, 'not-yours')
    await done(admin, 'applications', { deed: 'decide', application, state: 'удовлетворено' })
    expect(await see(parent, 'applications')).to.include('удовлетворено')
    await refused(admin, 'applications', { deed: 'decide', application, state: 'отклонено' }, 'not-yours')
    expect(await see(await enter(OTHER), 'applications')).not.to.include('к врачу')
  }) // prettier-ignore

  it('demo journal: C15 paying is played: no card is asked for, and the bill is marked', async () => {
    const [jar, other] = [await enter(PARENT), await enter(OTHER)]
    expect(await see(jar, 'payments'))
      .to.include('деньги не списываются')
      .and.not.to.match(/name="(card|cvv|pan)/)
    expect(await done(jar, 'payments', { deed: 'pay', bill: 'chess' })).to.include('Оплачено (учебно)')
    expect(await see(other, 'payments')).not.to.include('Оплачено')
    await refused(jar, 'payments', { deed: 'pay', bill: 'palace' }, 'not-yours')
  })

  it('demo journal: C17 all letters stay, in order, and each family sees its own', async () => {
    const [parent, pupil, other] = [await enter(PARENT), await enter(PUPIL), await enter(OTHER)]
    for (const text of ['Первое', 'Второе', 'Третье'])
      await done(parent, 'messages', { deed: 'write', subject: 'История', text })
    expect(await see(parent, 'messages')).to.match(/Первое.*Второе.*Третье/s)
    school.later(25 * 60_000)
    expect(await see(parent, 'messages')).to.match(/Первое.*Второе.*Третье/s)
    for (const jar of [pupil, other]) expect(await see(jar, 'messages')).not.to.include('Первое')
  })

  it('demo journal: C19 all children at one glance, and a turn from one diary to the other', async () => {
    const jar = await enter(PARENT)
    const page = await see(jar, 'children')
    expect(page).to.include('Ёжиков Пётр').and.to.include('Ёжикова &quot;Анна&quot;')
    expect(page.match(/Средний балл <b>\d,\d\d/g)).to.have.length(2)
    const before = await see(jar, 'marks')
    await done(jar, 'children', { deed: 'turn', child: 'c-2' })
    const after = await see(jar, 'marks')
    expect(after).to.include('10Б').and.not.to.include('Ёжиков Пётр')
    expect(subjectRow(after, 'Математика')).not.to.equal(subjectRow(before, 'Математика'))
    expect(await see(jar, 'timetable')).to.include('10Б')
  })

  it('demo journal: C19 nobody turns to a child of somebody else', async () => {
    const jar = await enter(OTHER)
    for (const child of ['c-1', 'c-2', 'u-1', '', '__proto__'])
      await refused(jar, 'children', { deed: 'turn', child }, 'not-yours')
    expect(await see(jar, 'marks')).to.include('Петров Иван')
    for (const path of ['marks?child=c-1', 'documents?child=c-1&file=tabel', 'attendance?pupil=c-1'])
      expect(await see(jar, path))
        .to.include('Петров Иван')
        .and.not.to.include('Ёжиков')
  })

  it('demo journal: C20 a mark that a teacher sets is seen by parent and pupil, and can be taken back', async () => {
    const [parent, pupil, teacher] = [await enter(PARENT), await enter(PUPIL), await enter(TEACHER)]
    const before = valuesOf(subjectRow(await see(parent, 'marks'), 'Математика'))
    const page = await done(teacher, 'classes', setMark)
    expect(page).to.include('Контрольная работа, 24.11')
    for (const jar of [parent, pupil])
      expect(valuesOf(subjectRow(await see(jar, 'marks'), 'Математика'))).to.deep.equal([...before, 2])
    await done(teacher, 'classes', { deed: 'remove', class: '5А', pupil: 'c-1', mark: 'set-1' })
    expect(valuesOf(subjectRow(await see(parent, 'marks'), 'Математика'))).to.deep.equal(before)
  })

  it('demo journal: C20 the same code of a child in another school is another child', async () => {
    const [far, parent] = [await enter(FAR_TEACHER), await enter(PARENT)]
    const before = await see(parent, 'marks')
    await done(far, 'classes', setMark)
    expect(await see(parent, 'marks')).to.equal(before)
    expect(await see(await enter(FAR_PARENT), 'marks')).to.include('Дальний Лев')
  })

  it('demo journal: C20 what nobody may write: families no marks, teachers no other subject, class or school', async () => {
    const jars = { parent: await enter(PARENT), pupil: await enter(PUPIL), teacher: await enter(TEACHER), colleague: await enter(COLLEAGUE), k: await enter(CLASS_TEACHER), admin: await enter(ADMIN) } // prettier-ignore
    const before = await see(jars.parent, 'marks')
    for (const jar of [jars.parent, jars.pupil, jars.admin]) await refused(jar, 'classes', setMark, 'role-denied')
    for (const jar of [jars.parent, jars.pupil]) await refused(jar, 'marks', setMark, 'not-found')
    for (const wrong of [{ pupil: 'c-2' }, { class: '10Б' }, { class: '11Я' }, { pupil: 'p-1' }, { pupil: '' }])
      await refused(jars.teacher, 'classes', { ...setMark, ...wrong }, 'not-yours')
    for (const wrong of [{ value: '6' }, { value: '-5' }, { value: '' }, { work: 'Просто так' }])
      expect((await post(jars.teacher, 'classes', { ...setMark, ...wrong })).status).to.equal(400)
    const remove = { deed: 'remove', class: '5А', pupil: 'c-1', mark: 'm-2-0' }
    await refused(jars.colleague, 'classes', remove, 'not-yours')
    const accept = { deed: 'accept', class: '5А', pupil: 'c-1', absence: 'a-1' }
    await refused(jars.teacher, 'classes', accept, 'deed-denied')
    await refused(jars.k, 'classes', { ...accept, class: '10Б', pupil: 'c-2' }, 'not-yours')
    await refused(jars.pupil, 'attendance', { deed: 'explain', absence: 'a-0', reason: 'болезнь' }, 'deed-denied')
    await refused(jars.parent, 'notices', { deed: 'publish', title: 'Я', text: 'директор' }, 'deed-denied')
    await refused(jars.parent, 'applications', { deed: 'decide', application: 'z-1', state: 'удовлетворено' }, 'deed-denied') // prettier-ignore
    await refused(jars.k, 'meetings', { deed: 'take', slot: '1' }, 'deed-denied')
    expect(await see(jars.parent, 'marks')).to.equal(before)
  })

  it('demo journal: C21 the profile shows what the school keeps, and where a mistake is told', async () => {
    const page = await see(await enter(PARENT), 'profile')
    for (const words of ['&lt;b&gt;Мария&lt;/b&gt;', 'p-1', 'родитель', 'Школа № 1', 'Ёжиков Пётр', 'Исправить мои данные']) expect(page).to.include(words) // prettier-ignore
    expect(await see(await enter(TEACHER), 'profile'))
      .to.include('Книгина Ольга')
      .and.not.to.include('Ребёнок')
  })

  it('demo journal: C22 the average and the report card are those of the moment, without a new sign-in', async () => {
    const [parent, teacher] = [await enter(PARENT), await enter(TEACHER)]
    const before = averageOf(subjectRow(await see(parent, 'marks'), 'Математика'))
    await done(teacher, 'classes', setMark)
    const after = averageOf(subjectRow(await see(parent, 'marks'), 'Математика'))
    expect(after).to.be.below(before)
    const printed = after.toFixed(2).replace('.', ',')
    expect(subjectRow(await see(parent, 'documents?file=tabel'), 'Математика')).to.include(printed)
  })

  const seen: Readonly<Record<string, readonly string[]>> = {
    parent: ['', 'children', 'marks', 'attendance', 'timetable', 'curriculum', 'notices', 'messages', 'meetings', 'documents', 'applications', 'payments', 'profile'],
    pupil: ['', 'marks', 'attendance', 'timetable', 'curriculum', 'notices', 'messages', 'documents', 'profile'],
    teacher: ['', 'notices', 'messages', 'classes', 'profile'],
    'class-teacher': ['', 'notices', 'messages', 'meetings', 'classes', 'profile'],
    'school-admin': ['', 'notices', 'applications', 'school', 'profile'],
    janitor: [],
  } // prettier-ignore
  const all = [...new Set(Object.values(seen).flat())]
  const people: Readonly<Record<string, object>> = { parent: PARENT, pupil: PUPIL, teacher: TEACHER, 'class-teacher': CLASS_TEACHER, 'school-admin': ADMIN, janitor: { role: 'janitor', child: undefined } } // prettier-ignore
  for (const [role, sections] of Object.entries(seen))
    it(`demo journal: C18 ${role}: the menu names and the doors open ${sections.length} sections`, async () => {
      const jar = await enter(people[role] as Readonly<Record<string, unknown>>)
      for (const section of all) {
        const open = sections.includes(section)
        expect((await school.get(`/sgo/${section}`, jar)).status, section).to.equal(open ? 200 : 403)
      }
      const menu = [...(await see(jar, sections.at(-1) ?? 'nothing')).matchAll(/<a href="\/sgo\/([a-z]*)" ?(?:aria-current="page")?>/g)].map(([, to]) => to) // prettier-ignore
      if (sections.length > 0) expect(menu.filter(to => to !== 'logout')).to.include.members([...sections])
      expect(menu.filter(to => all.includes(to!) && !sections.includes(to!))).to.deep.equal([])
    })

  describe('forms', () => {
    const letter = { deed: 'write', subject: 'Математика', text: 'Привет' }

    it('of another visit, another site or nobody do nothing', async () => {
      const [parent, other] = [await enter(PARENT), await enter(OTHER)]
      await refused(parent, 'messages', { ...letter, token: await tokenOf(other, 'messages') }, 'form-foreign')
      await refused(parent, 'messages', { ...letter, token: '' }, 'form-foreign')
      const body = new URLSearchParams({ ...letter, token: await tokenOf(parent, 'messages') })
      for (const origin of ['https://evil.example', 'null'])
        expect((await school.get('/sgo/messages', parent, 'POST', { body, origin })).status).to.equal(403)
      expect((await school.get('/sgo/messages', new Map(), 'POST', { body })).status).to.equal(403)
      expect(await see(parent, 'messages')).not.to.include('Привет')
    })

    it('with a deed that does not exist are not found, whatever it is called', async () => {
      const jar = await enter(PARENT)
      for (const deed of ['', 'nothing', '__proto__', 'constructor'])
        await refused(jar, 'messages', { deed }, 'not-found')
    })

    it('end with the visit', async () => {
      const jar = await enter(PARENT)
      const token = await tokenOf(jar, 'messages')
      const kept = new Map(jar)
      await school.get('/sgo/logout', jar, 'POST')
      const body = new URLSearchParams({ ...letter, token })
      expect((await school.get('/sgo/messages', kept, 'POST', { body })).status).to.equal(403)
    })

    it('of one journal write nothing into another', async () => {
      const jar = await enter(PARENT)
      await done(jar, 'messages', letter)
      const other: Jar = new Map()
      const state = new URL((await school.get('/eljur/login', other)).to!).searchParams.get('state')
      const token = await school.token({ claims: { ...PARENT, state }, alg: 'ES256' })
      await school.get(`/eljur/sso?token=${token}`, other)
      const { text } = await school.get('/eljur/messages', other)
      expect(text).to.include('Писем пока нет').and.not.to.include('Привет')
    })
  })
})
