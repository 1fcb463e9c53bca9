/** Paying for the school's services, played: no money, no card, no bank. */
import { html } from '../html.js'
import { BILLS } from '../book/papers.js'
import { childLine, form, mustBe, sectionPage, type Room } from './room.js'

export const paymentsRoom: Room = {
  page: at =>
    sectionPage(
      at,
      'payments',
      html`<section class="sheet">
        <h1>Оплата</h1>
        ${childLine(at.child)}
        <p>Оплата учебная: деньги не списываются, карту никто не спрашивает.</p>
        <ul class="lines">
          ${BILLS.map(
            ({ id, title, sum }) =>
              html`<li>
                <b>${title}</b>: ${sum} ₽
                ${at.book.papers.isPaid(at.childId, id) ? html`<br />Оплачено (учебно)` : form(at, 'payments', 'pay', html`<input type="hidden" name="bill" value="${id}" /><button class="link">Оплатить учебно: ${title}</button>`)}
              </li>`,
          )}
        </ul>
      </section>`,
    ),
  deeds: {
    pay: {
      roles: ['parent'],
      run: (at, form) => {
        const bill = mustBe(BILLS.find(({ id }) => id === form('bill')))
        at.book.papers.pay(at.childId, bill.id)
        return 'done=1'
      },
    },
  },
} // prettier-ignore
