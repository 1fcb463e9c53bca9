/** Whom the account concerns: all children at one glance, and what the journal knows of its owner. */
import { html, type Html } from '../html.js'
import type { Pupil } from '../people.js'
import { timetableOf } from '../school-life.js'
import { bookName, form, mustBe, sectionPage, type At, type Room } from './room.js'

function childCard(at: At, child: Pupil): Html {
  const { book, visit, now, house } = at
  const id = bookName(visit.school, child.key)
  const week = timetableOf(child.key, now, 0)
  const day = week.find(({ today }) => today) ?? week[0]
  const here = child.key === at.child.key
  const open = book.attendance.of(id).filter(({ state }) => state === 'без причины').length
  return html`<section class="sheet">
    <h2>${child.name}${child.className && html`, ${child.className}`}</h2>
    <p class="average">Средний балл <b>${book.marks.average(id)}</b></p>
    <p>${day?.today ? 'Сегодня' : 'Ближайший день'}: ${day?.lessons.map(({ subject }) => subject).join(', ')}</p>
    <p>Пропусков без причины: ${open}. Писем учителям: ${book.messages.ofFamily(visit.school, visit.login, id).length}.</p>
    ${
      here
        ? html`<p><a href="${house.base}marks">Открыт этот дневник</a></p>`
        : form(at, 'children', 'turn', html`<input type="hidden" name="child" value="${child.key}" /><button class="button">Открыть дневник: ${child.name}</button>`)
    }
  </section>` // prettier-ignore
}

export const childrenRoom: Room = {
  page: at =>
    sectionPage(
      at,
      'children',
      html`<section class="sheet">
          <h1>Мои дети</h1>
          <p>Дети, которых школа записала за вами в этом журнале.</p>
        </section>
        ${at.people.childrenOf(at.visit).map(child => childCard(at, child))}`,
    ),
  deeds: {
    turn: {
      roles: ['parent'],
      run: (at, form) => {
        const child = mustBe(at.people.childrenOf(at.visit).find(({ key }) => key === form('child')))
        at.turnTo(child.key)
        return 'done=1'
      },
    },
  },
}

export const profileRoom: Room = {
  page: at => {
    const { guest, visit, house } = at
    const children = visit.role === 'parent' ? at.people.childrenOf(visit) : []
    return sectionPage(
      at,
      'profile',
      html`<section class="sheet">
        <h1>Мои данные</h1>
        <table>
          <tbody>
            <tr><th scope="row">Имя</th><td>${guest.name}</td></tr>
            <tr><th scope="row">Роль</th><td>${guest.roleTitle}</td></tr>
            <tr><th scope="row">Школа</th><td>${guest.schoolTitle}</td></tr>
            <tr><th scope="row">Логин</th><td>${visit.login}</td></tr>
            ${children.map(({ name, className }) => html`<tr><th scope="row">Ребёнок</th><td>${name}${className && html`, ${className}`}</td></tr>`)}
          </tbody>
        </table>
        <p>Данные ведёт школа. ${visit.role === 'parent' ? html`Ошибка? <a href="${house.base}applications">Подайте заявление</a> «Исправить мои данные».` : 'Ошибка? Скажите администратору школы.'}</p>
        <p>Пароля у журнала нет: вы вошли через Госуслуги. <a href="${house.base}logout">Выйти</a></p>
      </section>`,
    )
  },
} // prettier-ignore
