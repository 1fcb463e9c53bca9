/** Lessons of this week and the next, and the plan of this school year and the next. */
import { html, type Html } from '../html.js'
import { hoursOf, timetableOf, type Lesson, type SchoolDay } from '../school-life.js'
import { teacherName } from './messages.js'
import { childLine, sectionPage, type At, type Room } from './room.js'

export const dayTable = (at: At, { lessons, weekday }: SchoolDay): Html =>
  html`<table class="lessons">
    <caption class="unseen">
      Уроки: ${weekday}
    </caption>
    <tbody>
      ${lessons.map(lesson => lessonRow(at, lesson))}
    </tbody>
  </table>`

const lessonRow = (at: At, { at: bell, subject, room }: Lesson): Html =>
  html`<tr>
    <td class="number">${bell}</td>
    <th scope="row">${subject}<span class="hint">${teacherName(at, subject)}</span></th>
    <td class="number">каб. ${room}</td>
  </tr>`

export const timetableRoom: Room = {
  page: at => {
    const { base } = at.house
    const next = at.query('week') === 'next'
    const days = timetableOf(at.child.key, at.now, next ? 1 : 0)
    return sectionPage(
      at,
      'timetable',
      html`<section class="sheet">
          <h1>Расписание</h1>
          ${childLine(at.child)}
          <p>
            ${
              next
                ? html`Следующая неделя. <a href="${base}timetable">Показать эту</a>`
                : html`Эта неделя. <a href="${base}timetable?week=next">Показать следующую</a>`
            }
          </p>
        </section>
        <div class="days">
          ${days.map(
            day =>
              html`<section class="sheet${day.today && ' today'}">
                <h2>${day.weekday}, ${day.date}</h2>
                ${dayTable(at, day)}
              </section>`,
          )}
        </div>`,
    )
  },
}

/** Classes go up to the eleventh. */
const LAST_CLASS = 11

export const curriculumRoom: Room = {
  page: at => {
    const grade = Number.parseInt(at.child.className ?? '', 10) || 5
    const plan = hoursOf(grade)
    const next = grade < LAST_CLASS ? hoursOf(grade + 1) : undefined
    return sectionPage(
      at,
      'curriculum',
      html`<section class="sheet">
        <h1>Учебный план</h1>
        ${childLine(at.child)}
        <p>Часов в неделю.</p>
        <table>
          <thead>
            <tr>
              <th scope="col">Предмет</th>
              <th scope="col">Этот год</th>
              <th scope="col">Следующий год</th>
            </tr>
          </thead>
          <tbody>
            ${plan.map(
              ({ subject, hours, topic }, i) =>
                html`<tr>
                  <th scope="row">${subject}<span class="hint">Сейчас: ${topic}</span></th>
                  <td class="number">${hours}</td>
                  <td class="number">${next?.[i]?.hours ?? 'выпуск'}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`,
    )
  },
}
