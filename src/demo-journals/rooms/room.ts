/** What a section is made of: a page, the deeds that are done on it, and by whom. */
import type { Instant } from '../../base/clock.js'
import type { Book } from '../book/book.js'
import { Denial } from '../denials.js'
import { html, type Html } from '../html.js'
import { page, type Guest } from '../layout.js'
import type { Visit } from '../memory.js'
import type { House } from '../options.js'
import type { People, Pupil, Teacher } from '../people.js'
import { sections, type Section } from '../sections.js'

/** Where somebody stands: everything that a page or a deed may look at. */
export interface At {
  readonly house: House
  readonly guest: Guest
  readonly visit: Visit
  readonly people: People
  readonly book: Book
  readonly child: Pupil
  /** The child's name in the book: two schools may use the same code. */
  readonly childId: string
  readonly now: Instant
  /** Empty without one. */
  readonly query: (name: string) => string
  /** Goes into every form. */
  readonly token: string
  /** What was wrong with the form that was just sent. */
  readonly wrong?: string
  readonly turnTo: (child: string) => void
}

/** @returns the value of a field, trimmed; empty without one */
export type Form = (name: string) => string

export interface Deed {
  readonly roles: readonly string[]
  /** @returns what stands behind `?` of the page that is shown then @throws Denial, Complaint */
  readonly run: (at: At, form: Form) => string | undefined
}

export interface Room {
  readonly page: (at: At) => string
  readonly deeds?: Readonly<Record<string, Deed>>
  /** Something to download, if the address asks for it. */
  readonly file?: (at: At) => { readonly name: string; readonly text: string } | undefined
}

/** The form was filled in wrongly: the page is shown again and says so. */
export class Complaint extends Error {
  override readonly name = 'Complaint'
}

export const bookName = (school: string, key: string): string => `${school}:${key}`

/** The frame of a section's page, with what happened just before. */
export function sectionPage(at: At, here: Section, main: Html): string {
  const { house, guest, wrong } = at
  const said =
    wrong !== undefined
      ? html`<p class="sheet complaint" role="alert">${wrong}</p>`
      : at.query('done') !== '' && html`<p class="sheet done" role="status">Готово.</p>`
  return page({ house, guest, here, title: sections[here].title }, html`${said}${main}`)
}

export const childLine = ({ name, className }: Pupil): Html =>
  html`<p class="child"><strong>${name}</strong>${className && html`, ${className}`}</p>`

/** @param deed one of the room's */
export const form = (at: At, section: Section, deed: string, body: Html): Html =>
  html`<form class="form" method="post" action="${at.house.base}${section}">
    <input type="hidden" name="token" value="${at.token}" /><input type="hidden" name="deed" value="${deed}" />
    ${body}
  </form>`

export const select = (name: string, label: string, options: readonly (readonly [string, string])[], id = name): Html =>
  html`<label for="${id}">${label}</label>
    <select id="${id}" name="${name}">
      ${options.map(([value, title]) => html`<option value="${value}">${title}</option>`)}
    </select>`

export const LONGEST = 1_000

export const textArea = (name: string, label: string, id = name): Html =>
  html`<label for="${id}">${label}</label>
    <textarea id="${id}" name="${name}" rows="3" maxlength="${LONGEST}" required></textarea>`

/** @throws Complaint when it is empty or too long */
export function wordsOf(form: Form, name: string, what: string): string {
  const words = form(name)
  if (words === '') throw new Complaint(`Напишите ${what}.`)
  if (words.length > LONGEST) throw new Complaint(`Слишком длинно: уместите в ${LONGEST} знаков.`)
  return words
}

/** @throws Denial `not-yours` */
export function mustBe<T>(found: T | undefined | false): T {
  if (found === undefined || found === false) throw new Denial('not-yours')
  return found
}

export const teacherAt = ({ people, visit }: At): Teacher | undefined =>
  people.teachersOf(visit.school).find(({ login }) => login === visit.login)

/** The class teacher of the child. */
export const classTeacherOf = ({ people, visit, child }: At): Teacher | undefined =>
  people.teachersOf(visit.school).find(({ className }) => className !== undefined && className === child.className)
