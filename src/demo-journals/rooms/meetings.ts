/** Meeting the class teacher: parents take a free time, the teacher confirms it. */
import { html, type Html } from '../html.js'
import type { Booking, Slot } from '../book/appointments.js'
import { printDate } from '../days.js'
import type { Teacher } from '../people.js'
import { bookName, childLine, classTeacherOf, Complaint, form, mustBe, sectionPage, select, teacherAt, type At, type Room } from './room.js' // prettier-ignore

const when = ({ day, at }: Slot): string => `${printDate(day)}, ${at}`
const diaryOf = (at: At, teacher: Teacher): string => bookName(at.visit.school, teacher.login)

function ownBooking(at: At, { slot, confirmed }: Booking): Html {
  return html`<p><b>${when(slot)}</b>: ${confirmed ? 'учитель подтвердил' : 'ждёт подтверждения'}.</p>
    ${form(at, 'meetings', 'cancel', html`<button class="link">Отменить встречу</button>`)}`
}

function parentPart(at: At): Html {
  const teacher = classTeacherOf(at)
  if (!teacher) return html`<p>В этом классе школа ещё не назначила классного руководителя.</p>`
  const diary = diaryOf(at, teacher)
  const own = at.book.appointments.bookings(diary).find(({ login }) => login === at.visit.login)
  const free = at.book.appointments.free(diary).map(slot => [slot.id, when(slot)] as const)
  return html`<p>Классный руководитель: ${teacher.name}</p>
    ${own && ownBooking(at, own)}
    ${form(at, 'meetings', 'take', html`${select('slot', own ? 'Другое время' : 'Свободное время', free)}<button class="button">Записаться</button>`)}` // prettier-ignore
}

function teacherPart(at: At): Html {
  const teacher = mustBe(teacherAt(at))
  const bookings = at.book.appointments.bookings(diaryOf(at, teacher))
  if (bookings.length === 0) return html`<p>Пока никто не записался.</p>`
  return html`<ul class="lines">
    ${bookings.map(({ slot, parent, childName, confirmed }) => html`<li><b>${when(slot)}</b><br />${parent}: ${childName}${confirmed ? html`, подтверждено` : form(at, 'meetings', 'confirm', html`<input type="hidden" name="slot" value="${slot.id}" /><button class="link">Подтвердить: ${when(slot)}</button>`)}</li>`)}
  </ul>` // prettier-ignore
}

export const meetingsRoom: Room = {
  page: at => {
    const isParent = at.visit.role === 'parent'
    return sectionPage(
      at,
      'meetings',
      html`<section class="sheet">
        <h1>Встречи с классным руководителем</h1>
        ${isParent && childLine(at.child)} ${isParent ? parentPart(at) : teacherPart(at)}
      </section>`,
    )
  },
  deeds: {
    take: {
      roles: ['parent'],
      run: (at, form) => {
        const diary = diaryOf(at, mustBe(classTeacherOf(at)))
        const who = { login: at.visit.login, parent: at.guest.name, childName: at.child.name }
        if (!at.book.appointments.take(diary, form('slot'), who))
          throw new Complaint('Это время уже занято. Выберите другое.')
        return 'done=1'
      },
    },
    cancel: {
      roles: ['parent'],
      run: at => {
        mustBe(at.book.appointments.cancel(diaryOf(at, mustBe(classTeacherOf(at))), at.visit.login))
        return 'done=1'
      },
    },
    confirm: {
      roles: ['class-teacher'],
      run: (at, form) => {
        mustBe(at.book.appointments.confirm(diaryOf(at, mustBe(teacherAt(at))), form('slot')))
        return 'done=1'
      },
    },
  },
}
