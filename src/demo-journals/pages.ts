import { denials, type DenialCode } from './denials.js'
import { html, type Html } from './html.js'
import { page, type Frame, type Guest } from './layout.js'
import type { House } from './options.js'
import { averageOf, type Lesson, type Notice, type SchoolDay, type SubjectMarks } from './school-life.js'
import type { Section } from './sections.js'

export interface Child {
  readonly name: string
  readonly className?: string
}

const childLine = ({ name, className }: Child): Html =>
  html`<p class="child"><strong>${name}</strong>${className && html`, ${className}`}</p>`

/** @param to the section that the person wanted; the login comes back to it */
export function startPage(house: House, to: Section): string {
  return page(
    { house, title: 'Вход' },
    html`<section class="sheet">
      <h1>${house.journal.title}</h1>
      <p>Оценки, расписание и объявления вашей школы.</p>
      <p><a class="button" href="${house.base}login?to=${to}">Войти через Госуслуги</a></p>
      <p class="hint">Отдельный пароль не нужен. Сначала откроется служба входа школы, затем Госуслуги.</p>
    </section>`,
  )
}

interface Signed {
  readonly house: House
  readonly guest: Guest
}
const frame = ({ house, guest }: Signed, here: Section, title: string): Frame => ({ house, guest, here, title })

export function childPage(
  at: Signed,
  child: Child,
  today: SchoolDay | undefined,
  marks: readonly SubjectMarks[],
  notice: Notice,
): string {
  return page(
    frame(at, '', 'Сегодня'),
    html`<section class="sheet">
        <h1>Дневник</h1>
        ${childLine(child)}
        <p class="average">Средний балл за четверть <b>${averageOf(marks)}</b></p>
      </section>
      <section class="sheet">
        <h2>${today?.today ? 'Уроки сегодня' : 'Ближайшие уроки'}</h2>
        ${today && dayTable(today)}
      </section>
      <section class="sheet">
        <h2>Новое объявление</h2>
        <h3>${notice.title}</h3>
        ${noticeText(notice)}
      </section>`,
  )
}

export function marksPage(at: Signed, child: Child, marks: readonly SubjectMarks[]): string {
  return page(
    frame(at, 'marks', 'Оценки'),
    html`<section class="sheet">
      <h1>Оценки</h1>
      ${childLine(child)}
      <table>
        <thead>
          <tr>
            <th scope="col">Предмет</th>
            <th scope="col">Оценки</th>
            <th scope="col">Средний балл</th>
          </tr>
        </thead>
        <tbody>
          ${marks.map(
            ({ subject, marks: all, average }) =>
              html`<tr>
                <th scope="row">${subject}</th>
                <td>${all.map(mark => html`<span class="mark mark-${mark}">${mark}</span> `)}</td>
                <td class="number">${average}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="average">Средний балл по всем предметам <b>${averageOf(marks)}</b></p>
    </section>`,
  )
}

export function timetablePage(at: Signed, child: Child, days: readonly SchoolDay[], next: boolean): string {
  const { base } = at.house
  return page(
    frame(at, 'timetable', 'Расписание'),
    html`<section class="sheet">
        <h1>Расписание</h1>
        ${childLine(child)}
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
              ${dayTable(day)}
            </section>`,
        )}
      </div>`,
  )
}

const dayTable = ({ lessons, weekday }: SchoolDay): Html =>
  html`<table class="lessons">
    <caption class="unseen">
      Уроки: ${weekday}
    </caption>
    <tbody>
      ${lessons.map(lessonRow)}
    </tbody>
  </table>`

const lessonRow = ({ at, subject, room, teacher }: Lesson): Html =>
  html`<tr>
    <td class="number">${at}</td>
    <th scope="row">${subject}<span class="hint">${teacher}</span></th>
    <td class="number">каб. ${room}</td>
  </tr>`

export function noticesPage(at: Signed, notices: readonly Notice[]): string {
  return page(
    frame(at, 'notices', 'Объявления'),
    html`<section class="sheet">
      <h1>Объявления</h1>
      ${notices.map(
        notice =>
          html`<article>
            <h2>${notice.title}</h2>
            ${noticeText(notice)}
          </article>`,
      )}
    </section>`,
  )
}

const noticeText = ({ text, from, date }: Notice): Html =>
  html`<p>${text}</p>
    <p class="hint">${from}, ${date}</p>`

export function classesPage(
  at: Signed,
  here: '' | 'classes',
  classes: readonly { readonly className: string; readonly at: string; readonly pupils: number }[],
): string {
  return page(
    frame(at, here, here === '' ? 'Сегодня' : 'Мои классы'),
    html`<section class="sheet">
      <h1>${here === '' ? 'Ваши уроки сегодня' : 'Мои классы'}</h1>
      ${classes.length === 0 && html`<p>Школа ещё не назначила вам классы.</p>`}
      <ul class="classes">
        ${classes.map(
          ({ className, at: bell, pupils }) =>
            html`<li><b>${className}</b><span>урок в ${bell}</span><span>в классе ${pupils}</span></li>`,
        )}
      </ul>
    </section>`,
  )
}

export function schoolPage(at: Signed, here: '' | 'school', classes: readonly string[]): string {
  return page(
    frame(at, here, here === '' ? 'Сегодня' : 'Школа'),
    html`<section class="sheet">
      <h1>${at.guest.schoolTitle}</h1>
      <p>Классов в списке школы: <b>${classes.length}</b></p>
      <ul class="classes">
        ${classes.map(className => html`<li><b>${className}</b></li>`)}
      </ul>
    </section>`,
  )
}

export function leavePage(at: Signed): string {
  return page(
    { ...at, title: 'Выход' },
    html`<section class="sheet">
      <h1>Выйти из журнала?</h1>
      <form method="post" action="${at.house.base}logout"><button class="button">Выйти</button></form>
      <p><a href="${at.house.base}">Остаться</a></p>
    </section>`,
  )
}

export function goodbyePage(house: House): string {
  return page(
    { house, title: 'Вы вышли' },
    html`<section class="sheet">
      <h1>Вы вышли из журнала</h1>
      <p>Вход в Госуслуги ещё открыт. На чужом компьютере закройте и его.</p>
      <p><a class="button" href="${new URL('/logout', house.bridgeUrl).href}">Выйти и из службы входа</a></p>
      <p><a href="${house.base}">Войти снова</a></p>
    </section>`,
  )
}

export function denialPage(house: House, code: DenialCode, guest?: Guest): string {
  const { heading, text } = denials[code]
  return page(
    { house, title: heading, ...(guest && { guest }) },
    html`<section class="sheet" role="alert">
      <h1>${heading}</h1>
      <p>${text}</p>
      <p><a class="button" href="${house.base}">На первую страницу журнала</a></p>
      <p class="hint">Для школы: ${code}</p>
    </section>`,
  )
}
