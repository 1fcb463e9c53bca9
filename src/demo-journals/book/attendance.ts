/** Who was absent, why, and whether the class teacher has accepted the reason. */
import type { Day } from '../days.js'
import { schoolDaysBefore } from '../days.js'
import { draw } from '../school-life.js'

export const REASONS = [
  'болезнь',
  'по заявлению родителей',
  'соревнования или олимпиада',
  'семейные обстоятельства',
] as const

export interface Absence {
  readonly id: string
  readonly day: Day
  /** `весь день`, `1–2 уроки` */
  readonly lessons: string
  /** Undefined until somebody gives one. */
  readonly reason?: string
  readonly state: 'без причины' | 'ждёт подтверждения' | 'уважительная'
}

const LESSONS = ['весь день', '1-й урок', '5-й и 6-й уроки']

export class Attendance {
  readonly #of = new Map<string, readonly Absence[]>()
  readonly #today: () => Day

  constructor(today: () => Day) {
    this.#today = today
  }

  /** The newest first. */
  of(child: string): readonly Absence[] {
    const absences = this.#of.get(child) ?? this.#begin(child)
    this.#of.set(child, absences)
    return absences
  }

  /** @returns whether there was something to explain */
  explain(child: string, id: string, reason: string): boolean {
    return this.#change(child, id, 'без причины', { reason, state: 'ждёт подтверждения' })
  }

  /** @returns whether there was something to accept */
  accept(child: string, id: string): boolean {
    return this.#change(child, id, 'ждёт подтверждения', { state: 'уважительная' })
  }

  #change(child: string, id: string, from: Absence['state'], to: Partial<Absence>): boolean {
    const found = this.of(child).some(one => one.id === id && one.state === from)
    if (found) this.#of.set(child, this.of(child).map(one => (one.id === id ? { ...one, ...to } : one))) // prettier-ignore
    return found
  }

  /** One without a reason, one that waits, one that is accepted. */
  #begin(child: string): readonly Absence[] {
    const days = schoolDaysBefore(this.#today() - 1, 30)
    const absence = (i: number, more: Pick<Absence, 'state'> & Partial<Absence>): Absence => ({
      id: `a-${i}`,
      day: days[i * 8 + draw(`${child} absent ${i}`, 6)]!,
      lessons: LESSONS[draw(`${child} lessons ${i}`, LESSONS.length)]!,
      ...more,
    })
    return [
      absence(0, { state: 'без причины' }),
      absence(1, { state: 'ждёт подтверждения', reason: REASONS[3] }),
      absence(2, { state: 'уважительная', reason: REASONS[0] }),
    ]
  }
}
