/** All that one journal keeps while it runs. Lost with the process; the beginning is the same after every start of a day. */
import type { Clock } from '../../base/clock.js'
import { dayOf } from '../days.js'
import { Appointments } from './appointments.js'
import { Attendance } from './attendance.js'
import { Marks } from './marks.js'
import { Messages } from './messages.js'
import { Papers } from './papers.js'

export interface Book {
  readonly marks: Marks
  readonly attendance: Attendance
  readonly messages: Messages
  readonly appointments: Appointments
  readonly papers: Papers
}

export function openBook(clock: Clock): Book {
  const today = (): number => dayOf(clock.now())
  return {
    marks: new Marks(today),
    attendance: new Attendance(today),
    messages: new Messages(),
    appointments: new Appointments(today),
    papers: new Papers(today),
  }
}
