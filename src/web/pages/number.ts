import { isoTime, type Instant } from '../../base/clock.js'
import { html, type Html } from './html.js'

/** How each sign of a request number is read aloud; its alphabet is in base/request-number.ts. */
const spoken: Readonly<Record<string, string>> = {
  2: 'два', 4: 'четыре', 5: 'пять', 6: 'шесть', 7: 'семь', 8: 'восемь', 9: 'девять',
  D: 'дэ', F: 'эф', G: 'гэ', J: 'йот', L: 'эль', N: 'эн', Q: 'ку', R: 'эр', S: 'эс', U: 'у', V: 'вэ', W: 'дубль-вэ', Z: 'зет',
} // prettier-ignore

/** `D7FW-2NQ9` → `дэ, семь, эф, дубль-вэ — два, эн, ку, девять`. */
export const spell = (number: string): string =>
  number
    .split('-')
    .map(group => Array.from(group, sign => spoken[sign] ?? sign).join(', '))
    .join(' — ')

const moscow = new Intl.DateTimeFormat('ru-RU', {
  timeZone: 'Europe/Moscow',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `24 ноября 2026 г. в 16:40 по московскому времени`: the zone is named, since schools live in eleven of them. */
export const moment = (at: Instant): Html =>
  html`<time datetime="${isoTime(at)}">${moscow.format(at)} по московскому времени</time>`

const short = new Intl.DateTimeFormat('ru-RU', {
  timeZone: 'Europe/Moscow',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `24 нояб. 2026 г., 16:40`: for lists; the page says once that it is Moscow time. */
export const shortMoment = (at: Instant): Html => html`<time datetime="${isoTime(at)}">${short.format(at)}</time>`

/** What is read to the school over the telephone. One click selects the whole number. */
export const numberBlock = (number: string, at: Instant): Html =>
  html`<section class="number" aria-labelledby="number-title">
    <h2 id="number-title">Номер обращения</h2>
    <p class="number-value">${number}</p>
    <p class="number-spoken">Вслух: ${spell(number)}</p>
    <p>${moment(at)}</p>
  </section>`
