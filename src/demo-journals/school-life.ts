/** Marks, lessons and notices, drawn from the child's code: the same child always has the same ones. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import { dayOf, printDate, weekdayOf } from './days.js'

export const SUBJECTS = ['Русский язык', 'Литература', 'Математика', 'Окружающий мир', 'История', 'Биология', 'Английский язык', 'Информатика', 'Физкультура', 'Музыка'] // prettier-ignore
const TEACHERS = [
  'Смирнова\u00a0О.\u00a0В.',
  'Кузнецов\u00a0П.\u00a0А.',
  'Попова\u00a0Л.\u00a0И.',
  'Васильев\u00a0Д.\u00a0С.',
  'Фёдорова\u00a0Н.\u00a0Ю.',
] // initials never part
const BELLS = ['8:30', '9:25', '10:25', '11:25', '12:20', '13:15']
const WEEKDAYS = ['Понедельник', 'Вторник', 'Среда', 'Четверг', 'Пятница']

/** @returns a number from 0 to `below` - 1, always the same for the same text */
export function draw(text: string, below: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE() % below
}

export interface SubjectMarks {
  readonly subject: string
  readonly marks: readonly number[]
  /** `4,57` */
  readonly average: string
}

export function marksOf(child: string): readonly SubjectMarks[] {
  return SUBJECTS.map(subject => {
    const count = 4 + draw(`${child} ${subject} count`, 5)
    const marks = Array.from(
      { length: count },
      (_, i) => [5, 4, 5, 3, 4, 5, 4, 2][draw(`${child} ${subject} ${i}`, 8)]!,
    )
    return { subject, marks, average: printAverage(marks) }
  })
}

/** `4,57` */
export const printAverage = (marks: readonly number[]): string =>
  (marks.reduce((sum, mark) => sum + mark, 0) / marks.length).toFixed(2).replace('.', ',')

export interface Lesson {
  readonly at: string
  readonly subject: string
  readonly room: string
  readonly teacher: string
}
export interface SchoolDay {
  readonly weekday: string
  /** `24 ноября` */
  readonly date: string
  readonly today: boolean
  readonly lessons: readonly Lesson[]
}

/** @param weeks 0 is the week of `now`, 1 the next; from Saturday on, the coming week counts as this one */
export function timetableOf(child: string, now: Instant, weeks: number): readonly SchoolDay[] {
  const today = dayOf(now)
  const weekday = weekdayOf(today)
  const monday = today - weekday + (weekday >= 5 ? 7 : 0) + weeks * 7
  return WEEKDAYS.map((name, day) => ({
    weekday: name,
    date: printDate(monday + day),
    today: monday + day === today,
    lessons: Array.from({ length: 4 + draw(`${child} ${name}`, 3) }, (_, i) => lesson(`${child} ${name} ${i}`, i)),
  }))
}

function lesson(seed: string, i: number): Lesson {
  const subject = draw(seed, SUBJECTS.length)
  return {
    at: BELLS[i]!,
    subject: SUBJECTS[subject]!,
    room: String(101 + draw(`${seed} room`, 3) * 100 + subject),
    teacher: madeUpTeacher(SUBJECTS[subject]!),
  }
}

/** Whom the timetable names where the school's list has nobody. */
export const madeUpTeacher = (subject: string): string => TEACHERS[SUBJECTS.indexOf(subject) % TEACHERS.length] ?? ''

export const lessonsToday = (login: string, classes: readonly string[]): readonly { className: string; at: string }[] =>
  classes.map((className, i) => ({ className, at: BELLS[(i + draw(login, 3)) % BELLS.length]! }))

const TOPICS: Readonly<Record<string, string>> = { 'Русский язык': 'сложное предложение', Литература: 'рассказ и повесть', Математика: 'обыкновенные дроби', 'Окружающий мир': 'природные зоны', История: 'города и ремёсла', Биология: 'строение клетки', 'Английский язык': 'прошедшее время', Информатика: 'алгоритмы и исполнители', Физкультура: 'лыжная подготовка', Музыка: 'народные песни' } // prettier-ignore

export interface Hours {
  readonly subject: string
  /** A week. */
  readonly hours: number
  /** What is being taught now. */
  readonly topic: string
}

/** @param grade 1 to 11 */
export const hoursOf = (grade: number): readonly Hours[] =>
  SUBJECTS.map(subject => ({
    subject,
    hours: 1 + draw(`${subject} hours`, 4) + (grade >= 5 ? draw(`${subject} ${grade}`, 2) : 0),
    topic: TOPICS[subject] ?? '',
  }))
