/** What people are told about clocks. Only the difference is known: whose clock is wrong cannot be seen from here. */
import type { Refusal } from '../../base/refusal.js'

/** Seconds below which clocks count as equal. */
const WORTH_SAYING = 30

/** `4 мин`, `45 с`, `2 ч 5 мин`. */
export function span(seconds: number): string {
  const whole = Math.abs(Math.round(seconds))
  if (whole < 60) return `${whole} с`
  const minutes = Math.round(whole / 60)
  if (minutes < 60) return `${minutes} мин`
  const rest = minutes % 60
  return `${Math.floor(minutes / 60)} ч${rest === 0 ? '' : ` ${rest} мин`}`
}

/** @param seconds positive: the IdP's clock is ahead of ours */
const apart = (seconds: number): string =>
  `Часы Госуслуг и этого сайта расходятся на ${span(seconds)}: по часам Госуслуг сейчас ${seconds > 0 ? 'позже' : 'раньше'}. ` +
  'Чьи часы ошибаются, отсюда не видно, это выяснит поддержка.'

/** @returns a sentence for a refusal that a wrong clock may have caused */
export function clocksApart({ code, facts }: Refusal): string | undefined {
  const { drift, usualDrift } = facts
  if (typeof drift !== 'number') return undefined
  if (code === 'saml.not-yet-valid') return drift >= WORTH_SAYING ? apart(drift) : undefined
  if (code !== 'saml.expired' && code !== 'saml.too-old') return undefined
  if (typeof usualDrift !== 'number')
    return `По нашим часам этот ответ составлен ${span(drift)} назад. Либо он так долго шёл к нам, либо часы расходятся.`
  return Math.abs(usualDrift) >= WORTH_SAYING
    ? apart(usualDrift)
    : `По нашим часам этот ответ составлен ${span(drift)} назад, а часы у нас и на Госуслугах совпадают: ответ просто опоздал.`
}

/** @returns a line for school IT; undefined while too few answers were measured */
export const measuredClocks = (drift: { seconds: number; answers: number } | undefined): string | undefined =>
  drift &&
  (Math.abs(drift.seconds) < WORTH_SAYING
    ? `Часы поставщика и этого сайта идут вместе: разница ${span(drift.seconds)} (медиана по ответам: ${drift.answers}).`
    : `Часы поставщика ${drift.seconds > 0 ? 'впереди' : 'позади'} наших на ${span(drift.seconds)} ` +
      `(медиана по ответам: ${drift.answers}). Проверьте синхронизацию времени (NTP) на своей стороне, потом напишите им.`)
