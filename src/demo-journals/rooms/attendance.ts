/** Absences: a parent gives the reason, the class teacher accepts it (rooms/classes.ts). */
import { html, type Html } from '../html.js'
import { REASONS, type Absence } from '../book/attendance.js'
import { printDate } from '../days.js'
import { childLine, Complaint, form, mustBe, sectionPage, select, type At, type Room } from './room.js'

const row = ({ day, lessons, reason, state }: Absence): Html =>
  html`<tr>
    <th scope="row">${printDate(day)}<span class="hint">${lessons}</span></th>
    <td>${reason ?? 'не указана'}<span class="hint">${state}</span></td>
  </tr>`

function explain(at: At, open: readonly Absence[]): Html | false {
  if (open.length === 0 || at.visit.role !== 'parent') return false
  const days = open.map(({ id, day, lessons }) => [id, `${printDate(day)}, ${lessons}`] as const)
  const reasons = REASONS.map(reason => [reason, reason] as const)
  return html`<section class="sheet">
    <h2>Указать причину</h2>
    ${form(at, 'attendance', 'explain', html`${select('absence', 'Пропуск', days)} ${select('reason', 'Причина', reasons)}<button class="button">Отправить классному руководителю</button>`)}
  </section>` // prettier-ignore
}

export const attendanceRoom: Room = {
  page: at => {
    const absences = at.book.attendance.of(at.childId)
    return sectionPage(
      at,
      'attendance',
      html`<section class="sheet">
          <h1>Посещаемость</h1>
          ${childLine(at.child)}
          <table>
            <thead>
              <tr>
                <th scope="col">Пропуск</th>
                <th scope="col">Причина и состояние</th>
              </tr>
            </thead>
            <tbody>
              ${absences.map(row)}
            </tbody>
          </table>
        </section>
        ${explain(
          at,
          absences.filter(({ state }) => state === 'без причины'),
        )}`,
    )
  },
  deeds: {
    explain: {
      roles: ['parent'],
      run: (at, form) => {
        const reason = form('reason')
        if (!(REASONS as readonly string[]).includes(reason)) throw new Complaint('Выберите причину из списка.')
        mustBe(at.book.attendance.explain(at.childId, form('absence'), reason))
        return 'done=1'
      },
    },
  },
}
