import type { Support } from '../../words/school.js'
import { html, type Hole, type Html } from './html.js'

/** Digits and a leading plus: what a telephone dials. `+7 (495) 123-45-67, доб. 12` dials up to the comma. */
function dial(phone: string): string {
  const number = phone.split(/[,;]|доб|ext/u)[0] ?? ''
  return `${number.trim().startsWith('+') ? '+' : ''}${number.replace(/\D/g, '')}`
}

const phoneLink = (phone: string): Html => html`<a href="tel:${dial(phone)}">${phone}</a>`
const mailLink = (email: string): Html => html`<a href="mailto:${email}">${email}</a>`

/** `+7 …, help@school.example, пн–пт 9:00–17:00` in one line. @returns undefined when nothing is known */
export function contactLine(support: Support): Html | undefined {
  const known: Hole[] = [
    support.phone !== undefined && phoneLink(support.phone),
    support.email !== undefined && mailLink(support.email),
    support.hours,
  ].filter(part => part !== undefined && part !== false)
  return known.length === 0 ? undefined : html`${known.map((part, i) => [i > 0 && ', ', part])}`
}

/** The same as a list with names, for pages on which the telephone is what people came for. */
export function contactCard(title: string, support: Support): Html | undefined {
  if (contactLine(support) === undefined) return undefined
  return html`<address class="contact">
    <p class="contact-name">${title}</p>
    ${support.phone !== undefined && html`<p class="contact-phone">${phoneLink(support.phone)}</p>`}
    ${support.email !== undefined && html`<p>${mailLink(support.email)}</p>`}
    ${support.hours !== undefined && html`<p>${support.hours}</p>`}
  </address>`
}
