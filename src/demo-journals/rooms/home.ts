/** The first page after the door: the child's day, the teacher's lessons, or the school. */
import { html, type Html } from '../html.js'
import { timetableOf } from '../school-life.js'
import { lessonList } from './classes.js'
import { noticeText } from './notices.js'
import { childLine, sectionPage, type At, type Room } from './room.js'
import { dayTable } from './timetable.js'

function family(at: At): Html {
  const week = timetableOf(at.child.key, at.now, 0)
  const today = week.find(day => day.today) ?? week[0]
  const [notice] = at.book.papers.notices(at.visit.school)
  const children = at.visit.role === 'parent' ? at.people.childrenOf(at.visit).length : 1
  return html`<section class="sheet">
      <h1>Дневник</h1>
      ${childLine(at.child)}
      <p class="average">Средний балл за четверть <b>${at.book.marks.average(at.childId)}</b></p>
      ${children > 1 && html`<p><a href="${at.house.base}children">Все мои дети</a></p>`}
    </section>
    <section class="sheet">
      <h2>${today?.today ? 'Уроки сегодня' : 'Ближайшие уроки'}</h2>
      ${today && dayTable(at, today)}
    </section>
    ${
      notice &&
      html`<section class="sheet">
        <h2>Новое объявление</h2>
        <h3>${notice.title}</h3>
        ${noticeText(notice)}
      </section>`
    }`
}

const teaching = (at: At): Html =>
  html`<section class="sheet">
    <h1>Ваши уроки сегодня</h1>
    ${lessonList(at)}
  </section>`

function school(at: At): Html {
  const classes = at.people.classesOf(at.visit.school)
  return html`<section class="sheet">
    <h1>${at.guest.schoolTitle}</h1>
    <p>Классов в списке школы: <b>${classes.length}</b></p>
    <ul class="classes">
      ${classes.map(className => html`<li><b>${className}</b><span>в списке: ${at.people.pupilsOf(at.visit.school, className).length}</span></li>`)}
    </ul>
  </section>`
}

export const homeRoom: Room = {
  page: at => {
    const { role } = at.visit
    return sectionPage(
      at,
      '',
      role === 'school-admin' ? school(at) : role.endsWith('teacher') ? teaching(at) : family(at),
    )
  },
}

export const schoolRoom: Room = { page: at => sectionPage(at, 'school', school(at)) }
