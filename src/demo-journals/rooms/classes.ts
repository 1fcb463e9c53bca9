/** A teacher's classes: setting and taking back marks of the own subject; the class teacher accepts reasons of absences. */
import { html, type Html } from '../html.js'
import { WORKS, type Mark } from '../book/marks.js'
import { printDate, shortDate } from '../days.js'
import type { Pupil, Teacher } from '../people.js'
import { lessonsToday } from '../school-life.js'
import { bookName, Complaint, form, LONGEST, mustBe, sectionPage, select, teacherAt, type At, type Form, type Room } from './room.js' // prettier-ignore

const MARKS = ['5', '4', '3', '2']

const classAddress = (at: At, className: string): string =>
  `${at.house.base}classes?class=${encodeURIComponent(className)}`

export function lessonList(at: At): Html {
  const classes = at.people.classesOf(at.visit.school)
  const lessons = lessonsToday(at.visit.login, classes)
  if (lessons.length === 0) return html`<p>Школа ещё не назначила вам классы.</p>`
  return html`<ul class="classes">
    ${lessons.map(
      ({ className, at: bell }) =>
        html`<li>
          <b><a href="${classAddress(at, className)}">${className}</a></b
          ><span>урок в ${bell}</span><span>в списке: ${at.people.pupilsOf(at.visit.school, className).length}</span>
        </li>`,
    )}
  </ul>`
}

/** @throws Denial `not-yours` unless the pupil stands in the list of this class of this school */
const pupilIn = (at: At, form: Form): Pupil =>
  mustBe(at.people.pupilsOf(at.visit.school, form('class')).find(({ key }) => key === form('pupil')))

const hidden = (className: string, pupil: string): Html =>
  html`<input type="hidden" name="class" value="${className}" /><input type="hidden" name="pupil" value="${pupil}" />`

function markRow(at: At, className: string, pupil: Pupil, mark: Mark): Html {
  return html`<li>
    <span class="mark mark-${mark.value}">${mark.value}</span> ${mark.work}, ${shortDate(mark.day)}
    ${mark.comment !== '' && html`<br /><span class="hint">${mark.comment}</span>`}
    ${form(at, 'classes', 'remove', html`${hidden(className, pupil.key)}<input type="hidden" name="mark" value="${mark.id}" /><button class="link">Убрать оценку ${mark.value} за ${shortDate(mark.day)}</button>`)}
  </li>` // prettier-ignore
}

function pupilPage(at: At, teacher: Teacher, className: string, pupil: Pupil): Html {
  const own = at.book.marks
    .of(bookName(at.visit.school, pupil.key))
    .filter(({ subject }) => subject === teacher.subject)
  const fields = html`${hidden(className, pupil.key)} ${select('value', 'Оценка', MARKS.map(value => [value, value]))}
    ${select('work', 'За что', WORKS.map(work => [work, work]))}
    <label for="comment">Комментарий, если нужен</label>
    <textarea id="comment" name="comment" rows="2" maxlength="${LONGEST}"></textarea>
    <button class="button">Поставить оценку</button>` // prettier-ignore
  return html`<section class="sheet">
      <h1>${pupil.name}</h1>
      <p>${className}, ${teacher.subject}. <a href="${classAddress(at, className)}">Весь класс</a></p>
      ${form(at, 'classes', 'add', fields)}
    </section>
    <section class="sheet">
      <h2>Ваши оценки</h2>
      <ul class="lines">
        ${[...own].reverse().map(mark => markRow(at, className, pupil, mark))}
      </ul>
    </section>`
}

function waiting(at: At, className: string, pupils: readonly Pupil[]): Html {
  const rows = pupils.flatMap(pupil =>
    at.book.attendance
      .of(bookName(at.visit.school, pupil.key))
      .filter(({ state }) => state === 'ждёт подтверждения')
      .map(
        ({ id, day, reason }) =>
          html`<li>
            <b>${pupil.name}</b>, ${printDate(day)}: ${reason}
            ${form(at, 'classes', 'accept', html`${hidden(className, pupil.key)}<input type="hidden" name="absence" value="${id}" /><button class="link">Подтвердить: ${pupil.name}, ${shortDate(day)}</button>`)}
          </li>`,
      ),
  ) // prettier-ignore
  return html`<section class="sheet">
    <h2>Причины пропусков</h2>
    ${rows.length === 0 && html`<p>Ничего не ждёт подтверждения.</p>`}
    <ul class="lines">
      ${rows}
    </ul>
  </section>`
}

function classPage(at: At, teacher: Teacher, className: string): Html {
  const pupils = at.people.pupilsOf(at.visit.school, className)
  const own = at.visit.role === 'class-teacher' && teacher.className === className
  return html`<section class="sheet">
      <h1>${className}</h1>
      <p>${teacher.subject}. Выберите ученика, чтобы поставить оценку.</p>
      <ul class="classes">
        ${pupils.map(({ key, name }) => html`<li><a href="${classAddress(at, className)}&amp;pupil=${encodeURIComponent(key)}">${name}</a></li>`)}
      </ul>
      <p><a href="${at.house.base}classes">Все классы</a></p>
    </section>
    ${own && waiting(at, className, pupils)}`
}

function main(at: At): Html {
  const className = at.query('class')
  const list = html`<section class="sheet">
    <h1>Мои классы</h1>
    ${lessonList(at)}
  </section>`
  if (className === '') return list
  const teacher = mustBe(teacherAt(at))
  mustBe(at.people.classesOf(at.visit.school).includes(className))
  if (at.query('pupil') === '') return classPage(at, teacher, className)
  return pupilPage(at, teacher, className, pupilIn(at, at.query))
}

const back = (form: Form): string =>
  `class=${encodeURIComponent(form('class'))}&pupil=${encodeURIComponent(form('pupil'))}&done=1`
const teaching = ['teacher', 'class-teacher']

export const classesRoom: Room = {
  page: at => sectionPage(at, 'classes', main(at)),
  deeds: {
    add: {
      roles: teaching,
      run: (at, form) => {
        const { subject } = mustBe(teacherAt(at))
        const pupil = pupilIn(at, form)
        const [value, work, comment] = [form('value'), form('work'), form('comment')]
        if (!MARKS.includes(value)) throw new Complaint('Оценка бывает от 2 до 5.')
        if (!(WORKS as readonly string[]).includes(work)) throw new Complaint('Выберите, за что оценка.')
        if (comment.length > LONGEST) throw new Complaint(`Слишком длинно: уместите в ${LONGEST} знаков.`)
        at.book.marks.add(bookName(at.visit.school, pupil.key), { subject, value: Number(value), work, comment })
        return back(form)
      },
    },
    remove: {
      roles: teaching,
      run: (at, form) => {
        const { subject } = mustBe(teacherAt(at))
        mustBe(at.book.marks.remove(bookName(at.visit.school, pupilIn(at, form).key), form('mark'), subject))
        return back(form)
      },
    },
    accept: {
      roles: ['class-teacher'],
      run: (at, form) => {
        mustBe(teacherAt(at)?.className === form('class'))
        mustBe(at.book.attendance.accept(bookName(at.visit.school, pupilIn(at, form).key), form('absence')))
        return `class=${encodeURIComponent(form('class'))}&done=1`
      },
    },
  },
}
