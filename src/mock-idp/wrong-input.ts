/** What people did wrong, as the page says it: what happened, and what to do. */
import type { Instant } from '../base/clock.js'

export class WrongInput extends Error {
  override readonly name = 'WrongInput'
}

export const WRONG_PASSWORD =
  'Неверный логин или пароль. Проверьте, что набираете их на той же раскладке, и попробуйте ещё раз.'
export const WRONG_PIN =
  'Подпись не принята: нет такого носителя или PIN неверен. После трёх неверных PIN носитель закрывается; войдите паролем.'
export const WRONG_CODE = 'Код неверный. Проверьте цифры и попробуйте ещё раз.'
export const CODE_EXPIRED = 'Код устарел. Мы сделали новый, введите его.'
export const CODE_REPLACED = 'Этот код уже заменён другим. Введите последний, который пришёл.'
export const CODE_SPENT = 'Слишком много неверных кодов. Мы сделали новый, введите его.'
export const CODE_WAITING = 'В приложении ещё не ответили. Нажмите там «Это я» и вернитесь сюда.'
export const CODE_DENIED =
  'В приложении ответили «Это не я», вход прекращён. Если это были вы, войдите снова; если нет, смените пароль.'

/** `14:05`, as clocks in Moscow show it. */
export const clockText = (at: Instant): string =>
  new Intl.DateTimeFormat('ru-RU', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Moscow' }).format(at)

/** `29 ноября в 14:05`. */
export const dayText = (at: Instant): string =>
  `${new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', timeZone: 'Europe/Moscow' }).format(at)} в ${clockText(at)}`

export function lockedText(until: Instant, now: Instant): string {
  const minutes = Math.ceil((until - now) / 60_000)
  return `Слишком много неверных паролей, вход закрыт до ${clockText(until)} (ещё ${minutes} мин). Подождите или восстановите пароль: ссылка ниже.`
}
