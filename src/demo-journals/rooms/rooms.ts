/** Which room stands behind which section, and the door of each: who may look, and who may change what. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Book } from '../book/book.js'
import { visitCookie } from '../cookies.js'
import { Denial } from '../denials.js'
import type { Guest } from '../layout.js'
import type { Visit, Visits } from '../memory.js'
import type { House } from '../options.js'
import type { People } from '../people.js'
import { maySee, roleTitle, type Section } from '../sections.js'
import { applicationsRoom } from './applications.js'
import { attendanceRoom } from './attendance.js'
import { classesRoom } from './classes.js'
import { documentsRoom } from './documents.js'
import { homeRoom, schoolRoom } from './home.js'
import { marksRoom } from './marks.js'
import { meetingsRoom } from './meetings.js'
import { messagesRoom } from './messages.js'
import { noticesRoom } from './notices.js'
import { paymentsRoom } from './payments.js'
import { childrenRoom, profileRoom } from './people.js'
import { bookName, Complaint, type At, type Form, type Room } from './room.js'
import { curriculumRoom, timetableRoom } from './timetable.js'

export const rooms: Readonly<Record<Section, Room>> = {
  '': homeRoom,
  children: childrenRoom,
  marks: marksRoom,
  attendance: attendanceRoom,
  timetable: timetableRoom,
  curriculum: curriculumRoom,
  notices: noticesRoom,
  messages: messagesRoom,
  meetings: meetingsRoom,
  documents: documentsRoom,
  applications: applicationsRoom,
  payments: paymentsRoom,
  classes: classesRoom,
  school: schoolRoom,
  profile: profileRoom,
}

/** What the rooms of one journal share. */
export interface Inside {
  readonly house: House
  readonly people: People
  readonly book: Book
  readonly visits: Visits
}

export const guestOf = (visit: Visit, people: People): Guest => ({
  name: people.ownerOf(visit),
  role: visit.role,
  roleTitle: roleTitle(visit.role),
  schoolTitle: people.schoolTitle(visit.school),
})

/** Known to whoever has the cookie of the visit, and to nobody else. */
const formToken = (visit: string): string => createHash('sha256').update(`form ${visit}`).digest('base64url')

function standing({ house, people, book, visits }: Inside, visit: Visit, request: Request): At {
  const id = visitCookie(request, house) ?? ''
  const child = people.childOf(visit)
  return {
    ...{ house, people, book, visit, child, now: house.clock.now() },
    guest: guestOf(visit, people),
    childId: bookName(visit.school, child.key),
    query: name => {
      const value = request.query[name]
      return typeof value === 'string' ? value : ''
    },
    token: formToken(id),
    turnTo: key => visits.turnTo(id, key),
  }
}

/** @throws Denial `role-denied` */
export function showSection(
  inside: Inside,
  section: Section,
  visit: Visit,
  request: Request,
  response: Response,
): void {
  if (!maySee(visit.role, section)) throw new Denial('role-denied')
  const at = standing(inside, visit, request)
  const file = rooms[section].file?.(at)
  // with no-referrer a browser would post `Origin: null`
  response.set('Referrer-Policy', 'same-origin')
  if (file) response.attachment(file.name).type('html').send(file.text)
  else response.send(rooms[section].page(at))
}

const formOf = (request: Request): Form => {
  const body: unknown = request.body
  return name => {
    const value = typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : '' // prettier-ignore
    return typeof value === 'string' ? value.trim() : ''
  }
}

/** The form comes from a page of this visit. @throws Denial `form-foreign` */
function checkForm({ house, token }: At, form: Form, request: Request): void {
  const [own, brought] = [Buffer.from(token), Buffer.from(form('token'))]
  const { origin } = request.headers
  const ours = own.length === brought.length && timingSafeEqual(own, brought)
  if (!ours || (origin !== undefined && origin !== house.origin)) throw new Denial('form-foreign')
}

/** @throws Denial */
export function doDeed(inside: Inside, section: Section, visit: Visit, request: Request, response: Response): void {
  if (!maySee(visit.role, section)) throw new Denial('role-denied')
  const at = standing(inside, visit, request)
  const form = formOf(request)
  checkForm(at, form, request)
  const { page, deeds = {} } = rooms[section]
  const deed = Object.hasOwn(deeds, form('deed')) ? deeds[form('deed')] : undefined
  if (!deed) throw new Denial('not-found')
  if (!deed.roles.includes(visit.role)) throw new Denial('deed-denied')
  try {
    const query = deed.run(at, form)
    response.redirect(303, `${at.house.base}${section}${query === undefined ? '' : `?${query}`}`)
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    response.set('Referrer-Policy', 'same-origin')
    response.status(400).send(page({ ...at, wrong: error.message }))
  }
}
