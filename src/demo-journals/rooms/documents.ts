/** Papers to download, made from the book as it stands; orders of the school to read. */
import { html, type Html } from '../html.js'
import { ORDERS } from '../book/papers.js'
import { dayOf, printDate } from '../days.js'
import { childLine, sectionPage, type At, type Room } from './room.js'

interface Paper {
  readonly title: string
  readonly name: string
  readonly body: (at: At) => Html
}

const reportCard = (at: At): Html =>
  html`<table border="1" cellpadding="6">
    <caption>Табель успеваемости</caption>
    <tr><th scope="col">Предмет</th><th scope="col">Оценок</th><th scope="col">Средний балл</th></tr>
    ${at.book.marks.results(at.childId).map(({ subject, marks, average }) => html`<tr><th scope="row">${subject}</th><td>${marks.length}</td><td>${average}</td></tr>`)}
  </table>
  <p>Средний балл по всем предметам: ${at.book.marks.average(at.childId)}</p>` // prettier-ignore

const certificate = (at: At): Html =>
  html`<p>
    Справка дана в том, что ${at.child.name} обучается в ${at.child.className ?? 'одном из'} классе:
    ${at.guest.schoolTitle}.
  </p>`

const papers: Readonly<Record<string, Paper>> = {
  tabel: { title: 'Табель успеваемости', name: 'tabel.html', body: reportCard },
  spravka: { title: 'Справка об обучении', name: 'spravka.html', body: certificate },
}

const whole = (at: At, { title, body }: Paper): string =>
  html`<!doctype html>
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
      </head>
      <body>
        <h1>${title}</h1>
        <p>${at.guest.schoolTitle}. ${at.child.name}, ${at.child.className}. ${printDate(dayOf(at.now))}</p>
        ${body(at)}
        <p><em>Учебный документ, силы не имеет: оценки и люди придуманы.</em></p>
      </body>
    </html>`.text

export const documentsRoom: Room = {
  file: at => {
    const wanted = at.query('file')
    const paper = Object.hasOwn(papers, wanted) ? papers[wanted] : undefined
    return paper && { name: paper.name, text: whole(at, paper) }
  },
  page: at =>
    sectionPage(
      at,
      'documents',
      html`<section class="sheet">
          <h1>Документы</h1>
          ${childLine(at.child)}
          <ul class="lines">
            ${Object.entries(papers).map(([key, { title }]) => html`<li><a href="${at.house.base}documents?file=${key}">Скачать: ${title}</a></li>`)}
          </ul>
          <p class="hint">Учебные документы, силы не имеют.</p>
        </section>
        <section class="sheet">
          <h2>Приказы школы</h2>
          <ul class="lines">
            ${ORDERS.map(({ number, title }) => html`<li>№ ${number}. ${title}</li>`)}
          </ul>
        </section>`,
    ),
}
