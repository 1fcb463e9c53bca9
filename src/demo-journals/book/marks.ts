/** Marks of every child: those that the demo begins with, and what teachers set since. */
import type { Day } from '../days.js'
import { schoolDaysBefore } from '../days.js'
import { draw, marksOf, printAverage, SUBJECTS } from '../school-life.js'

export interface Mark {
  readonly id: string
  readonly subject: string
  readonly value: number
  readonly day: Day
  readonly work: string
  /** Empty without one. */
  readonly comment: string
}

export const WORKS = ['Ответ на уроке', 'Домашняя работа', 'Проверочная работа', 'Контрольная работа'] as const
const COMMENTS: Readonly<Record<number, readonly string[]>> = {
  5: ['Прекрасный ответ, так держать.', 'Работа без единой ошибки.'],
  4: ['Хорошо, но проверяйте вычисления.', 'Почти всё верно: повторите правило.'],
  3: ['Нужно подтянуть: приходите на консультацию в среду.', 'Работа не закончена.'],
  2: ['Пересдача на следующей неделе.', 'Тема не усвоена, разберём вместе.'],
}

export type Trend = 'up' | 'down' | 'even'

export interface SubjectResult {
  readonly subject: string
  /** The oldest first. */
  readonly marks: readonly Mark[]
  /** `4,57` */
  readonly average: string
  readonly trend: Trend
}

/** A mark more or less is no trend. */
const NOTABLE = 0.25
const RECENT = 3

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** The last three against all before them. */
export function trendOf(values: readonly number[]): Trend {
  const [before, recent] = [values.slice(0, -RECENT), values.slice(-RECENT)]
  if (before.length === 0) return 'even'
  const change = mean(recent) - mean(before)
  return change >= NOTABLE ? 'up' : change <= -NOTABLE ? 'down' : 'even'
}

/** More than a school year brings. */
const MOST = 500

export class Marks {
  readonly #of = new Map<string, Mark[]>()
  readonly #today: () => Day
  #count = 0

  constructor(today: () => Day) {
    this.#today = today
  }

  /** The oldest first. */
  of(child: string): readonly Mark[] {
    const marks = this.#of.get(child) ?? this.#begin(child)
    this.#of.set(child, marks)
    return marks
  }

  find(child: string, id: string): Mark | undefined {
    return this.of(child).find(mark => mark.id === id)
  }

  /** @param value 2 to 5 */
  add(child: string, mark: Omit<Mark, 'id' | 'day'>): Mark {
    this.#count += 1
    const whole = { ...mark, id: `set-${this.#count}`, day: this.#today() }
    const marks = [...this.of(child), whole]
    this.#of.set(child, marks.slice(-MOST))
    return whole
  }

  /** @returns whether there was such a mark of this subject */
  remove(child: string, id: string, subject: string): boolean {
    const left = this.of(child).filter(mark => mark.id !== id || mark.subject !== subject)
    const found = left.length < this.of(child).length
    this.#of.set(child, left)
    return found
  }

  results(child: string): readonly SubjectResult[] {
    return SUBJECTS.map(subject => {
      const marks = this.of(child).filter(mark => mark.subject === subject)
      const values = marks.map(({ value }) => value)
      const average = values.length === 0 ? '–' : printAverage(values)
      return { subject, marks, average, trend: trendOf(values) }
    })
  }

  average(child: string): string {
    return printAverage(this.of(child).map(({ value }) => value))
  }

  /** The newest first, with a comment. */
  commented(child: string): readonly Mark[] {
    return [...this.of(child)].reverse().filter(({ comment }) => comment !== '')
  }

  #begin(child: string): Mark[] {
    const all = marksOf(child).flatMap(({ subject, marks }) => this.#subject(child, subject, marks))
    return all.sort((a, b) => a.day - b.day)
  }

  #subject(child: string, subject: string, values: readonly number[]): Mark[] {
    const days = schoolDaysBefore(this.#today() - 1, 40)
    return values.map((value, i) => {
      const seed = `${child} ${subject} ${i}`
      const comments = COMMENTS[value] ?? []
      const commented = draw(`${seed} comment`, 5) === 0
      return {
        id: `m-${SUBJECTS.indexOf(subject)}-${i}`,
        subject,
        value,
        day: days[(values.length - 1 - i) * 4 + draw(`${seed} day`, 4)]!,
        work: WORKS[draw(`${seed} work`, WORKS.length)]!,
        comment: commented ? (comments[draw(`${seed} words`, comments.length)] ?? '') : '',
      }
    })
  }
}
