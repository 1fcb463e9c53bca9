/** Days of a school in Moscow time, three hours ahead of UTC all the year round. */
import type { Instant } from '../base/clock.js'

export const DAY = 24 * 60 * 60_000

/** Whole days since 1970-01-01. */
export type Day = number

export const dayOf = (at: Instant): Day => Math.floor((at + 3 * 60 * 60_000) / DAY)

/** 0 is Monday. */
export const weekdayOf = (day: Day): number => (day + 3) % 7 // 1970-01-01 was a Thursday

export const isSchoolDay = (day: Day): boolean => weekdayOf(day) < 5

/** `24 ноября` */
export const printDate = (day: Day): string =>
  new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(day * DAY))

/** `24.11` */
export const shortDate = (day: Day): string =>
  new Intl.DateTimeFormat('ru-RU', { day: '2-digit', month: '2-digit', timeZone: 'UTC' }).format(new Date(day * DAY))

/** The last `count` school days, the newest first, today among them. */
export function schoolDaysBefore(today: Day, count: number): readonly Day[] {
  const days: Day[] = []
  for (let day = today; days.length < count; day -= 1) if (isSchoolDay(day)) days.push(day)
  return days
}
