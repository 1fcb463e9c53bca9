/** When a class teacher may be met: two afternoons a week, and who has taken which time. */
import { weekdayOf, type Day } from '../days.js'

export interface Slot {
  /** `20786-17:00` */
  readonly id: string
  readonly day: Day
  readonly at: string
}

export interface Booking {
  readonly slot: Slot
  readonly login: string
  readonly parent: string
  readonly childName: string
  readonly confirmed: boolean
}

const HOURS = ['16:00', '16:20', '16:40', '17:00']
const WEEKDAYS = [1, 3]
const AHEAD = 14

/** The next two weeks, from tomorrow on. */
export function slotsFrom(today: Day): readonly Slot[] {
  const days = Array.from({ length: AHEAD }, (_, i) => today + 1 + i).filter(day => WEEKDAYS.includes(weekdayOf(day)))
  return days.flatMap(day => HOURS.map(at => ({ id: `${day}-${at}`, day, at })))
}

export class Appointments {
  /** By teacher and slot. */
  readonly #taken = new Map<string, Booking>()
  readonly #today: () => Day

  constructor(today: () => Day) {
    this.#today = today
  }

  /** @param teacher school and login */
  bookings(teacher: string): readonly Booking[] {
    const today = this.#today()
    const own = [...this.#taken].filter(([key]) => key.startsWith(`${teacher}|`)).map(([, booking]) => booking)
    return own.filter(({ slot }) => slot.day >= today).sort((a, b) => a.slot.id.localeCompare(b.slot.id))
  }

  free(teacher: string): readonly Slot[] {
    return slotsFrom(this.#today()).filter(({ id }) => !this.#taken.has(`${teacher}|${id}`))
  }

  /** Whoever comes first; a family holds one time. @returns whether it was free */
  take(teacher: string, slotId: string, who: Omit<Booking, 'slot' | 'confirmed'>): boolean {
    const slot = this.free(teacher).find(({ id }) => id === slotId)
    if (!slot) return false
    this.cancel(teacher, who.login)
    this.#taken.set(`${teacher}|${slot.id}`, { slot, ...who, confirmed: false })
    return true
  }

  cancel(teacher: string, login: string): boolean {
    const own = this.bookings(teacher).find(booking => booking.login === login)
    return own !== undefined && this.#taken.delete(`${teacher}|${own.slot.id}`)
  }

  confirm(teacher: string, slotId: string): boolean {
    const key = `${teacher}|${slotId}`
    const booking = this.#taken.get(key)
    if (booking) this.#taken.set(key, { ...booking, confirmed: true })
    return booking !== undefined
  }
}
