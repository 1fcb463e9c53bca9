/** Applications of parents, and what the school decides about them. */
import { html, type Html } from '../html.js'
import { APPLICATIONS, type Application } from '../book/papers.js'
import { printDate } from '../days.js'
import { childLine, Complaint, form, mustBe, sectionPage, select, textArea, wordsOf, type At, type Room } from './room.js' // prettier-ignore

const lines = (papers: readonly Application[], more: (paper: Application) => Html | false): Html =>
  papers.length === 0
    ? html`<p>Заявлений пока нет.</p>`
    : html`<ul class="lines">
        ${papers.map(paper => html`<li><b>${paper.kind}</b>, ${printDate(paper.day)}: ${paper.state}<br />${paper.childName}. ${paper.text}${more(paper)}</li>`)}
      </ul>`

function parentPart(at: At): Html {
  const own = at.book.papers.applications(({ login, school }) => login === at.visit.login && school === at.visit.school)
  return html`<section class="sheet">
      <h1>Заявления</h1>
      ${childLine(at.child)}
      ${form(at, 'applications', 'apply', html`${select('kind', 'О чём', APPLICATIONS.map(kind => [kind, kind]))} ${textArea('text', 'Подробности')}
        <button class="button">Подать заявление</button>`)}
    </section>
    <section class="sheet">
      <h2>Поданные</h2>
      ${lines(own, () => false)}
    </section>` // prettier-ignore
}

function decision(at: At, { id, state, kind, childName }: Application): Html | false {
  if (state !== 'на рассмотрении') return false
  const button = (value: string, title: string): Html =>
    html`<button class="link" name="state" value="${value}">${title}: ${kind}, ${childName}</button>`
  return form(at, 'applications', 'decide', html`<input type="hidden" name="application" value="${id}" />${button('удовлетворено', 'Удовлетворить')} ${button('отклонено', 'Отклонить')}`) // prettier-ignore
}

const adminPart = (at: At): Html =>
  html`<section class="sheet">
    <h1>Заявления родителей</h1>
    ${lines(
      at.book.papers.applications(({ school }) => school === at.visit.school),
      paper => html`<br />${paper.from}${decision(at, paper)}`,
    )}
  </section>`

export const applicationsRoom: Room = {
  page: at => sectionPage(at, 'applications', at.visit.role === 'parent' ? parentPart(at) : adminPart(at)),
  deeds: {
    apply: {
      roles: ['parent'],
      run: (at, form) => {
        const kind = form('kind')
        if (!(APPLICATIONS as readonly string[]).includes(kind)) throw new Complaint('Выберите, о чём заявление.')
        const { school, login } = at.visit
        const text = wordsOf(form, 'text', 'подробности')
        at.book.papers.apply({ school, login, from: at.guest.name, childName: at.child.name, kind, text })
        return 'done=1'
      },
    },
    decide: {
      roles: ['school-admin'],
      run: (at, form) => {
        const state = form('state') === 'удовлетворено' ? 'удовлетворено' : 'отклонено'
        mustBe(at.book.papers.decide(at.visit.school, form('application'), state))
        return 'done=1'
      },
    },
  },
}
