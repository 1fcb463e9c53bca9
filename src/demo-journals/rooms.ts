/** Which page an open visit sees in which section. */
import type { Request } from 'express'
import { Denial } from './denials.js'
import type { Guest } from './layout.js'
import type { Visit } from './memory.js'
import type { House } from './options.js'
import { childPage, classesPage, marksPage, noticesPage, schoolPage, timetablePage } from './pages.js'
import type { People } from './people.js'
import { lessonsToday, marksOf, noticesOf, sizeOf, timetableOf } from './school-life.js'
import { maySee, roleTitle, type Section } from './sections.js'

export const guestOf = (visit: Visit, people: People): Guest => ({
  name: people.ownerOf(visit),
  role: visit.role,
  roleTitle: roleTitle(visit.role),
  schoolTitle: people.schoolTitle(visit.school),
})

/** @throws Denial `role-denied` */
export function showSection(section: Section, visit: Visit, house: House, people: People, request: Request): string {
  if (!maySee(visit.role, section)) throw new Denial('role-denied')
  const at = { house, guest: guestOf(visit, people) }
  const now = house.clock.now()
  const child = people.childOf(visit)
  switch (section) {
    case 'marks':
      return marksPage(at, child, marksOf(child.key))
    case 'timetable': {
      const next = request.query.week === 'next'
      return timetablePage(at, child, timetableOf(child.key, now, next ? 1 : 0), next)
    }
    case 'notices':
      return noticesPage(at, noticesOf(visit.school, now))
    case 'classes':
      return classesPage(at, section, classesOf(visit, people))
    case 'school':
      return schoolPage(at, section, people.classesOf(visit.school))
    case '': {
      if (visit.role === 'school-admin') return schoolPage(at, section, people.classesOf(visit.school))
      if (visit.role.endsWith('teacher')) return classesPage(at, section, classesOf(visit, people))
      const week = timetableOf(child.key, now, 0)
      const today = week.find(day => day.today) ?? week[0]
      return childPage(at, child, today, marksOf(child.key), noticesOf(visit.school, now)[0]!)
    }
  }
}

const classesOf = ({ login, school }: Visit, people: People) =>
  lessonsToday(login, people.classesOf(school)).map(lesson => ({ ...lesson, pupils: sizeOf(lesson.className) }))
