/** Marks by subject with average and trend, comments of teachers, and a question about a mark. */
import { html, type Html } from '../html.js'
import type { Mark, SubjectResult, Trend } from '../book/marks.js'
import { shortDate } from '../days.js'
import { childLine, form, mustBe, sectionPage, select, textArea, wordsOf, type At, type Room } from './room.js'
import { writeTo } from './messages.js'

const trends: Readonly<Record<Trend, readonly [string, string]>> = {
  up: ['↑', 'растёт'],
  down: ['↓', 'снижается'],
  even: ['→', 'ровно'],
}

const markSign = ({ value, work, day }: Mark): Html =>
  html`<span class="mark mark-${value}" title="${work}, ${shortDate(day)}">${value}</span> `

const row = ({ subject, marks, average, trend }: SubjectResult): Html =>
  html`<tr>
    <th scope="row">${subject}</th>
    <td>${marks.map(markSign)}</td>
    <td class="number">
      ${average}<span class="trend trend-${trend}"
        ><span aria-hidden="true">${trends[trend][0]}</span> ${trends[trend][1]}</span
      >
    </td>
  </tr>`

const table = (results: readonly SubjectResult[]): Html =>
  html`<table class="marks">
    <thead>
      <tr>
        <th scope="col">Предмет</th>
        <th scope="col">Оценки</th>
        <th scope="col">Средний балл</th>
      </tr>
    </thead>
    <tbody>
      ${results.map(row)}
    </tbody>
  </table>`

const comments = (marks: readonly Mark[]): Html =>
  html`<ul class="lines">
    ${marks.slice(0, 8).map(({ subject, value, work, day, comment }) => html`<li><b>${subject}</b>, ${work.toLowerCase()} ${shortDate(day)}, оценка ${value}<br />${comment}</li>`)}
  </ul>`

const title = ({ subject, value, work, day }: Mark): string =>
  `${subject}: ${value}, ${work.toLowerCase()}, ${shortDate(day)}`

function question(at: At): Html {
  const recent = [...at.book.marks.of(at.childId)].reverse().slice(0, 20)
  return form(at, 'marks', 'ask', html`${select('mark', 'Оценка', recent.map(mark => [mark.id, title(mark)]))} ${textArea('text', 'Что пояснить')}
    <button class="button">Спросить учителя</button>`) // prettier-ignore
}

export const marksRoom: Room = {
  page: at => {
    const { marks } = at.book
    return sectionPage(
      at,
      'marks',
      html`<section class="sheet">
          <h1>Оценки</h1>
          ${childLine(at.child)} ${table(marks.results(at.childId))}
          <p class="average">Средний балл по всем предметам <b>${marks.average(at.childId)}</b></p>
        </section>
        <section class="sheet">
          <h2>Комментарии учителей</h2>
          ${comments(marks.commented(at.childId))}
        </section>
        <section class="sheet">
          <h2>Спросить об оценке</h2>
          ${question(at)}
        </section>`,
    )
  },
  deeds: {
    ask: {
      roles: ['parent', 'pupil'],
      run: (at, form) => {
        const mark = mustBe(at.book.marks.find(at.childId, form('mark')))
        writeTo(at, mark.subject, `Об оценке «${title(mark)}»: ${wordsOf(form, 'text', 'вопрос')}`)
        return 'done=1'
      },
    },
  },
}
