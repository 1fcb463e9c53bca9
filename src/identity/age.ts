import type { Instant } from '../base/clock.js'

/** Schools of eleven time zones: a day begins and ends with Moscow's, as the IdP's and the ministry's days do. */
const dayInMoscow = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' })

/** `2026-11-29`. */
export const dayOf = (now: Instant): string => dayInMoscow.format(now)

/** Whole years on that day. Of who was born on 29 February a year is over on 1 March. */
export function ageOn(day: string, birthDate: string): number {
  const [years, before] = [Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)), day.slice(5) < birthDate.slice(5)]
  return before ? years - 1 : years
}
