/** Letters to teachers, and their answers; all that was written before stays. */
import { html, type Html } from '../html.js'
import type { Letter, Thread } from '../book/messages.js'
import { dayOf, shortDate } from '../days.js'
import { madeUpTeacher, SUBJECTS } from '../school-life.js'
import { childLine, classTeacherOf, Complaint, form, mustBe, sectionPage, select, textArea, wordsOf, type At, type Room } from './room.js' // prettier-ignore

const TO_CLASS_TEACHER = 'Классный руководитель'
export const topics = [TO_CLASS_TEACHER, ...SUBJECTS]

const teacherOf = (at: At, subject: string) =>
  subject === TO_CLASS_TEACHER
    ? classTeacherOf(at)
    : at.people.teachersOf(at.visit.school).find(teacher => teacher.subject === subject)

/** @returns the name that stands in the timetable */
export const teacherName = (at: At, subject: string): string =>
  teacherOf(at, subject)?.name ?? (subject === TO_CLASS_TEACHER ? 'назначит школа' : madeUpTeacher(subject))

export function writeTo(at: At, subject: string, text: string): void {
  const { visit, child, guest } = at
  at.book.messages.write(
    {
      ...{ school: visit.school, login: visit.login, child: at.childId, childName: child.name, subject },
      teacher: teacherOf(at, subject)?.login,
    },
    { at: at.now, from: guest.name, text, fromSchool: false },
  )
}

const letter = ({ at, from, text, fromSchool }: Letter): Html =>
  html`<li class="${fromSchool && 'answer'}"><b>${from}</b>, ${shortDate(dayOf(at))}<br />${text}</li>`

const thread = (at: At, { letters, subject, childName, id }: Thread, isTeacher: boolean): Html =>
  html`<section class="sheet">
    <h2>${isTeacher ? childName : subject}</h2>
    <p class="hint">${isTeacher ? subject : teacherName(at, subject)}</p>
    <ul class="lines">
      ${letters.map(letter)}
    </ul>
    ${isTeacher && form(at, 'messages', 'answer', html`<input type="hidden" name="thread" value="${id}" />${textArea('text', 'Ответ', `text-${id.replace(/[^\w-]/g, '_')}-${childName.length}`)}<button class="button">Ответить</button>`)}
  </section>` // prettier-ignore

const newLetter = (at: At): Html =>
  html`<section class="sheet">
    <h1>Сообщения</h1>
    ${childLine(at.child)}
    ${form(at, 'messages', 'write', html`${select('subject', 'Кому', topics.map(topic => [topic, `${topic}: ${teacherName(at, topic)}`]))} ${textArea('text', 'Сообщение')}
      <button class="button">Отправить</button>`)}
  </section>` // prettier-ignore

const inbox = html`<section class="sheet">
  <h1>Сообщения</h1>
  <p>Письма семей к вам, новые сверху.</p>
</section>`

export const messagesRoom: Room = {
  page: at => {
    const { visit, book } = at
    const isTeacher = visit.role.endsWith('teacher')
    const threads = isTeacher
      ? book.messages.ofTeacher(visit.school, visit.login)
      : book.messages.ofFamily(visit.school, visit.login, at.childId)
    return sectionPage(
      at,
      'messages',
      html`${isTeacher ? inbox : newLetter(at)} ${threads.map(one => thread(at, one, isTeacher))}
      ${threads.length === 0 && html`<p class="sheet">Писем пока нет.</p>`}`,
    )
  },
  deeds: {
    write: {
      roles: ['parent', 'pupil'],
      run: (at, form) => {
        if (!topics.includes(form('subject'))) throw new Complaint('Выберите, кому пишете.')
        writeTo(at, form('subject'), wordsOf(form, 'text', 'сообщение'))
        return 'done=1'
      },
    },
    answer: {
      roles: ['teacher', 'class-teacher'],
      run: (at, form) => {
        const found = at.book.messages.find(form('thread'))
        const own = mustBe(found?.school === at.visit.school && found.teacher === at.visit.login && found)
        const text = wordsOf(form, 'text', 'ответ')
        at.book.messages.write(own, { at: at.now, from: at.guest.name, text, fromSchool: true })
        return 'done=1'
      },
    },
  },
}
