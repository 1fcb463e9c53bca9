/** Marks, lessons and notices, drawn from the child's code: the same child always has the same ones. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'

const DAY = 24 * 60 * 60_000
const SUBJECTS = ['Русский язык', 'Литература', 'Математика', 'Окружающий мир', 'История', 'Биология', 'Английский язык', 'Информатика', 'Физкультура', 'Музыка'] // prettier-ignore
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
function draw(text: string, below: number): number {
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

export const averageOf = (subjects: readonly SubjectMarks[]): string =>
  printAverage(subjects.flatMap(({ marks }) => marks))

const printAverage = (marks: readonly number[]): string =>
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
  // Schools of Moscow time, three hours ahead of UTC all the year round.
  const today = Math.floor((now + 3 * 60 * 60_000) / DAY)
  const weekday = (today + 3) % 7 // 1970-01-01 was a Thursday
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
    teacher: TEACHERS[subject % TEACHERS.length]!,
  }
}

const printDate = (day: number): string =>
  new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(day * DAY))

export interface Notice {
  readonly date: string
  readonly from: string
  readonly title: string
  readonly text: string
}

export function noticesOf(school: string, now: Instant): readonly Notice[] {
  const today = Math.floor((now + 3 * 60 * 60_000) / DAY)
  const hour = 17 + draw(school, 3)
  return [
    { date: printDate(today), from: 'Администрация школы', title: 'Родительское собрание', text: `В четверг в ${hour}:30 ждём вас в актовом зале. Вход с паспортом.` },
    { date: printDate(today - 1), from: 'Классный руководитель', title: 'Перенос урока', text: 'Физкультура в пятницу пройдёт вторым уроком. Возьмите сменную обувь.' },
    { date: printDate(today - 4), from: 'Библиотека', title: 'Учебники', text: 'Новые рабочие тетради по математике можно забрать до конца недели.' },
  ] // prettier-ignore
}

export const lessonsToday = (login: string, classes: readonly string[]): readonly { className: string; at: string }[] =>
  classes.map((className, i) => ({ className, at: BELLS[(i + draw(login, 3)) % BELLS.length]! }))

/** Pupils of a class, for the teacher's list. */
export const sizeOf = (className: string): number => 18 + draw(className, 12)
