/** Notices of moved lessons, tests and meetings, and official ones that want to be read. */
import { html, type Html } from '../html.js'
import type { Notice } from '../book/papers.js'
import { printDate } from '../days.js'
import { form, mustBe, sectionPage, textArea, wordsOf, type At, type Room } from './room.js'

export const noticeText = ({ text, from, day }: Pick<Notice, 'text' | 'from' | 'day'>): Html =>
  html`<p>${text}</p>
    <p class="hint">${from}, ${printDate(day)}</p>`

function acknowledge(at: At, { id, kind, title }: Notice): Html | false {
  const { visit, book } = at
  if (kind !== 'официально' && kind !== 'собрание') return false
  if (visit.role === 'school-admin')
    return html`<p class="hint">Ознакомились: ${book.papers.readers(visit.school, id)}</p>`
  if (book.papers.hasRead(visit.school, id, visit.login)) return html`<p class="hint">Вы ознакомились.</p>`
  return form(at, 'notices', 'read', html`<input type="hidden" name="notice" value="${id}" /><button class="link">Ознакомлен: ${title}</button>`) // prettier-ignore
}

const article = (at: At, notice: Notice): Html =>
  html`<article>
    <h2>${notice.title} <span class="kind">${notice.kind}</span></h2>
    ${noticeText(notice)} ${acknowledge(at, notice)}
  </article>`

const publish = (at: At): Html =>
  html`<section class="sheet">
    <h2>Новое официальное уведомление</h2>
    ${form(at, 'notices', 'publish', html`<label for="title">Заголовок</label><input id="title" name="title" maxlength="100" required />${textArea('text', 'Текст')}<button class="button">Опубликовать</button>`)}
  </section>` // prettier-ignore

export const noticesRoom: Room = {
  page: at =>
    sectionPage(
      at,
      'notices',
      html`<section class="sheet">
          <h1>Объявления</h1>
          ${at.book.papers.notices(at.visit.school).map(notice => article(at, notice))}
        </section>
        ${at.visit.role === 'school-admin' && publish(at)}`,
    ),
  deeds: {
    read: {
      roles: ['parent', 'pupil', 'teacher', 'class-teacher'],
      run: (at, form) => {
        mustBe(at.book.papers.acknowledge(at.visit.school, form('notice'), at.visit.login))
        return 'done=1'
      },
    },
    publish: {
      roles: ['school-admin'],
      run: (at, form) => {
        const title = wordsOf(form, 'title', 'заголовок').slice(0, 100)
        at.book.papers.publish(at.visit.school, { title, text: wordsOf(form, 'text', 'текст'), from: 'Администрация школы' }) // prettier-ignore
        return 'done=1'
      },
    },
  },
}
