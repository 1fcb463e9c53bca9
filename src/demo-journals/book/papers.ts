/** Papers of a school: notices that want to be read, orders, applications that want an answer, and bills that are played. */
import type { Day } from '../days.js'
import { printDate } from '../days.js'
import { draw } from '../school-life.js'

export interface Notice {
  readonly id: string
  readonly day: Day
  readonly from: string
  readonly kind: 'перенос урока' | 'контрольная' | 'собрание' | 'официально' | 'библиотека'
  readonly title: string
  readonly text: string
}

export const APPLICATIONS = [
  'Отпустить с уроков',
  'Выдать справку об обучении',
  'Питание: изменить',
  'Исправить мои данные',
] as const

export interface Application {
  readonly id: string
  readonly day: Day
  readonly school: string
  readonly login: string
  readonly from: string
  readonly childName: string
  readonly kind: string
  readonly text: string
  readonly state: 'на рассмотрении' | 'удовлетворено' | 'отклонено'
}

export interface Bill {
  readonly id: string
  readonly title: string
  /** Roubles. */
  readonly sum: number
}

export const BILLS: readonly Bill[] = [
  { id: 'meals', title: 'Горячее питание, декабрь', sum: 2100 },
  { id: 'chess', title: 'Кружок «Шахматы», полугодие', sum: 1500 },
  { id: 'trip', title: 'Экскурсия в планетарий', sum: 650 },
]

export const ORDERS = [
  { number: '112-о', title: 'О режиме работы школы во втором полугодии' },
  { number: '118-о', title: 'О проведении школьного этапа олимпиады' },
  { number: '121-о', title: 'О правилах пропуска в здание' },
] as const

const MOST = 1_000

export class Papers {
  readonly #notices = new Map<string, Notice[]>()
  readonly #read = new Set<string>()
  #applications: readonly Application[] = []
  readonly #paid = new Set<string>()
  readonly #today: () => Day
  #count = 0

  constructor(today: () => Day) {
    this.#today = today
  }

  /** The newest first. */
  notices(school: string): readonly Notice[] {
    const notices = this.#notices.get(school) ?? firstNotices(school, this.#today())
    this.#notices.set(school, notices)
    return notices
  }

  publish(school: string, notice: Pick<Notice, 'title' | 'text' | 'from'>): void {
    const own = [{ ...notice, id: this.#number('n'), day: this.#today(), kind: 'официально' as const }]
    this.#notices.set(school, [...own, ...this.notices(school)].slice(0, MOST))
  }

  /** @returns whether there is such a notice */
  acknowledge(school: string, id: string, login: string): boolean {
    const known = this.notices(school).some(notice => notice.id === id)
    if (known) this.#read.add(`${school}|${id}|${login}`)
    return known
  }

  hasRead = (school: string, id: string, login: string): boolean => this.#read.has(`${school}|${id}|${login}`)

  readers = (school: string, id: string): number =>
    [...this.#read].filter(line => line.startsWith(`${school}|${id}|`)).length

  apply(paper: Omit<Application, 'id' | 'day' | 'state'>): void {
    const whole = { ...paper, id: this.#number('z'), day: this.#today(), state: 'на рассмотрении' as const }
    this.#applications = [whole, ...this.#applications].slice(0, MOST)
  }

  applications(is: (paper: Application) => boolean): readonly Application[] {
    return this.#applications.filter(is)
  }

  /** @returns whether it was waiting for a decision in this school */
  decide(school: string, id: string, state: 'удовлетворено' | 'отклонено'): boolean {
    const waits = (one: Application): boolean =>
      one.id === id && one.school === school && one.state === 'на рассмотрении'
    const found = this.#applications.some(waits)
    this.#applications = this.#applications.map(one => (waits(one) ? { ...one, state } : one))
    return found
  }

  isPaid = (child: string, bill: string): boolean => this.#paid.has(`${child}|${bill}`)

  /** No money moves. */
  pay(child: string, bill: string): void {
    this.#paid.add(`${child}|${bill}`)
  }

  #number(letter: string): string {
    this.#count += 1
    return `${letter}-${this.#count}`
  }
}

function firstNotices(school: string, today: Day): Notice[] {
  const hour = 17 + draw(school, 3)
  return [
    { id: 'n-a', day: today, from: 'Администрация школы', kind: 'собрание', title: 'Родительское собрание', text: `В четверг в ${hour}:30 ждём вас в актовом зале. Вход с паспортом.` },
    { id: 'n-b', day: today - 1, from: 'Классный руководитель', kind: 'перенос урока', title: 'Перенос урока', text: 'Физкультура в пятницу пройдёт вторым уроком. Возьмите сменную обувь.' },
    { id: 'n-c', day: today - 2, from: 'Учитель математики', kind: 'контрольная', title: 'Контрольная работа', text: `Контрольная по математике ${printDate(today + 3)}: обыкновенные дроби.` },
    { id: 'n-d', day: today - 4, from: 'Библиотека', kind: 'библиотека', title: 'Учебники', text: 'Новые рабочие тетради по математике можно забрать до конца недели.' },
    { id: 'n-e', day: today - 6, from: 'Директор школы', kind: 'официально', title: 'Расписание каникул', text: 'Зимние каникулы начинаются 30 декабря. Первый учебный день 12 января.' },
  ]
} // prettier-ignore
